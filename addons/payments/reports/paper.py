"""What stands on the paper of a receipt and of a refund."""

from addons.payments.choices import AllocationKind, ReceiptState
from addons.payments.models import Receipt, Refund
from addons.payments.queries import ding_of, find_design, in_capitals, list_used, picture_of, words
from app.sdk.errors import Conflict
from app.sdk.i18n import _, humanize
from app.sdk.views import Paper, PaperLook


def receipt_paper(receipt: Receipt) -> Paper:
    """Return a receipt in words; from the second printing on it says that it is a copy (S:RE-06).

    Raises Conflict for one that is not posted: only what is booked is printed.
    """
    if receipt.state is not ReceiptState.POSTED:
        raise Conflict("receipt.unposted", _("Only a posted receipt is printed."))
    heading = str(_("Receipt %(number)s")) % {"number": receipt.number}
    if receipt.print_count > 1:
        heading += " · " + str(_("Copy, printing no. %(count)s")) % {"count": receipt.print_count}
    lines = [
        ("doc_date", _("Date"), f"{receipt.doc_date:%Y-%m-%d}"),
        ("partner", _("Received from"), str(receipt.partner or receipt.payer_name or _("Unknown payer"))),
        ("amount", _("Amount"), f"¥ {words(receipt.amount)}"),
        ("amount", _("Amount in words"), in_capitals(receipt.amount)),
    ]
    lines += [("lines", line.method.name, _tender(words(line.amount), line.bank_ref)) for line in receipt.lines]
    lines += _purposes(receipt)
    if receipt.owner is not None:
        lines.append(("owner", _("Cashier"), receipt.owner.name))
    return Paper(heading, lines, _look(sealed=True))


def refund_paper(refund: Refund) -> Paper:
    """Return a refund in words."""
    return Paper(
        str(_("Refund %(number)s")) % {"number": refund.number},
        [
            ("doc_date", _("Date"), f"{refund.doc_date:%Y-%m-%d}"),
            ("partner", _("Paid to"), str(refund.partner or "")),
            ("receipt", _("Receipt"), str(refund.receipt)),
            ("amount", _("Amount"), f"¥ {words(refund.amount)}"),
            ("amount", _("Amount in words"), in_capitals(refund.amount)),
            ("method", _("Method"), refund.method.name),
            ("reason", _("Reason"), refund.reason),
        ],
        _look(),
    )


def _look(*, sealed: bool = False) -> PaperLook:
    """Return the company's design; the seal stands on posted receipts only."""
    design = find_design()
    if design is None:
        return PaperLook()
    return PaperLook(
        size=design.paper.value,
        title=design.title or "",
        footer=design.footer or "",
        logo=picture_of(design.logo),
        seal=picture_of(design.seal) if sealed else None,
    )


def _tender(amount: str, bank_ref: str | None) -> str:
    return f"{amount} ({bank_ref})" if bank_ref else amount


def _purposes(receipt: Receipt) -> list[tuple[str, str, str]]:
    """Return what the money pays, one line each; of a deposit, which part binds."""
    paid: dict[int, str] = {}
    for one in list_used(receipt.id):
        if one.receivable is None or one.kind is not AllocationKind.SETTLE:
            continue
        text = f"{_(humanize(one.receivable.kind.value))} {one.receivable}"
        ding = ding_of(one.receivable)
        if ding.amount:
            split = {"ding": words(ding.amount), "rest": words(one.receivable.amount - ding.amount)}
            text += "  " + str(_("(Ding %(ding)s, prepayment %(rest)s)")) % split
        paid[one.receivable.id] = text
    return [("receivable_id", str(_("Paid for")), text) for text in paid.values()]
