"""Hooks security into the application."""

from flask import Flask


def install_security(app: Flask) -> None:
    """Hook in. Call it after AppBuilder.init_app and before the web edge: `g.user` must be known first."""
