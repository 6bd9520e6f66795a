"""Feedback: users report faults and ask for improvements; whoever runs the system answers (S:CORE-21, S:CORE-25)."""
