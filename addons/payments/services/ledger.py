"""Writing the ledger: one lock per month, entries that balance, and reversals that mirror (P:PAY-02)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from sqlalchemy.exc import IntegrityError

from addons.payments.choices import (
    Account,
    AllocationKind,
    CashDayState,
    PeriodState,
    PlaceKind,
    PostingKind,
    ReceivableState,
)
from addons.payments.models import Allocation, CashDay, Entry, Period, Place, Posting, Receipt, Receivable
from addons.payments.queries import list_allocations, local_day, owner_and_unit, sums_of, uses_of
from app.sdk.database import Select, lock_names, lock_rows, remembered, select, session
from app.sdk.errors import Conflict
from app.sdk.i18n import _
from app.sdk.models import Employee, User


@dataclass(frozen=True)
class Act:
    """Who moves money, on which day of the books, and at which instant; one for all that a service posts.

    It knows what is the same for each posting: whose it is.
    """

    actor: User | None
    on: dt.date
    now: dt.datetime

    @cached_property
    def place(self) -> tuple[Employee | None, int | None]:
        """Who answers for the postings, and the unit in which he works that day."""
        return owner_and_unit(self.actor, on=self.on)


Side = tuple[Account, Decimal, int | None]  # Account, amount, place of cash.


def lock(*rows: Receipt | Receivable | None) -> None:
    """Keep others out of these rows until the commit: receipts first, then receivables, each by id.

    Everybody takes locks in this order: bank lines and the documents that they stand for, bank references, receivables,
    the month's, the cash day's, the number's; so nobody waits in a circle.
    """
    for kind in (Receipt, Receivable):
        lock_rows(*(row for row in rows if isinstance(row, kind)))


def lock_bank_refs(references: Iterable[str]) -> None:
    """Keep others from entering these bank references until the commit (S:PAY-01)."""
    lock_names("payments.bank_ref", references)


def enter_period(on: dt.date, *, legal_entity_id: int | None, field: str = "doc_date") -> Period:
    """Lock the month of a day, making it if it is new; once in a transaction.

    Raises Conflict, naming the field of the day, where it is closed, or new and before one that is (S:PAY-05).
    """
    month = f"{on:%Y-%m}"
    entered = remembered(session, "payments_periods")
    period = entered.get((month, legal_entity_id)) or _locked_period(month, legal_entity_id)
    if period is None:
        _refuse_before_closed(month, legal_entity_id, field=field)
        try:
            with session.begin_nested():
                session.add(Period(month=month, legal_entity_id=legal_entity_id))
        except IntegrityError:
            pass  # Somebody made it at the same moment.
        period = _locked_period(month, legal_entity_id)
    if period is None:
        raise RuntimeError(f"the period {month} vanished")
    entered[month, legal_entity_id] = period
    if period.state is PeriodState.CLOSED:
        raise Conflict(
            "period.closed", _("The month %(month)s is closed: nothing can be posted in it."), field=field, month=month
        )
    return period


def _locked_period(month: str, legal_entity_id: int | None) -> Period | None:
    statement = _periods_of(legal_entity_id).where(Period.month == month)
    return session.scalar(statement.with_for_update(of=Period).execution_options(populate_existing=True))


def _refuse_before_closed(month: str, legal_entity_id: int | None, *, field: str) -> None:
    """Refuse a month in which nothing was posted yet, where a later one is closed: its books rest on it."""
    later = _periods_of(legal_entity_id).where(Period.month > month, Period.state == PeriodState.CLOSED)
    closed = session.scalar(later.order_by(Period.month).limit(1))
    if closed is not None:
        raise Conflict(
            "period.before_closed",
            _("The month %(month)s is closed: nothing can be posted before it."),
            field=field,
            month=closed.month,
        )


def _periods_of(legal_entity_id: int | None) -> Select[Period]:
    entity = Period.legal_entity_id
    return select(Period).where(entity.is_(None) if legal_entity_id is None else entity == legal_entity_id)


@dataclass(frozen=True, kw_only=True)
class Movement:
    """What one posting says: its sides, and in which ways it uses the receipt's money, for a receivable if named."""

    kind: PostingKind
    sides: Sequence[Side]
    receivable: Receivable | None = None
    reverses: Posting | None = None
    uses: Sequence[tuple[AllocationKind, Decimal]] = ()


def post(movement: Movement, *, act: Act, receipt: Receipt | None = None) -> Posting:
    """Write one posting, and what it used the receipt's money for.

    Raises Conflict in a closed month, or on a cash day that was handed in.
    """
    return post_all([movement], act=act, receipt=receipt)[0]


def post_all(movements: Sequence[Movement], *, act: Act, receipt: Receipt | None = None) -> list[Posting]:
    """Write the postings of one act together, and count the sums of what they touch once.

    Raises as `post` does; all or none is written.
    """
    postings = [_draw_up(movement, act, receipt) for movement in movements]
    session.add_all(postings)
    uses = _uses_in(movements, postings, receipt) if receipt is not None else []
    session.add_all(uses)
    session.flush()
    if receipt is not None and uses:
        _recount_receipt(receipt)
    _recount([one.receivable for one in movements if one.receivable is not None and one.kind is not PostingKind.OPEN])
    return postings


def _uses_in(movements: Sequence[Movement], postings: Sequence[Posting], receipt: Receipt) -> list[Allocation]:
    return [
        Allocation(
            posting=posting,
            receipt_id=receipt.id,
            receivable_id=movement.receivable.id if movement.receivable is not None else None,
            kind=use,
            amount=amount,
        )
        for movement, posting in zip(movements, postings, strict=True)
        for use, amount in movement.uses
    ]


def _draw_up(movement: Movement, act: Act, receipt: Receipt | None) -> Posting:
    """Lock the month and the cash days that a posting touches, and return it unwritten."""
    of = receipt or movement.receivable
    entity_id = of.legal_entity_id if of is not None else None
    enter_period(act.on, legal_entity_id=entity_id)
    _enter_cash_days({place_id for _account, _amount, place_id in movement.sides if place_id is not None}, act)
    owner, unit_id = act.place
    return Posting(
        kind=movement.kind,
        posted_on=act.on,
        posted_at=act.now,
        month=f"{act.on:%Y-%m}",
        legal_entity_id=entity_id,
        receipt_id=receipt.id if receipt is not None else None,
        receivable_id=movement.receivable.id if movement.receivable is not None else None,
        reverses_id=movement.reverses.id if movement.reverses is not None else None,
        owner_id=owner.id if owner else None,
        org_unit_id=unit_id,
        entries=[Entry(account=account, amount=amount, place_id=place) for account, amount, place in movement.sides],
    )


def reverse(posting: Posting, *, actor: User, now: dt.datetime) -> Posting:
    """Mirror a posting today: every entry and every use with the other sign."""
    mirrored = Movement(
        kind=PostingKind.REVERSE,
        sides=[(entry.account, -entry.amount, entry.place_id) for entry in posting.entries],
        receivable=posting.receivable,
        reverses=posting,
        uses=[(one.kind, -one.amount) for one in list_allocations(posting)],
    )
    return post(mirrored, act=Act(actor, local_day(now), now), receipt=posting.receipt)


def _recount_receipt(receipt: Receipt) -> None:
    """Bring the sums on a receipt up to what its money was used for."""
    used = uses_of(receipt)
    receipt.settled, receipt.refunded = used[AllocationKind.SETTLE], used[AllocationKind.REFUND]
    receipt.forfeited = used[AllocationKind.FORFEIT]


def _recount(receivables: Iterable[Receivable]) -> None:
    """Bring the sums on receivables up to what the ledger says; what is opened is neither paid nor waived by that."""
    counted = {one.id: one for one in receivables if one.state is not ReceivableState.DRAFT}
    for key, (still, settled) in sums_of(counted).items():
        receivable = counted[key]
        receivable.settled, receivable.waived = settled, receivable.amount - settled - still


def _enter_cash_days(place_ids: set[int], act: Act) -> None:
    """Lock the day of each cash desk, opening it with its first cash.

    Raises Conflict where it, or a later one, was handed in: what is counted later begins with it (S:RE-08).
    """
    places = [session.get_one(Place, place_id) for place_id in sorted(place_ids)]
    for desk in [place for place in places if place.kind is PlaceKind.CASH_DESK]:
        days = _locked_days(desk.id, act.on)
        if not days or days[0].day != act.on:
            owner, unit_id = act.place
            try:
                with session.begin_nested():
                    session.add(
                        CashDay(place_id=desk.id, day=act.on, owner_id=owner.id if owner else None, org_unit_id=unit_id)
                    )
            except IntegrityError:
                pass  # Somebody opened it at the same moment.
            days = _locked_days(desk.id, act.on)
        handed_in = next((day for day in days if day.state is not CashDayState.OPEN), None)
        if handed_in is not None:
            raise Conflict(
                "cash_day.handed_in",
                _("The cash day %(day)s of %(place)s was handed in."),
                field="doc_date",
                day=handed_in.day,
                place=desk.name,
            )


def _locked_days(place_id: int, first: dt.date) -> Sequence[CashDay]:
    """Return the days of a desk from the first one on; there is one but for what is dated back."""
    statement = select(CashDay).where(CashDay.place_id == place_id, CashDay.day >= first).order_by(CashDay.day)
    return session.scalars(statement.with_for_update(of=CashDay).execution_options(populate_existing=True)).all()
