"""Generated screens of receivables, receipts and what belongs to them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from addons.payments import queries, services
from addons.payments.choices import CashDayState
from addons.payments.models import (
    BadDebt,
    CashDay,
    Invoice,
    Method,
    Period,
    Place,
    Posting,
    Receipt,
    Receivable,
    Recovery,
    Refund,
    Shift,
)
from addons.payments.reports import receipt_paper, refund_paper
from addons.payments.workflow import (
    BAD_DEBT_WORKFLOW,
    CASH_DAY_WORKFLOW,
    INVOICE_WORKFLOW,
    PERIOD_WORKFLOW,
    RECEIPT_WORKFLOW,
    RECEIVABLE_WORKFLOW,
    RECOVERY_WORKFLOW,
    REFUND_WORKFLOW,
    SHIFT_WORKFLOW,
)
from app.sdk.errors import Text
from app.sdk.forms import DayField, ParsedField
from app.sdk.i18n import _
from app.sdk.masterdata import parse_identity_number
from app.sdk.models import User
from app.sdk.security import mask_id_number, may
from app.sdk.views import CrudView, Kanban, Lines, Printing, Section, Tab
from app.sdk.workflow import Clock, Deadline, Span, Todo, TodoList

TODAY = DayField(_("Date"), hint=_("Today, if left blank."))
LABELS: dict[str, Text] = {
    "doc_date": _("Date"),
    "owner": _("Cashier"),
    "owner_id": _("Cashier"),
    "partner": _("Payer"),
    "partner_id": _("Payer"),
    "partner.name": _("Payer"),
    "id_no": _("Identity number"),
    "id_valid_to": _("Identity card valid to"),
    "authorisation": _("Written authorisation"),
    "receivable": _("For receivable"),
    "receivable_id": _("For receivable"),
    "free_amount": _("Free"),
    "bank_ref": _("Bank reference"),
}
RECEIVABLE_LABELS: dict[str, Text] = {
    "doc_date": _("Date"),
    "partner": _("Customer"),
    "partner_id": _("Customer"),
    "partner.name": _("Customer"),
    "base_amount": _("Total of the deal"),
    "settled": _("Paid"),
    "open_amount": _("Open amount"),
    "source": _("Document"),
    "subject": _("What for"),
}
REFUND_LABELS: dict[str, Text] = {**LABELS, "partner": _("Paid to"), "partner.name": _("Paid to")}
LEDGER_LABELS: dict[str, Text] = {"id": _("Posting"), "receivable": _("Receivable"), "receivable_id": _("Receivable")}
RECOVERY_LABELS: dict[str, Text] = {"rate": _("Part of the loss (%)")}
DEBT_LABELS: dict[str, Text] = {**LEDGER_LABELS, "recovered": _("Owed again")}
INVOICE_LABELS: dict[str, Text] = {
    **LEDGER_LABELS,
    "title": _("Invoice title"),
    "number": _("Invoice number"),
    "original": _("Red letter on"),
}
INVOICE_FIELDS = {"issued_on": DayField(_("Issued on"), hint=_("Today, if left blank."))}
DESK_LABELS: dict[str, Text] = {**LABELS, "place.name": _("Place")}
RECEIPT_FIELDS = {"doc_date": TODAY, "id_no": ParsedField(_("Identity number"), parser=parse_identity_number)}
RECEIVABLE_FIELDS = {"doc_date": TODAY, "due_on": DayField(_("Due on"), hint=_("Today, if left blank."))}
PERSONAL = {"id_no": mask_id_number}
READ = ("list", "show")


class ReceivableView(CrudView):
    """What partners owe."""

    model = Receivable
    title = _("Receivables")
    list_columns = ("number", "partner.name", "kind", "subject", "amount", "settled", "due_on", "owner", "state")
    form_columns = ("partner_id", "kind", "subject", "amount", "base_amount", "doc_date", "due_on", "owner_id", "note")
    show_only = ("number", "source", "settled", "waived", "open_amount", "dunned_on")
    fieldsets = (
        (_("Receivable"), ("number", "partner_id", "kind", "subject", "amount", "base_amount", "doc_date", "due_on")),
        (_("Paid"), ("settled", "waived", "open_amount", "dunned_on", "source", "owner_id", "note")),
    )
    search_columns = ("number", "partner.name", "kind", "amount", "settled", "due_on", "owner_id", "state")
    labels = RECEIVABLE_LABELS
    fields = RECEIVABLE_FIELDS
    kanban = Kanban("state", card=("number", "partner.name", "kind", "due_on"), sum="amount")
    create_with = services.create_receivable
    update_with = services.update_receivable
    amend_with = services.amend_receivable
    delete_with = services.delete_receivable
    workflow = RECEIVABLE_WORKFLOW


class ReceiptView(CrudView):
    """Money that came in."""

    model = Receipt
    title = _("Receipts")
    list_columns = (
        "number",
        "doc_date",
        "partner.name",
        "payer_name",
        "amount",
        "settled",
        "receivable",
        "owner",
        "state",
    )
    form_columns = (
        "receivable_id",
        "partner_id",
        "payer_name",
        "doc_date",
        "id_no",
        "id_valid_to",
        "authorisation",
        "note",
    )
    show_only = (
        *("number", "amount", "settled", "refunded", "forfeited", "free_amount"),
        *("posted_at", "audited_at", "audited_by", "print_count"),
    )
    fieldsets = (
        (_("Receipt"), ("number", "receivable_id", "partner_id", "payer_name", "doc_date", "amount", "note")),
        (_("Identity of the payer"), ("id_no", "id_valid_to", "authorisation")),
        (_("Used for"), ("settled", "refunded", "forfeited", "free_amount")),
        (_("Booking"), ("posted_at", "audited_at", "audited_by", "print_count")),
    )
    search_columns = ("number", "doc_date", "partner.name", "payer_name", "amount", "owner_id", "state", "audited_at")
    labels = LABELS
    fields = RECEIPT_FIELDS
    personal = PERSONAL
    lines = Lines("lines", ("method_id", "amount", "bank_ref"), key="amount", label=_("Tenders"), maximum=20)
    printing = Printing(step="print", signatures=(_("Cashier"), _("Payer")), document=receipt_paper)
    create_with = services.create_receipt
    update_with = services.update_receipt
    delete_with = services.delete_receipt
    workflow = RECEIPT_WORKFLOW


class RefundView(CrudView):
    """Money that went back."""

    model = Refund
    title = _("Refunds")
    list_columns = ("number", "doc_date", "partner.name", "receipt", "method", "amount", "reason", "state")
    show_only = ("number", "doc_date", "partner", "receipt", "method", "amount", "reason", "posted_at")
    search_columns = ("number", "doc_date", "partner.name", "amount", "state")
    labels = REFUND_LABELS
    verbs = READ
    printing = Printing(signatures=(_("Cashier"), _("Payee")), document=refund_paper)
    workflow = REFUND_WORKFLOW


class PostingView(CrudView):
    """The ledger of money: nothing in it is ever changed."""

    model = Posting
    title = _("Money ledger")
    list_columns = ("id", "posted_on", "kind", "receipt", "receivable", "owner", "posted_at")
    show_only = ("posted_on", "kind", "receipt", "receivable", "reverses", "legal_entity_id", "owner", "posted_at")
    search_columns = ("posted_on", "kind", "owner_id", "posted_at")
    labels = LEDGER_LABELS
    lines = Lines("entries", ("account", "amount", "place_id"), key="account", label=_("Entries"))
    verbs = READ


class CashDayView(CrudView):
    """Days of cash desks."""

    model = CashDay
    title = _("Cash days")
    list_columns = ("day", "place.name", "opening", "taken_in", "paid_out", "counted", "difference", "owner", "state")
    show_only = (
        *("day", "place", "opening", "taken_in", "paid_out", "expected", "counted", "difference", "explanation"),
        *("submitted_at", "minutes_late"),
    )
    search_columns = ("day", "place.name", "difference", "owner_id", "state")
    labels = DESK_LABELS
    order = ("day", "desc")
    verbs = READ
    workflow = CASH_DAY_WORKFLOW


class ShiftView(CrudView):
    """Shifts at cash desks, and how they were handed over."""

    model = Shift
    title = _("Shifts")
    list_columns = ("place.name", "owner", "opened_at", "closed_at", "expected", "counted", "difference", "state")
    form_columns = ("place_id", "opening")
    show_only = ("opened_at", "closed_at", "expected", "counted", "difference", "explanation", "receiver")
    search_columns = ("place.name", "owner_id", "opened_at", "difference", "state")
    labels = DESK_LABELS
    verbs = (*READ, "add")
    create_with = services.open_shift
    update_with = services.update_shift
    workflow = SHIFT_WORKFLOW


class PeriodView(CrudView):
    """Months, and whether they take postings."""

    model = Period
    title = _("Months")
    list_columns = ("month", "legal_entity", "updated_at", "state")
    show_only = ("month", "legal_entity")
    search_columns = ("month", "state")
    order = ("month", "desc")
    verbs = READ
    workflow = PERIOD_WORKFLOW


class BadDebtView(CrudView):
    """Debts proposed to be given up."""

    model = BadDebt
    title = _("Bad debts")
    list_columns = ("receivable", "amount", "recovered", "reason", "owner", "created_at", "state")
    form_columns = ("receivable_id", "amount", "reason")
    edit_columns = ("amount", "reason")
    show_only = ("recovered",)
    search_columns = ("amount", "owner_id", "created_at", "state")
    labels = DEBT_LABELS
    verbs = (*READ, "add", "edit")
    create_with = services.propose_bad_debt
    update_with = services.update_bad_debt
    workflow = BAD_DEBT_WORKFLOW


class InvoiceView(CrudView):
    """The register of invoices."""

    model = Invoice
    title = _("Invoices")
    list_columns = ("number", "issued_on", "receivable", "title", "amount", "original", "owner", "state")
    form_columns = ("receivable_id", "number", "title", "issued_on", "amount")
    show_only = ("original",)
    search_columns = ("number", "issued_on", "title", "amount", "owner_id", "state")
    labels = INVOICE_LABELS
    fields = INVOICE_FIELDS
    verbs = (*READ, "add", "edit")
    trails = True
    create_with = services.create_invoice
    update_with = services.update_invoice
    workflow = INVOICE_WORKFLOW


class RecoveryView(CrudView):
    """Losses that somebody answers for."""

    model = Recovery
    title = _("Lost goods money")
    list_columns = ("employee", "happened_on", "what_happened", "loss", "claim", "state")
    form_columns = ("employee_id", "happened_on", "loss", "what_happened")
    show_only = ("rate", "claim")
    labels = RECOVERY_LABELS
    search_columns = ("employee_id", "happened_on", "loss", "state")
    verbs = (*READ, "add", "edit")
    workflow = RECOVERY_WORKFLOW


class PlaceView(CrudView):
    """Cash desks and bank accounts."""

    model = Place
    title = _("Cash desks and accounts")
    list_columns = ("name", "kind", "account_no", "legal_entity")
    form_columns = ("name", "kind", "account_no", "legal_entity_id")
    search_columns = ("name", "kind")


class MethodView(CrudView):
    """Ways to pay."""

    model = Method
    title = _("Ways to pay")
    list_columns = ("name", "kind", "place.name")
    form_columns = ("name", "kind", "place_id")
    search_columns = ("name", "kind")
    labels = DESK_LABELS


def _why(receivable_id: int) -> Sequence[tuple[Text, Any]]:
    return queries.explain(receivable_id)


WHY = Section("why", _("How the deposit is reckoned"), _why, tells=("amount", "base_amount"))
USED = Tab(
    "used",
    _("Used for"),
    ("kind", "receivable", "amount", "posted_at"),
    queries.list_used,
    labels={"receivable": _("Receivable")},
    tells=("settled",),
)
ENTRIES = Tab(
    "entries", _("Entries"), ("account", "place", "amount"), queries.list_postings_of, resource="payments.Posting"
)
PAID = Tab(
    "paid", _("Paid by"), ("receipt", "kind", "amount", "posted_at"), queries.list_payments, resource="payments.Receipt"
)


def overdue(actor: User, now: dt.datetime) -> list[Todo]:
    """Return who is to be reminded: what is overdue and was not dunned for a week (S:PAY-09)."""
    today = queries.local_day(now)
    return [
        Todo(
            title=f"{one} {one.partner}",
            resource="payments.Receivable",
            record_id=one.id,
            due=one.due_on,
            note=_("Remind the customer"),
        )
        for one in queries.list_overdue(actor=actor, today=today)
    ]


def cash_days(actor: User, now: dt.datetime) -> list[Todo]:
    """Return which days of cash desks are to be counted and handed in (S:RE-07)."""
    today = queries.local_day(now)
    return [
        Todo(
            title=f"{one.place} {one}",
            resource="payments.CashDay",
            record_id=one.id,
            due=one.day,
            note=_("Count and hand in"),
        )
        for one in queries.list_cash_days_due(actor=actor, today=today)
    ]


def deposits_to_invoice(actor: User, _now: dt.datetime) -> list[Todo]:
    """Return the deposits that were paid and whose proof is an invoice, to whoever registers invoices (P:PAY-03)."""
    found = queries.list_deposits_to_invoice(actor=actor) if may(actor, "add", "payments.Invoice") else ()
    return [
        Todo(
            title=f"{one} {one.partner}",
            resource="payments.Receivable",
            record_id=one.id,
            note=_("Register the invoice"),
        )
        for one in found
    ]


TODO_LISTS = (
    TodoList("payments.deposits", _("Deposits to invoice"), "file-text", "payments.Invoice", deposits_to_invoice),
    TodoList("payments.overdue", _("Overdue receivables"), "bell", "payments.Receivable", overdue),
    TodoList("payments.cash_days", _("Cash days to hand in"), "wallet", "payments.CashDay", cash_days),
)


def late_cash_days(asked: Span) -> Iterator[Deadline]:
    """Yield the days of cash desks that were to be handed in (S:RE-07)."""
    first, last = queries.local_day(asked.start), queries.local_day(asked.end)
    for one in queries.cash_days_between(first, last, actor=asked.actor, verb=asked.verb):
        yield Deadline(
            document=f"{one.place} {one}",
            resource="payments.CashDay",
            record_id=one.id,
            step=_("Count and hand in"),
            holder=one.owner,
            org_unit_id=one.org_unit_id,
            due=queries.cash_due(one.day),
            done=one.submitted_at if one.state is not CashDayState.OPEN else None,
        )


CASH_CLOCK = Clock("payments.cash_days", "payments.CashDay", late_cash_days)
