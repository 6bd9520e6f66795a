"""A bonus for every confirmed visit: an add-on that depends on another."""
