"""Who may do what: log-in, roles per company, record scope, masking, and the walls around every request."""
