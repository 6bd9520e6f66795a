"""Change requests: what was confirmed changes only by a request that somebody responsible approved (S:CORE-10)."""
