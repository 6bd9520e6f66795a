"""Base models, column types, the session, and both walls between companies."""
