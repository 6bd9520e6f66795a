"""Many records of a list on paper: one file, and each marked as printed by its own step."""
