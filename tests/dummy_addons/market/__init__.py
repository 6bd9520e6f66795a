"""Orders with lines: an add-on that uses what the smallest one does not."""
