"""Versions of the agreement: writing one, and which is in force; asked at every request, so it is kept in memory."""

import datetime as dt
from collections import defaultdict

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.engine import Connection

from app.agreements.models import AgreementVersion
from app.companies.snapshot import Snapshot, raise_number
from app.database.row_security import read_every_company
from app.database.session import on_commit, session
from app.errors import ValidationError
from app.i18n import _

CACHE = "agreement_versions"
Known = dict[int, list[tuple[dt.date, int, int]]]  # By company: first day, number and id, the latest first.


def add_version(*, title: str, text_zh: str, text_en: str | None, valid_from: dt.date, actor: User) -> AgreementVersion:
    """Keep a new version; from its first day on everybody is asked anew. Raises ValidationError for a blank text."""
    if not text_zh.strip():
        raise ValidationError("agreement.blank", _("Write the Chinese text."), field="text_zh")
    last = session.scalar(sa.select(sa.func.max(AgreementVersion.number))) or 0
    made = AgreementVersion(
        number=last + 1,
        title=title.strip(),
        text_zh=text_zh.strip(),
        text_en=(text_en or "").strip() or None,
        valid_from=valid_from,
    )
    session.add(made)
    session.flush()
    raise_number(session.connection(), CACHE)
    on_commit(versions().expire)
    return made


def versions() -> Snapshot[Known]:
    """Return what this process knows of the versions of all companies."""
    known: Snapshot[Known] = current_app.extensions.setdefault(CACHE, Snapshot(CACHE, _read))
    return known


def version_in_force(company_id: int, on: dt.date) -> int | None:
    """Return the id of the version that is to be signed on a day; None without one. It asks the database nothing."""
    return next((key for first, _number, key in versions().get().get(company_id, ()) if first <= on), None)


def _read(connection: Connection) -> Known:
    read_every_company(connection)
    table = AgreementVersion.__table__.c
    columns = (table.company_id, table.valid_from, table.number, table.id)
    found: Known = defaultdict(list)
    for company_id, *version in connection.execute(sa.select(*columns)):
        found[company_id].append(tuple(version))
    return {company_id: sorted(rows, reverse=True) for company_id, rows in found.items()}
