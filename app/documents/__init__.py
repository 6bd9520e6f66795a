"""What every document has: a number, a place in the registry, links to others, and comments."""
