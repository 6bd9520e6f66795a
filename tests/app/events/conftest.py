"""The kernels' small application."""

from tests.app.jobs.kernels import (
    app,
    database_url,
    notes_of,
    postgresql_database,
    run_in,
    settings,
    sqlite_template,
    world,
)

__all__ = ["app", "database_url", "notes_of", "postgresql_database", "run_in", "settings", "sqlite_template", "world"]
