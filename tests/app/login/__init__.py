"""Logging in by an identity provider and by a directory, both real servers on this machine."""
