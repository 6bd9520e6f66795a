"""What changes a database as its owner."""
