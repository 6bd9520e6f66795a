"""The public API of the platform. What is not here is private and may change without notice."""
