"""What is known of quotations, and how their versions differ."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from addons.orders.choices import QuotationState
from addons.orders.models import PriceLine, Quotation, QuotationVersion
from addons.orders.queries.amounts import ZERO, to_fen, words
from addons.orders.queries.checks import margin_of
from addons.orders.queries.documents import explain
from addons.orders.queries.prices import prices_on
from addons.orders.queries.wording import lines_in_words
from app.sdk.database import Select, func, select, session
from app.sdk.errors import Text
from app.sdk.i18n import _

QUOTATION = "orders.Quotation"
OPEN = (QuotationState.DRAFT, QuotationState.SENT, QuotationState.ACCEPTED)
WordedLine = Mapping[str, Any]


def list_quotation_versions(quotation_id: int) -> list[QuotationVersion]:
    """Return what was sent before a quotation was negotiated anew, the latest first."""
    return list(
        session.scalars(
            select(QuotationVersion)
            .where(QuotationVersion.quotation_id == quotation_id)
            .order_by(QuotationVersion.revision.desc())
        )
    )


def list_lapsed_quotations(today: dt.date) -> list[Quotation]:
    """Return the quotations that nobody accepted in time."""
    return list(
        session.scalars(
            select(Quotation)
            .where(Quotation.state == QuotationState.SENT, Quotation.valid_until < today)
            .order_by(Quotation.id)
        )
    )


def count_open_quotations() -> int:
    """Return how many quotations are under way: whoever switches orders off sees it."""
    return session.scalar(select(func.count(Quotation.id)).where(Quotation.state.in_(OPEN))) or 0


def explain_quotation(quotation_id: int) -> Sequence[tuple[Text, str]]:
    """Return how the amounts of a quotation came about, and how it stands to the customer's budget (P:PRI-09)."""
    quotation = session.get_one(Quotation, quotation_id)
    told = list(explain(quotation.lines))
    if quotation.budget is not None:
        left = quotation.budget - quotation.gross
        text = _("%(amount)s are left") if left >= 0 else _("%(amount)s above it")
        told.append((_("Budget"), f"{words(quotation.budget)}: " + str(text) % {"amount": words(abs(left))}))
    return told


def with_margins(statement: Select[*tuple[Any, ...]]) -> Iterator[tuple[Quotation, str | None, Decimal | None]]:
    """Yield the quotations that a statement finds, each with its salesperson's name and its margin as a share.

    The margin is known where the price list of its day names the cost of every line (P:PRI-09).
    """
    costs: dict[dt.date, dict[int, PriceLine]] = {}
    for quotation, salesperson in session.execute(statement).all():
        day, products = quotation.doc_date, {line.product_id for line in quotation.lines}
        known = costs.setdefault(day, {})
        known |= prices_on(products - known.keys(), on=day) if products - known.keys() else {}
        yield quotation, salesperson, _margin(quotation, known)


def _margin(quotation: Quotation, prices: Mapping[int, PriceLine]) -> Decimal | None:
    cost = ZERO
    for line in quotation.lines:
        price = prices.get(line.product_id)
        if price is None or price.cost is None:
            return None
        cost += to_fen(line.quantity * price.cost)
    margin = margin_of(quotation.gross, cost)
    return None if margin is None else margin / 100


def compare_versions(quotation_id: int) -> Sequence[tuple[Text, str]]:
    """Return what changed from each version of a quotation to the next, the present one included (P:QUO-08)."""
    quotation = session.get_one(Quotation, quotation_id)
    kept = [(one.revision, one.lines) for one in reversed(list_quotation_versions(quotation_id))]
    told: list[tuple[Text, str]] = []
    for (older, before), (newer, after) in pairwise([*kept, (quotation.revision, lines_in_words(quotation.lines))]):
        changes = list(differences(before, after)) or [str(_("no change of the lines"))]
        told += [(f"v{older + 1} → v{newer + 1}", change) for change in changes]
    return told


def differences(before: Sequence[WordedLine], after: Sequence[WordedLine]) -> Iterator[str]:
    """Yield in words how the lines of two versions differ; lines of one description are compared in their order."""
    remaining = list(after)
    for line in before:
        match = next((one for one in remaining if one["description"] == line["description"]), None)
        if match is None:
            yield str(_("%(line)s: dropped (%(terms)s)")) % {"line": line["description"], "terms": _terms(line)}
            continue
        remaining.remove(match)
        if match != line:
            yield f"{line['description']}: {_terms(line)} → {_terms(match)}"
    for line in remaining:
        yield str(_("%(line)s: added (%(terms)s)")) % {"line": line["description"], "terms": _terms(line)}


def _terms(line: WordedLine) -> str:
    return f"{line['quantity']} × {line['unit_price']} = {line['gross']}"
