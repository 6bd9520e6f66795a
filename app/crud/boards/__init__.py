"""Lists shown as boards: the same records, filters and rights, in columns of cards."""
