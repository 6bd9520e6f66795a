"""The platform. It knows no add-on."""

from app import extensions  # noqa: F401  # First, so that constraints are named before FAB's tables are declared.
