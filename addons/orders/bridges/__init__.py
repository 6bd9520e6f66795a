"""What orders does with optional add-ons."""
