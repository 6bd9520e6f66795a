"""Data cleaning: old records are chosen, shown, archived, deleted together, and can be put back (S:CORE-15)."""
