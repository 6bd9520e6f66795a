"""Confirmed fields: refused on every ordinary way in, and changed by an approved request (S:CORE-10)."""
