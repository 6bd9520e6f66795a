"""Lists of hand-made pages as files: a page says what its rows are, and one address sends them as Excel or CSV."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, request, send_file, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.sqla.models import User
from flask_login import current_user, login_required

from app.audit import record_security_event
from app.companies.clock import active_zone
from app.crud.exporting.pages import EXCEL, SPOOL
from app.errors import Text, ValidationError
from app.i18n import _
from app.reports.csv_file import write_csv
from app.reports.definition import ReportColumn
from app.reports.spreadsheet import write_sheet
from app.security.roles import acting_user, may, require
from app.web.navigation import with_arguments

Rows = Iterable[Sequence[Any]]
KINDS = {"xlsx": EXCEL, "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class ListFile:
    """What a page's list is as a file.

    `rows` gets the reader and the arguments of the page's address, so that the file holds what the page was asked for,
    all pages of it. `right` is (verb, resource); None where everybody reads a list of his own.
    """

    name: str  # In the address, and of the file.
    title: Text
    columns: Sequence[ReportColumn]
    rows: Callable[[User, Mapping[str, str]], Rows]
    right: tuple[str, str] | None


class ListFileView(BaseView):
    """Sends the lists that the factory registered."""

    route_base = "/list-files"

    @expose("/<name>.<kind>")
    @login_required
    def send(self, name: str, kind: str) -> Any:
        """Send one list with the filters of the address; that it left the system is recorded (S:CORE-13)."""
        found = list_files().get(name)
        if found is None or kind not in KINDS:
            abort(404)
        actor = acting_user()
        if found.right is not None:
            require(actor, *found.right)
        return send_rows(found, kind, found.rows(actor, request.args.to_dict()))


def list_files() -> Mapping[str, ListFile]:
    """Return the lists that can be sent, by name."""
    found: Mapping[str, ListFile] = current_app.extensions["list_files"]
    return found


def file_address(name: str, kind: str = "xlsx") -> str | None:
    """Return where the list of this page is sent, with the page's filters; None for a reader who may not have it."""
    found = list_files()[name]
    if found.right is not None and not (current_user.is_authenticated and may(acting_user(), *found.right)):
        return None
    return with_arguments(url_for("ListFileView.send", name=name, kind=kind))


def send_rows(asked: ListFile, kind: str, rows: Rows) -> Any:
    """Answer with these rows as a file, and record that they left (S:CORE-13); the caller has checked the right."""
    target = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # send_file closes it.
    limited = _within_limit(rows)
    if kind == "csv":
        count = write_csv(asked.columns, limited, target, zone=active_zone())
    else:
        count = write_sheet(asked.columns, limited, target, title=str(asked.title), zone=active_zone())
    record_security_event("list.exported", resource=asked.right[1] if asked.right else asked.name, rows=count)
    target.seek(0)
    return send_file(target, mimetype=KINDS[kind], as_attachment=True, download_name=f"{asked.name}.{kind}")


def most_rows() -> int:
    """Return how many rows of a list are worth reading: one more than are written, which tells that there are more."""
    limit: int = current_app.config["EXPORT_AT_ONCE_ROWS"]
    return limit + 1


def _within_limit(rows: Rows) -> Iterator[Sequence[Any]]:
    """Yield the rows; raise ValidationError for more than are written while the reader waits."""
    limit = most_rows() - 1
    for number, row in enumerate(rows, start=1):
        if number > limit:
            raise ValidationError(
                "list.too_long",
                _("This list has more than %(limit)s rows. Narrow the search, and export again."),
                limit=limit,
            )
        yield row
