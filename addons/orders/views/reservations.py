"""Screen of reservation forms."""

from addons.orders import queries, services
from addons.orders.choices import ReservationState
from addons.orders.models import Reservation
from addons.orders.views.words import LABELS, TODAY, money, paper_lines, sold_lines
from addons.orders.workflow import RESERVATION_WORKFLOW
from app.sdk.errors import Conflict, Text
from app.sdk.forms import DayField
from app.sdk.i18n import _
from app.sdk.views import CrudView, Kanban, Paper, Printing, Section, Tab

FORM_LABELS: dict[str, Text] = {**LABELS, "revision": _("Amendments"), "deposit_due_on": _("Deposit due on")}
FIELDS = {
    "doc_date": TODAY,
    "deposit": money(_("Deposit"), _("The company's usual one, if left blank.")),
    "deposit_due_on": DayField(_("Deposit due on"), hint=_("The day of the form, if left blank.")),
}


def reservation_paper(reservation: Reservation) -> Paper:
    """Return a form as the customer signs it. Raises Conflict for one that its step has not let go to paper."""
    if reservation.state in (ReservationState.DRAFT, ReservationState.AMENDING) or not reservation.print_count:
        raise Conflict("reservation.unprinted", _("Make the form ready, then print it."))
    heading = str(_("Reservation %(number)s")) % {"number": reservation.number or ""}
    lines: list[tuple[str, Text, str]] = [
        ("doc_date", _("Date"), f"{reservation.doc_date:%Y-%m-%d}"),
        ("partner_name", _("Customer"), reservation.partner_name),
        ("deposit", _("Deposit"), f"¥ {queries.words(reservation.deposit)}"),
        ("deposit_due_on", _("Deposit due on"), f"{reservation.deposit_due_on:%Y-%m-%d}"),
    ]
    return Paper(heading.strip(), [*lines, *paper_lines(reservation)])


class ReservationView(CrudView):
    """Reservation forms."""

    model = Reservation
    title = _("Reservations")
    list_columns = (
        *("number", "doc_date", "partner_name", "gross", "deposit"),
        *("valid_until", "revision", "owner", "state"),
    )
    form_columns = ("partner_id", "doc_date", "deposit", "deposit_due_on", "owner_id", "note")
    show_only = ("number", "revision", "signed_at", "valid_until", "extended_at", "net", "tax", "gross")
    fieldsets = (
        (_("Reservation"), ("number", "revision", "partner_id", "doc_date", "signed_at", "valid_until", "extended_at")),
        (_("Money"), ("deposit", "deposit_due_on", "net", "tax", "gross")),
        (_("More"), ("owner_id", "note")),
    )
    search_columns = ("number", "doc_date", "partner_name", "gross", "deposit", "valid_until", "owner_id", "state")
    labels = FORM_LABELS
    fields = FIELDS
    lines = sold_lines(100)
    kanban = Kanban("state", card=("number", "partner_name", "valid_until", "owner"), sum="gross")
    verbs = ("list", "show", "add", "edit")
    printing = Printing(step="print", signatures=(_("For the company"), _("Customer")), document=reservation_paper)
    create_with = services.create_reservation
    update_with = services.update_reservation
    workflow = RESERVATION_WORKFLOW


WHY_RESERVATION = Section("why", _("How the amounts are reckoned"), queries.explain_reservation, tells=("gross",))
RESERVATION_PRICES = Section(
    "prices", _("How the prices are checked"), queries.explain_reservation_prices, tells=("gross",)
)
RESERVATION_PAYMENT = Section("payment", _("Payment"), queries.payment_of_reservation, tells=("gross",))
VERSIONS = Tab(
    "versions",
    _("Signed before"),
    ("revision", "signed_at", "gross", "deposit", "reason"),
    queries.list_versions,
    labels={"revision": _("Version"), "gross": _("Total"), "signed_at": _("Signed at")},
    tells=("gross", "deposit"),
)
