"""Looking at all rows of a database past the models, and emptying it."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.engine import Engine

from app.addon_loader.rows import read_rows
from app.database.row_security import read_every_company
from tests.databases import Database


def told_rows(engine: Engine) -> dict[str, list[Any]]:
    """Return every row of every table in the wording that both databases share, columns by name."""
    found = {}
    with engine.begin() as connection:
        read_every_company(connection)
        for table in sa.inspect(connection).get_table_names():
            columns = sorted(column["name"] for column in sa.inspect(connection).get_columns(table))
            found[table] = list(read_rows(connection, table, columns=columns))
    return found


def counted(engine: Engine) -> dict[str, int]:
    """Return the number of rows of every table."""
    return {table: len(rows) for table, rows in told_rows(engine).items()}


def make_empty(installation: Database, engine: Engine) -> None:
    """Leave no table, as on a new machine."""
    engine.dispose()
    installation.forget()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{installation.folder}/data/zhanggui.sqlite{suffix}").unlink(missing_ok=True)
    installation.create()


def add_customer(installation: Database, phone: str, app: Flask | None = None) -> int:
    """Put a customer on file, as ann does; return the id."""
    from app.database.session import as_company, commit, session
    from app.masterdata.partners import PartnerDetails, create_partner

    with (app or installation.app).app_context(), as_company(installation.facts["one"]):
        details = PartnerDetails(name="李 Customer", phone=phone)
        made = create_partner(details, actor=session.get_one(User, installation.facts["users"]["ann"]))
        made_id = made.id
        commit()
        return made_id


_RUN = """INSERT INTO backups_run (ok, started_at, finished_at, size, rows, files)
    VALUES (true, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, 0, 0) RETURNING id"""


def next_id(engine: Engine, *, kept: bool) -> int:
    """Return the id that a new row gets, which is deleted again unless it is kept."""
    with engine.begin() as connection:
        given = int(connection.scalar(sa.text(_RUN)))
        if not kept:
            connection.execute(sa.text(f"DELETE FROM backups_run WHERE id = {given}"))
    return given
