"""Refusals."""

from app.errors import AppError, ConfigurationError, Conflict, Duplicate, NotAllowed, NotFound, Text, ValidationError

__all__ = [
    "AppError",
    "ConfigurationError",
    "Conflict",
    "Duplicate",
    "NotAllowed",
    "NotFound",
    "Text",
    "ValidationError",
]
