"""What a discount comes to, and what is known of discount requests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from addons.orders.choices import LIVE_DISCOUNTS, DiscountKind, DiscountState
from addons.orders.models import DiscountLine, DiscountRequest, DiscountReview, Line
from addons.orders.queries.amounts import ZERO, line_amounts, plain, to_fen, words
from addons.orders.queries.checks import check_of_price
from addons.orders.queries.limits import forwarded_late, issued_late
from addons.orders.queries.prices import prices_on
from app.sdk.database import Select, func, select, session, utc_now
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.security import may, visible
from app.sdk.workflow import MOST_TODOS

DISCOUNT = "orders.DiscountRequest"
UNIT_PRICE = Decimal("0.000001")
HUNDRED = Decimal(100)


def list_price_of(line: Line) -> Decimal:
    """Return from which price a line is discounted: its list price, or the typed one where it has none."""
    return line.list_price if line.list_price is not None else line.unit_price


def total_at(lines: Iterable[Line], prices: Mapping[int, Decimal] | None = None) -> Decimal:
    """Return what lines come to at these unit prices by their ids, else at list prices; tax included, in yuan."""
    given = prices or {}
    amounts = (
        line_amounts(
            line.quantity,
            given.get(line.id, list_price_of(line)),
            tax_rate=line.tax_rate,
            tax_included=line.tax_included,
        )
        for line in lines
    )
    return sum((one.gross for one in amounts), ZERO)


def reduction_of(terms: Iterable[DiscountLine], list_total: Decimal) -> Decimal:
    """Return what terms take off a list total, in yuan: per cents of it and amounts add up (P:PRI-03)."""
    off = ZERO
    for term in terms:
        value = term.value or ZERO
        if term.kind is DiscountKind.PERCENT:
            off += to_fen(list_total * value / HUNDRED)
        elif term.kind is DiscountKind.AMOUNT:
            off += value
    return off


def terms_in_words(terms: Iterable[DiscountLine]) -> Iterator[str]:
    """Yield terms as a log repeats them: 3 %, −10,000.00, a gift by its name."""
    for term in terms:
        value = term.value or ZERO
        figure = {DiscountKind.PERCENT: f"{plain(value)} %", DiscountKind.AMOUNT: f"−{words(value)}"}.get(term.kind)
        yield " ".join(part for part in (figure, term.description) if part)


def discounted_prices(lines: Sequence[Line], reduction: Decimal) -> dict[int, Decimal]:
    """Return the unit price of each line by its id, all lowered alike so that together they lose the reduction.

    A unit price has six decimals, so lines of a large quantity may differ from the reduction by some fen: what the
    lines come to is what counts.
    """
    total = total_at(lines)
    kept = (total - reduction) / total if total else ZERO
    return {line.id: (list_price_of(line) * kept).quantize(UNIT_PRICE, ROUND_HALF_UP) for line in lines}


def find_live_discount(reservation_id: int) -> DiscountRequest | None:
    """Return the request on a reservation that is not decided yet, or not issued."""
    return session.scalar(
        select(DiscountRequest)
        .where(DiscountRequest.reservation_id == reservation_id, DiscountRequest.state.in_(LIVE_DISCOUNTS))
        .limit(1)
    )


def list_reviews(request_id: int) -> list[DiscountReview]:
    """Return the signed opinions on a request, those of earlier rounds included, the latest first."""
    return list(
        session.scalars(
            select(DiscountReview)
            .where(DiscountReview.discount_request_id == request_id)
            .order_by(DiscountReview.revision.desc(), DiscountReview.position)
        )
    )


def steps_of_reviews(requests: Select[*tuple[Any, ...]]) -> dict[int, list[str]]:
    """Return by position the names of the steps at which requests were reviewed, in the rounds that they are in.

    `requests` selects their ids.
    """
    of_round = (DiscountReview.discount_request_id == DiscountRequest.id) & (
        DiscountReview.revision == DiscountRequest.revision
    )
    found: dict[int, list[str]] = {}
    for position, name in session.execute(
        select(DiscountReview.position, DiscountReview.step_name)
        .join(DiscountRequest, of_round)
        .where(DiscountRequest.id.in_(requests))
        .distinct()
        .order_by(DiscountReview.position, DiscountReview.step_name)
    ):
        found.setdefault(position, []).append(name or "")
    return found


def list_in(state: DiscountState) -> list[DiscountRequest]:
    """Return the requests in a state."""
    return list(session.scalars(select(DiscountRequest).where(DiscountRequest.state == state)))


def list_discounts_for(actor: User, *, verb: str, state: DiscountState) -> list[DiscountRequest]:
    """Return the requests that wait for somebody who may do this step, the oldest first."""
    statement = select(DiscountRequest).where(DiscountRequest.state == state).order_by(DiscountRequest.id)
    if not may(actor, verb, DISCOUNT):
        return []
    within = visible(DiscountRequest, actor, verb=verb)
    return list(session.scalars((statement if within is None else statement.where(within)).limit(MOST_TODOS)))


def count_open_discounts() -> int:
    """Return how many requests are under way: whoever switches orders off sees it."""
    return session.scalar(select(func.count(DiscountRequest.id)).where(DiscountRequest.state.in_(LIVE_DISCOUNTS))) or 0


def explain_discount(request_id: int) -> Sequence[tuple[Text, str]]:
    """Return how the net of a request came about, what it does to each price, and how late it is."""
    request = session.get_one(DiscountRequest, request_id)
    told: list[tuple[Text, str]] = [(_("List total"), words(request.list_total))]
    told += [(_("Less"), _term(term, request.list_total)) for term in request.lines]
    told.append((_("Net asked for"), words(request.net)))
    if request.granted_net is not None:
        told.append((_("Net granted"), words(request.granted_net)))
    told += _prices(request)
    told += [(_("Days late"), text) for text in _late(request)]
    return told


def _term(term: DiscountLine, list_total: Decimal) -> str:
    value = term.value or ZERO
    if term.kind is DiscountKind.PERCENT:
        text = f"{words(list_total)} × {plain(value)} % = {words(to_fen(list_total * value / HUNDRED))}"
    elif term.kind is DiscountKind.AMOUNT:
        text = words(value)
    else:
        text = str(_("nothing off the price")) + (f" ({words(value)})" if term.value else "")
    return f"{term.description}: {text}" if term.description else text


def _prices(request: DiscountRequest) -> list[tuple[Text, str]]:
    lines, day = request.reservation.lines, request.reservation.doc_date
    asked = reduction_of(request.lines, request.list_total)
    known = prices_on({line.product_id for line in lines}, on=day)
    lowered = discounted_prices(lines, request.granted if request.granted is not None else asked)
    return [
        (
            line.description or str(line.product),
            f"{plain(list_price_of(line))} → {plain(lowered[line.id])}; "
            + check_of_price(lowered[line.id], known.get(line.product_id), on=day),
        )
        for line in lines
    ]


def _late(request: DiscountRequest) -> list[str]:
    now, told = utc_now(), []
    reported, issued = request.forwarded_late, request.issued_late
    if request.state is DiscountState.REVIEWED:
        reported = forwarded_late(request, now=now)
    if request.state is DiscountState.APPROVED:
        issued = issued_late(request, now=now)
    if reported:
        told.append(str(_("Reported to the general manager: %(days)s")) % {"days": reported})
    if issued:
        told.append(str(_("Issued to the salesperson: %(days)s")) % {"days": issued})
    return told
