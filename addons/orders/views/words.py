"""Labels and fields that the screens of orders share."""

from addons.orders import queries
from addons.orders.models import Quotation, Reservation
from app.sdk.errors import Text
from app.sdk.forms import DayField, DecimalField
from app.sdk.i18n import _
from app.sdk.views import Lines

TODAY = DayField(_("Date"), hint=_("Today, if left blank."))
LINE_LABELS: dict[str, Text] = {
    "product_id": _("Product"),
    "item_id": _("Single item"),
    "item": _("Single item"),
    "product": _("Product"),
    "description": _("Description"),
    "quantity": _("Quantity"),
    "uom": _("Unit of measure"),
    "list_price": _("List price"),
    "approved_price": _("Approved price"),
    "unit_price": _("Unit price"),
    "tax_included": _("Tax included"),
    "tax_rate": _("Tax rate"),
    "net": _("Amount without tax"),
    "tax": _("Amount of tax"),
    "gross": _("Total"),
}
LABELS: dict[str, Text] = {
    **LINE_LABELS,
    "doc_date": _("Date"),
    "partner": _("Customer"),
    "partner_id": _("Customer"),
    "partner_name": _("Customer"),
    "partner.name": _("Customer"),
    "owner": _("Salesperson"),
    "owner_id": _("Salesperson"),
}


def sold_lines(maximum: int) -> Lines:
    """Return the lines in which people type what is sold, at most so many."""
    columns = ("product_id", "item_id", "description", "quantity", "unit_price", "tax_included")
    return Lines("lines", columns, key="product_id", label=_("Lines"), maximum=maximum)


def paper_lines(document: Quotation | Reservation) -> list[tuple[str, Text, str]]:
    """Return what the paper of a document says of what is sold: its lines, its amounts, and who sells it."""
    lines: list[tuple[str, Text, str]] = []
    for line in document.lines:
        terms = f"{queries.plain(line.quantity)} {line.uom} × ¥ {queries.plain(line.unit_price)}"
        lines.append(("lines", line.description or str(line.product), f"{terms} = ¥ {queries.words(line.gross)}"))
    for name, label in (("net", _("Net")), ("tax", _("Tax")), ("gross", _("Total"))):
        lines.append((name, label, f"¥ {queries.words(getattr(document, name))}"))
    if document.note:
        lines.append(("note", _("Note"), document.note))
    if document.owner is not None:
        lines.append(("owner", _("Salesperson"), document.owner.name))
    return lines


def money(label: Text, hint: Text) -> DecimalField:
    """Return a field for an amount that may be left blank."""
    return DecimalField(label, places=2, hint=hint)
