"""Announcements: what the company, or some of its units, tells those who work there (S:CORE-12)."""
