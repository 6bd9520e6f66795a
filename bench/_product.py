"""The product in a process of its own: as it is, or with every check of company, permission and scope taken away."""

import json
import logging
import sys
from typing import Any

import sqlalchemy as sa
from _database import SERVER, log_in
from _pages import serve
from flask import Flask


def main(settings: str, username: str = "clerk", checks: str = "") -> None:
    """Build the app with these settings, as JSON, and answer this user's requests; 'open' takes the checks away."""
    from app.factory import create_app

    logging.disable(logging.WARNING)
    chosen = json.loads(settings)
    if checks == "open":
        address = sa.make_url(SERVER).set(
            drivername="postgresql+psycopg", database=sa.make_url(chosen["DATABASE_URL"]).database
        )
        chosen |= {"DATABASE_URL": address.render_as_string(hide_password=False), "DATABASE_OWNER_URL": ""}
    app = create_app(**chosen)
    client = log_in(app, username)
    if checks == "open":
        _open(app)
    serve(client)


def _open(app: Flask) -> None:
    """Take away both walls, the membership check, the gate of add-ons, permissions and record scope."""
    from app.crud import listing
    from app.database import isolation, row_security
    from app.database.context import remember_company
    from app.security import manager
    from app.security.scope import Reach
    from app.web import edge

    for name, listener in (
        ("do_orm_execute", isolation._on_execute),  # noqa: SLF001
        ("before_flush", isolation._before_flush),  # noqa: SLF001
        ("before_attach", isolation._before_attach),  # noqa: SLF001
        ("after_begin", row_security._on_begin),  # noqa: SLF001
    ):
        sa.event.remove(isolation.CompanySession, name, listener)
    for name in ("load", "refresh"):
        sa.event.remove(isolation.CompanyModel, name, isolation._check_loaded)  # noqa: SLF001

    def enter() -> None:
        remember_company(1)

    functions = app.before_request_funcs[None]
    functions[functions.index(edge.enter_company)] = enter
    functions.remove(edge.close_disabled_addons)
    everything = _everything(app)
    patches: dict[Any, dict[str, Any]] = {
        listing: {"reach_of": lambda *_arguments, **_options: Reach(everything=True)},
        manager: {"is_open": lambda _resource: True},
        manager.SecurityManager: {
            "granted": lambda *_arguments: everything,
            "is_granted": lambda *_arguments: True,
            "has_access": lambda *_arguments: True,
        },
    }
    for owner, replaced in patches.items():
        for name, function in replaced.items():
            setattr(owner, name, function)


def _everything(app: Flask) -> frozenset[tuple[str, str]]:
    """Return what the clerk is granted, so that the open side shows the same menu."""
    from app.security.permissions import EVERYBODY, permission_cache

    with app.app_context():
        grants = permission_cache().get()
        return grants.of_role[grants.names["parcels_clerk"]] | EVERYBODY


if __name__ == "__main__":
    main(*sys.argv[1:])
