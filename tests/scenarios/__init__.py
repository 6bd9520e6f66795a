"""Business stories from beginning to end."""
