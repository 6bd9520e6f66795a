"""Writing the ledger: one lock per month, entries that balance, and reversals that mirror (P:PAY-02)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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
from addons.payments.queries import balance_of, list_allocations, local_day, owner_and_unit, settled_of, uses_of
from app.sdk.database import select, session
from app.sdk.errors import Conflict
from app.sdk.i18n import _
from app.sdk.models import Employee, User


@dataclass(frozen=True)
class Act:
    """Who moves money, on which day of the books, and at which instant; one for all that a service posts.

    It remembers what is the same for each posting: whose it is, and in whose books the month is locked already.
    """

    actor: User | None
    on: dt.date
    now: dt.datetime
    _entered: set[int | None] = field(default_factory=set, init=False, repr=False, compare=False)

    @cached_property
    def place(self) -> tuple[Employee | None, int | None]:
        """Who answers for the postings, and the unit in which he works that day."""
        return owner_and_unit(self.actor, on=self.on)

    def enter_period(self, *, legal_entity_id: int | None) -> None:
        """Lock the month unless this act has done so. Raises Conflict where it is closed (S:PAY-05)."""
        if legal_entity_id not in self._entered:
            enter_period(self.on, legal_entity_id=legal_entity_id)
            self._entered.add(legal_entity_id)


Side = tuple[Account, Decimal, int | None]  # Account, amount, place of cash.


def lock(*rows: Receipt | Receivable | None) -> None:
    """Keep others out of these rows until the commit: receipts first, then receivables, each by id.

    Everybody takes locks in this order, then the month's, then the cash day's, then the number's; so nobody waits in a
    circle.
    """
    for kind in (Receipt, Receivable):
        found = {row.id: row for row in rows if isinstance(row, kind)}
        for key in sorted(found):
            session.flush()
            session.refresh(found[key], with_for_update={"of": kind})


def enter_period(on: dt.date, *, legal_entity_id: int | None) -> Period:
    """Lock the month of a day, making it if it is new. Raises Conflict where it is closed (S:PAY-05)."""
    month = f"{on:%Y-%m}"
    period = _locked_period(month, legal_entity_id)
    if period is None:
        try:
            with session.begin_nested():
                session.add(Period(month=month, legal_entity_id=legal_entity_id))
        except IntegrityError:
            pass  # Somebody made it at the same moment.
        period = _locked_period(month, legal_entity_id)
    if period is None:
        raise RuntimeError(f"the period {month} vanished")
    if period.state is PeriodState.CLOSED:
        raise Conflict(
            "period.closed",
            _("The month %(month)s is closed: nothing can be posted in it."),
            field="doc_date",
            month=month,
        )
    return period


def _locked_period(month: str, legal_entity_id: int | None) -> Period | None:
    statement = select(Period).where(
        Period.month == month,
        Period.legal_entity_id.is_(None) if legal_entity_id is None else Period.legal_entity_id == legal_entity_id,
    )
    return session.scalar(statement.with_for_update(of=Period).execution_options(populate_existing=True))


def post(
    kind: PostingKind,
    sides: Sequence[Side],
    *,
    act: Act,
    receipt: Receipt | None = None,
    receivable: Receivable | None = None,
    reverses: Posting | None = None,
    uses: Iterable[tuple[AllocationKind, Decimal]] = (),
) -> Posting:
    """Write one posting, and what it used the receipt's money for.

    Raises Conflict in a closed month, or on a cash day that was handed in.
    """
    on, of = act.on, receipt or receivable
    entity_id = of.legal_entity_id if of is not None else None
    act.enter_period(legal_entity_id=entity_id)
    _enter_cash_days({place_id for _account, _amount, place_id in sides if place_id is not None}, act)
    owner, unit_id = act.place
    posting = Posting(
        kind=kind,
        posted_on=on,
        posted_at=act.now,
        month=f"{on:%Y-%m}",
        legal_entity_id=entity_id,
        receipt_id=receipt.id if receipt is not None else None,
        receivable_id=receivable.id if receivable is not None else None,
        reverses_id=reverses.id if reverses is not None else None,
        owner_id=owner.id if owner else None,
        org_unit_id=unit_id,
        entries=[Entry(account=account, amount=amount, place_id=place) for account, amount, place in sides],
    )
    session.add(posting)
    session.flush()
    if receipt is not None:
        session.add_all(
            Allocation(
                posting_id=posting.id,
                receipt_id=receipt.id,
                receivable_id=receivable.id if receivable is not None else None,
                kind=use,
                amount=amount,
            )
            for use, amount in uses
        )
    session.flush()
    _recount(receipt, receivable)
    return posting


def reverse(posting: Posting, *, actor: User, now: dt.datetime) -> Posting:
    """Mirror a posting today: every entry and every use with the other sign."""
    return post(
        PostingKind.REVERSE,
        [(entry.account, -entry.amount, entry.place_id) for entry in posting.entries],
        act=Act(actor, local_day(now), now),
        receipt=posting.receipt,
        receivable=posting.receivable,
        reverses=posting,
        uses=[(one.kind, -one.amount) for one in list_allocations(posting)],
    )


def _recount(receipt: Receipt | None, receivable: Receivable | None) -> None:
    """Bring the sums on the documents up to what the ledger says."""
    if receipt is not None:
        used = uses_of(receipt)
        receipt.settled, receipt.refunded = used[AllocationKind.SETTLE], used[AllocationKind.REFUND]
        receipt.forfeited = used[AllocationKind.FORFEIT]
    if receivable is not None and receivable.state is not ReceivableState.DRAFT:
        still, settled = balance_of(Account.RECEIVABLE, receivable_id=receivable.id), settled_of(receivable)
        receivable.settled, receivable.waived = settled, receivable.amount - settled - still
    session.flush()


def _enter_cash_days(place_ids: set[int], act: Act) -> None:
    """Lock the day of each cash desk, opening it with its first cash. Raises Conflict for one handed in (S:RE-08)."""
    if not place_ids:
        return
    desks = session.scalars(
        select(Place).where(Place.id.in_(place_ids), Place.kind == PlaceKind.CASH_DESK).order_by(Place.id)
    )
    for desk in desks.all():
        day = _locked_day(desk.id, act.on)
        if day is None:
            owner, unit_id = act.place
            try:
                with session.begin_nested():
                    session.add(
                        CashDay(place_id=desk.id, day=act.on, owner_id=owner.id if owner else None, org_unit_id=unit_id)
                    )
            except IntegrityError:
                pass  # Somebody opened it at the same moment.
            day = _locked_day(desk.id, act.on)
        if day is not None and day.state is not CashDayState.OPEN:
            raise Conflict(
                "cash_day.handed_in",
                _("The cash day %(day)s of %(place)s was handed in."),
                field="doc_date",
                day=act.on,
                place=desk.name,
            )


def _locked_day(place_id: int, on: dt.date) -> CashDay | None:
    statement = select(CashDay).where(CashDay.place_id == place_id, CashDay.day == on)
    return session.scalar(statement.with_for_update(of=CashDay).execution_options(populate_existing=True))
