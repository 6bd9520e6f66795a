"""Refusals."""

from app.errors import AppError, Conflict, Duplicate, NotAllowed, NotFound, Text, ValidationError

__all__ = ["AppError", "Conflict", "Duplicate", "NotAllowed", "NotFound", "Text", "ValidationError"]
