"""Lists shown as calendars: the same records, filters and rights, on the days on which they happen."""
