"""Who was shown personal data in clear: of one customer, by one user, of late (P:CRM-20, S:REC-38)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.audit import AccessEntry, AccessKind, list_accesses
from app.crud.listing import ListQuery
from app.crud.page import Page
from app.crud.view import CrudView
from app.database.columns import read_id
from app.database.session import session
from app.i18n import _, humanize
from app.security.roles import may

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

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the latest accesses: to one record, to those that a name or number finds, by one user."""
        text, username = arguments.get("q", "").strip()[:100], arguments.get("user", "").strip()[:64]
        resource, record = arguments.get("resource", ""), read_id(arguments.get("record"))
        if not resource or text:
            record = None
        views = {name: view for name, view in _views().items() if resource in {"", name}}
        if record is not None:
            records: dict[str, list[int]] | None = {resource: [record]}
        else:
            records = {name: _matching(view, actor, text) for name, view in views.items()} if text else None
        user = session.scalar(select(User).where(User.username == username)) if username else None
        found = []
        if user is not None or not username:
            found = list_accesses(
                resource=resource or None, records=records, user_id=user.id if user else None, limit=MOST
            )
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
