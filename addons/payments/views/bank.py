"""Generated screens of bank statements and their lines."""

import datetime as dt

from addons.payments import queries, services
from addons.payments.models import BankLine, BankStatement
from addons.payments.workflow import BANK_LINE_WORKFLOW, STATEMENT_WORKFLOW
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.views import CrudView, Tab
from app.sdk.workflow import Todo, TodoList

READ = ("list", "show")
BANK_LABELS: dict[str, Text] = {
    "name": _("File"),
    "place": _("Account"),
    "place.name": _("Account"),
    "booked_on": _("Date"),
    "payer_name": _("Name of the other side"),
    "payer_account": _("Account of the other side"),
    "bank_ref": _("Bank reference"),
    "opening": _("Opening balance"),
    "closing": _("Closing balance"),
    "taken_in": _("Came in"),
    "paid_out": _("Went out"),
    "balance": _("Account balance"),
    "booked": _("Booked from this line"),
    "row": _("Row in the file"),
    "owner": _("Taken in by"),
    "statement": _("Bank statement"),
}


class BankStatementView(CrudView):
    """Statements of bank accounts; a new one is sent on the page of the import."""

    model = BankStatement
    title = _("Bank statements")
    list_columns = (
        "name",
        "place.name",
        "first_day",
        "last_day",
        "opening",
        "taken_in",
        "paid_out",
        "closing",
        "state",
    )
    show_only = ("name", "place", "first_day", "last_day", "opening", "taken_in", "paid_out", "closing", "owner")
    search_columns = ("name", "place.name", "first_day", "state")
    labels = BANK_LABELS
    verbs = (*READ, "delete")
    delete_with = services.discard_statement
    workflow = STATEMENT_WORKFLOW


class BankLineView(CrudView):
    """Lines of bank statements, and what became of them."""

    model = BankLine
    title = _("Bank lines")
    list_columns = ("booked_on", "place.name", "amount", "payer_name", "memo", "bank_ref", "receipt", "state")
    show_only = (
        *("booked_on", "place", "amount", "payer_name", "payer_account", "bank_ref", "memo", "balance"),
        *("receipt", "refund", "booked", "reason", "statement", "row"),
    )
    fieldsets = (
        (_("Bank line"), ("booked_on", "place", "amount", "payer_name", "payer_account", "bank_ref", "memo")),
        (_("Booked as"), ("receipt", "refund", "booked", "reason")),
        (_("Bank statement"), ("statement", "row", "balance")),
    )
    search_columns = ("booked_on", "place.name", "amount", "payer_name", "bank_ref", "memo", "state")
    labels = BANK_LABELS
    order = ("booked_on", "desc")
    verbs = READ
    workflow = BANK_LINE_WORKFLOW


LINES = Tab(
    "lines",
    _("Bank lines"),
    ("booked_on", "amount", "payer_name", "bank_ref", "receipt", "state"),
    queries.list_lines,
    labels=BANK_LABELS,
    view="payments.BankLineView",
    count=queries.lines_count,
    resource="payments.BankLine",
)


def bank_lines(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the lines of bank statements that nobody has matched yet."""
    return [
        Todo(
            title=f"{one.payer_name or one} {one.amount:,.2f}",
            resource="payments.BankLine",
            record_id=one.id,
            due=one.booked_on,
            note=_("Match the bank line"),
        )
        for one in queries.list_open_lines(actor=actor)
    ]


BANK_TODO = TodoList("payments.bank_lines", _("Bank lines to match"), "landmark", "payments.BankLine", bank_lines)
