"""The exceptions inbox: what had to follow an event and failed; try again, or give it up for a reason."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import current_app, url_for
from flask_appbuilder.security.sqla.models import User

from app.crud.page import Page
from app.database.columns import read_id, utc_now
from app.errors import Text, ValidationError
from app.events import Delivery, dismiss_failure, list_failures, retry_failure
from app.i18n import _, humanize
from app.reports.definition import ReportColumn
from app.security.roles import may
from app.web.list_files import ListFile, most_rows


class InboxPage(Page):
    """Lists the failed event handlers of the active company."""

    resource = "events.Inbox"
    title = _("Exceptions inbox")
    template = "events/inbox.html"
    verbs = ("export",)

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return what failed and is not done yet, newest first."""
        now = utc_now()
        return {"rows": [_row(one, actor) | {"age": now - one.created_at} for one in list_failures()], "now": now}


def retry(*, actor: User, values: dict[str, str]) -> Text:
    """Try again within the next minute. Raises NotFound for what is done."""
    retry_failure(_key(values), now=utc_now())
    return _("It is tried again within a minute.")


def dismiss(*, actor: User, values: dict[str, str]) -> Text:
    """Give it up. Raises ValidationError without a reason, NotFound for what is done."""
    dismiss_failure(_key(values), reason=values.get("reason", ""), now=utc_now())
    return _("Dismissed.")


InboxPage.actions = {"retry": ("retry", retry), "dismiss": ("dismiss", dismiss)}


def _key(values: dict[str, str]) -> int:
    key = read_id(values.get("id"))
    if key is None:
        raise ValidationError("delivery.id", _("There is nothing left to repeat here."), field="id")
    return key


def _row(delivery: Delivery, actor: User) -> dict[str, Any]:
    addon, _dot, handler = delivery.handler.partition(".")
    setups = {setup.name: setup.manifest.title for setup in current_app.extensions["setups"]}
    return {
        "id": delivery.id,
        "event": _(humanize(delivery.event)),
        "handler": _(humanize(handler.removeprefix("on_"))),
        "addon": _(setups[addon]) if addon in setups else _("Platform"),
        "error": delivery.error,
        "attempts": delivery.attempts,
        "since": delivery.created_at,
        "due_at": delivery.due_at,
        "records": _records(delivery, actor),
    }


def _records(delivery: Delivery, actor: User) -> list[tuple[str, str]]:
    """Return title and address of the records that the event names by id, as far as the actor may see them."""
    found = []
    views = {view.model.__name__.lower(): view for view in current_app.extensions["crud_views"].values()}
    for name, value in delivery.payload.items():
        view = views.get(name.removesuffix("_id").replace("_", "")) if name.endswith("_id") else None
        if view is None or not isinstance(value, int) or not may(actor, "show", view.resource):
            continue
        record = view.find_record(str(value))
        if record is not None:
            found.append((str(record), url_for(f"{view.endpoint}.show", pk=value)))
    return found


def _file_rows(actor: User, _arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    for one in list_failures(limit=most_rows()):
        row = _row(one, actor)
        records = ", ".join(title for title, _url in row["records"])
        words = (str(row[name]) for name in ("addon", "event", "handler"))
        yield row["since"], *words, row["error"], row["attempts"], row["due_at"], records


INBOX_FILE = ListFile(
    "exceptions",
    InboxPage.title,
    (
        ReportColumn("since", _("When"), "datetime"),
        ReportColumn("addon", _("Add-on")),
        ReportColumn("event", _("Event"), width=24),
        ReportColumn("handler", _("What failed"), width=24),
        ReportColumn("error", _("Error"), width=60),
        ReportColumn("attempts", _("Attempts"), "integer"),
        ReportColumn("due_at", _("Next attempt"), "datetime"),
        ReportColumn("records", _("Records"), width=30),
    ),
    _file_rows,
    ("export", InboxPage.resource),
)
