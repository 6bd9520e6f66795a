"""Inserting the rows of a cleaning's archive again, under their old ids."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from app.addon_loader.archive import ArchivedTable, ArchiveReader
from app.addon_loader.rows import BATCH, Row, column_types, write_rows
from app.audit import record_bulk
from app.cleaning.backup import CleaningContents, folder_of_archives
from app.crud.columns import class_of_table
from app.database.base import CompanyModel
from app.database.context import active_company
from app.database.isolation import forget_company_rows
from app.database.refusals import refusal_of
from app.database.session import db, session
from app.errors import ConfigurationError, Conflict
from app.i18n import _
from app.jobs import Progress
from app.masterdata.models import Partner
from app.search.declaration import declaration_of
from app.search.indexing import index_records

_DAMAGED = _("The archive of this cleaning is missing or damaged.")
_OTHER_TABLES = _("The tables have changed since: this archive does not fit any more.")


def insert_archived(name: str, *, since: dt.datetime, progress: Progress) -> None:
    """Insert what the archive of this name holds, and put its files back.

    Raises Conflict, and nothing may be kept of it, where a unique value was taken meanwhile, what a record points at is
    gone, the archive does not fit, or somebody in it was erased `since` (R2, R5, P:CRM-22).
    """
    try:
        with ArchiveReader(folder_of_archives() / name, CleaningContents) as archive:
            archive.verify()
            _check_fit(archive)
            models = _put_tables(archive, progress)
            for one in archive.contents.files:
                archive.put_file(Path(current_app.config["DATA_FOLDER"]), one.path)
    except ConfigurationError as error:
        raise Conflict("clean.archive", _DAMAGED) from error
    except IntegrityError as error:
        raise refusal_of(error) from error
    for model, ids in models.values():
        _refuse_erased(model, ids, since=since)
    _catch_up(list(models.values()), progress)


def _check_fit(archive: ArchiveReader[CleaningContents]) -> None:
    contents, connection = archive.contents, session.connection()
    there = set(sa.inspect(connection).get_table_names())
    fits = contents.database == connection.dialect.name and all(
        one.name in there and set(one.columns) <= set(column_types(connection, one.name)) for one in contents.tables
    )
    if not fits:
        raise Conflict("clean.tables", _OTHER_TABLES)


def _put_tables(
    archive: ArchiveReader[CleaningContents], progress: Progress
) -> dict[str, tuple[type[CompanyModel], list[int]]]:
    """Insert the rows of all tables; return the model of each and their ids."""
    found, done, total = {}, 0, sum(one.rows for one in archive.contents.tables)
    for one in archive.contents.tables:
        progress(done, total, _("Putting back"))
        found[one.name] = _put_table(archive, one)
        done += one.rows
    return found


def _put_table(archive: ArchiveReader[CleaningContents], table: ArchivedTable) -> tuple[type[CompanyModel], list[int]]:
    """Insert the rows of one table; return its model and their ids."""
    model: Any = class_of_table(table.name)
    place, company = table.columns.index("id"), table.columns.index("company_id")
    ids: list[int] = []

    def own_rows() -> Iterator[Row]:
        for row in archive.rows(table.name):
            if int(row[company]) != active_company():
                raise ConfigurationError(f"{archive.path.name}: rows of another company")
            ids.append(int(row[place]))
            yield row

    write_rows(session.connection(), table.name, table.columns, own_rows())
    return model, ids


def _refuse_erased(model: type[CompanyModel], ids: list[int], *, since: dt.datetime) -> None:
    """Raise Conflict where a row is about a partner who was erased meanwhile: it would bring his data back."""
    for column in _partner_columns(model):
        for start in range(0, len(ids), BATCH):
            erased = column.where(model.id.in_(ids[start : start + BATCH]), Partner.anonymised_at >= since)
            if session.scalar(erased.limit(1)) is not None:
                raise Conflict(
                    "clean.erased", _("Personal data in these records has been erased since: they stay deleted.")
                )


def _partner_columns(model: type[CompanyModel]) -> list[sa.Select[int]]:
    """Return the statements of the partners that rows are about: named by the row, or by what it points at."""
    found, partners = [], Partner.__tablename__
    for name, column in sa.inspect(model).columns.items():
        target = column.info.get("references")
        if target == partners:
            found.append(sa.select(Partner.id).join(model, getattr(model, name) == Partner.id))
        elif target is not None:
            middle: Any = class_of_table(target)
            for inner, further in sa.inspect(middle).columns.items():
                if middle is not model and further.info.get("references") == partners:
                    joined = sa.select(Partner.id).join(middle, getattr(middle, inner) == Partner.id)
                    found.append(joined.join(model, getattr(model, name) == middle.id))
    return found


def _catch_up(tables: list[tuple[type[CompanyModel], list[int]]], progress: Progress) -> None:
    """Have audit and search know the rows, which came past the session."""
    done, total = 0, sum(len(ids) for _model, ids in tables)
    for model, ids in tables:
        waiting = iter(ids)
        while batch := list(islice(waiting, BATCH)):
            progress(done, total, _("Making them known to search and audit"))
            _make_known(model, batch)
            forget_company_rows(db.session())
            done += len(batch)


def _make_known(model: type[CompanyModel], ids: list[int]) -> None:
    attributes = [one.key for one in sa.inspect(model).column_attrs]
    records = session.scalars(sa.select(model).where(model.id.in_(ids)))
    record_bulk(model, [{name: getattr(record, name) for name in attributes} for record in records])
    declared = declaration_of(model)
    if declared.values:
        index_records(db.session(), model, ids)
    if declared.parent is not None and declared.parent_attribute is not None:
        parents = sa.select(getattr(model, declared.parent_attribute)).where(model.id.in_(ids))
        index_records(db.session(), declared.parent, session.scalars(parents).all())
