"""The page on which a bank's sheet is sent, looked through and taken in (S:PAY-01)."""

from decimal import Decimal
from typing import Any

from addons.payments import queries, services
from addons.payments.models import BankStatement
from app.sdk.errors import NotFound, Text
from app.sdk.files import sent_sheet
from app.sdk.i18n import _
from app.sdk.masterdata import parse_decimal
from app.sdk.models import User
from app.sdk.views import Page

MOST_ROWS = 5_000
_SHOWN_LINES, _SHOWN_PROBLEMS = 20, 200
_COLUMN = "column:"


def send(*, actor: User, values: dict[str, str]) -> Text:
    """Keep the rows of a file as a draft."""
    sheet = sent_sheet("file", maximum_rows=MOST_ROWS)
    services.send_statement(
        actor=actor,
        place_id=queries.read_key(values.get("place")),
        name=sheet.name,
        rows=sheet.rows,
        now=queries.present_instant(),
        **_balances(values),
    )
    return _("The file was read. Look through it, then take it in.")


def check(*, actor: User, values: dict[str, str]) -> Text:
    """Keep which column is which, and the balances."""
    _arrange(_draft(actor, values), actor, values)
    return _("Checked again.")


def take_in(*, actor: User, values: dict[str, str]) -> Text:
    """Take all lines in, with the columns as they are chosen now."""
    statement = _draft(actor, values)
    _arrange(statement, actor, values)
    services.take_in_statement(statement, actor=actor)
    return str(_("%(name)s was taken in.")) % {"name": statement.name}


def discard(*, actor: User, values: dict[str, str]) -> Text:
    """Throw a draft away."""
    services.discard_statement(_draft(actor, values), actor=actor)
    return _("The draft was thrown away.")


def _arrange(statement: BankStatement, actor: User, values: dict[str, str]) -> None:
    columns = {one: heading for one in queries.LABELS if (heading := values.get(f"{_COLUMN}{one}", ""))}
    row = queries.read_key(values.get("heading_row"))
    if row != statement.heading_row:  # Other headings: what was chosen among the old ones says nothing.
        columns = queries.columns_at(statement, row)
    services.set_columns(statement, actor=actor, heading_row=row, columns=columns, **_balances(values))


def _first_rows(draft: BankStatement) -> list[tuple[int, list[str]]]:
    """Return the rows down to the headings and some more, without the columns in which none of them says anything."""
    rows = list(draft.rows or [])[: max(12, (draft.heading_row or 0) + 2)]
    width = max((place for _row, cells in rows for place, text in enumerate(cells, start=1) if text), default=0)
    return [(number, cells[:width]) for number, cells in rows]


def _balances(values: dict[str, str]) -> dict[str, Decimal | None]:
    return {
        name: parse_decimal(typed, field=name, places=2) if (typed := values.get(name, "").strip()) else None
        for name in ("opening", "closing")
    }


def _draft(actor: User, values: dict[str, str]) -> BankStatement:
    key = queries.read_key(values.get("statement"))
    found = queries.find_draft(actor=actor, statement_id=key) if key is not None else None
    if found is None:
        raise NotFound("bank.no_draft", _("This draft is not there any more: it was taken in, or thrown away."))
    return found


ACTIONS = {"send": ("edit", send), "check": ("edit", check), "take_in": ("edit", take_in), "discard": ("edit", discard)}
LABELS = {
    "opening": _("Opening balance"),
    "closing": _("Closing balance"),
    "place_id": _("Account"),
    "heading_row": _("Row with the headings"),
    "columns": _("Columns"),
    "file": _("File"),
}


class BankImportPage(Page):
    """Sends a bank's sheet and shows what it says before anything is taken in."""

    resource = "payments.BankImport"
    title = _("Send a bank statement")
    template = "payments/bank_import.html"
    actions = ACTIONS
    labels = LABELS
    kept = ("statement", "place", "opening", "closing", "heading_row", _COLUMN)
    kept_if_refused = ("new",)  # Else an older draft would stand below what was refused of another file.

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the draft that is worked on, what it says, and what is wrong with it."""
        key = queries.read_key(arguments.get("statement"))
        draft = queries.find_draft(actor=actor, statement_id=key) if "new" not in arguments else None
        if draft is None and key is not None and "new" not in arguments:
            draft = queries.find_draft(actor=actor, statement_id=None)
        typed = arguments if draft is None or key == draft.id else {}
        found = {"accounts": queries.list_accounts(), "typed": typed, "draft": draft, "most": MOST_ROWS}
        if draft is None:
            return found
        reading = queries.check_statement(draft, today=queries.present_day())
        return {
            **found,
            # What was refused is shown as it was typed.
            "columns": {one: typed.get(f"{_COLUMN}{one}", draft.columns.get(one, "")) for one in queries.LABELS},
            "labels": queries.LABELS,
            "headings": queries.headings_of(draft),
            "first_rows": _first_rows(draft),
            "reading": reading,
            "problems": reading.problems[:_SHOWN_PROBLEMS],
            "lines": reading.lines[:_SHOWN_LINES],
        }
