"""Who was shown personal data in clear: of one customer, by one user, of late (P:CRM-20, S:REC-38)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import current_app, url_for
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import select

from app.audit import AccessEntry, AccessKind, list_accesses
from app.crud.listing import ListQuery
from app.crud.page import Page
from app.crud.view import CrudView
from app.database.columns import read_id
from app.database.session import session
from app.i18n import _, humanize
from app.reports.definition import ReportColumn
from app.security.roles import may
from app.web.list_files import ListFile, most_rows

MOST = 200  # Rows of the page.
FOUND = 20  # Records of each resource that a typed name or number may mean.
NAMED = 4  # Records that a row names; the others are counted.
_HOW = {AccessKind.RECORD: _("Record page"), AccessKind.LIST: _("List page"), AccessKind.EXPORT: _("Excel file")}

Titles = dict[tuple[str, int], tuple[str, str]]  # (resource, id) -> (title, address)


class AccessPage(Page):
    """Answers "who saw this customer's number?"."""

    resource = "audit.Access"
    title = _("Who saw personal data")
    template = "audit/accesses.html"
    verbs = ("export",)

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the latest accesses: to one record, to those that a name or number finds, by one user."""
        text, username, resource, record = _typed(arguments)
        found = _found(actor, arguments, limit=MOST)
        titles = _titles(actor, found)
        return {
            "rows": [_row(entry, titles) for entry in found],
            "q": text,
            "username": username,
            "resource": resource,
            "record": record,
            "record_title": titles.get((resource, record), (f"#{record}", ""))[0] if record else "",
            "resources": [(name, view.title) for name, view in _views().items()],
            "limit": MOST,
        }


def _typed(arguments: Mapping[str, str]) -> tuple[str, str, str, int | None]:
    """Return the text, the user name, the resource and the record that are asked for."""
    text, username = arguments.get("q", "").strip()[:100], arguments.get("user", "").strip()[:64]
    resource, record = arguments.get("resource", ""), read_id(arguments.get("record"))
    return text, username, resource, record if resource and not text else None


def _found(actor: User, arguments: Mapping[str, str], *, limit: int) -> list[AccessEntry]:
    text, username, resource, record = _typed(arguments)
    if record is not None:
        records: dict[str, list[int]] | None = {resource: [record]}
    else:
        views = {name: view for name, view in _views().items() if resource in {"", name}}
        records = {name: _matching(view, actor, text) for name, view in views.items()} if text else None
    user = session.scalar(select(User).where(User.username == username)) if username else None
    if user is None and username:
        return []
    return list_accesses(resource=resource or None, records=records, user_id=user.id if user else None, limit=limit)


def _file_rows(actor: User, arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    found = _found(actor, arguments, limit=most_rows())
    titles = _titles(actor, found)
    for row in (_row(entry, titles) for entry in found):
        named = ", ".join(text for text, _url in row["named"])
        yield (
            row["at"],
            row["user"].get_full_name().strip(),
            f"{row['how']} · {gettext(str(row['what']))}",
            f"{named} … +{row['more']}" if row["more"] > 0 else named,
            ", ".join(map(str, row["columns"])),
            row["ip"] or "",
        )


def _views() -> dict[str, CrudView]:
    """Return the screens with personal columns, by resource."""
    return {name: view for name, view in current_app.extensions["crud_views"].items() if view.personal}


def _matching(view: CrudView, actor: User, text: str) -> list[int]:
    query = ListQuery(view.model, actor, view.columns, text=text)
    return [record.id for record in query.page(0, FOUND)]


def _titles(actor: User, entries: Sequence[AccessEntry]) -> Titles:
    """Return title and address of the records that the rows name, as far as the actor may see them."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        wanted[entry.resource].update(entry.ids[:NAMED])
    titles: Titles = {}
    for resource, ids in wanted.items():
        view = current_app.extensions["crud_views"].get(resource)
        if view is None or not may(actor, "show", resource):
            continue
        for record in ListQuery(view.model, actor, view.columns, verb="show").records(sorted(ids)):
            titles[resource, record.id] = (str(record), url_for(f"{view.endpoint}.show", pk=record.id))
    return titles


def _row(entry: AccessEntry, titles: Titles) -> dict[str, Any]:
    view = current_app.extensions["crud_views"].get(entry.resource)
    named = [titles.get((entry.resource, key), (f"#{key}", "")) for key in entry.ids[:NAMED]]
    return {
        "at": entry.at,
        "user": entry.user,
        "how": _HOW[entry.kind],
        "what": view.title if view is not None else entry.resource,
        "named": named,
        "more": entry.record_count - len(named),
        "columns": [_(humanize(name)) for name in entry.columns],
        "ip": entry.ip,
    }


ACCESS_FILE = ListFile(
    "personal-data",
    AccessPage.title,
    (
        ReportColumn("at", _("When"), "datetime"),
        ReportColumn("user", _("User")),
        ReportColumn("shown_on", _("Shown on"), width=30),
        ReportColumn("records", _("Records"), width=40),
        ReportColumn("in_clear", _("In clear"), width=30),
        ReportColumn("ip", _("Address")),
    ),
    _file_rows,
    ("export", AccessPage.resource),
)
