"""What a receipt's money is used for: settling, and then refund, forfeiture and transfer."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from addons.payments.choices import Account, AllocationKind, PostingKind, ReceivableKind, ReceivableState
from addons.payments.events import MoneyAllocated, MoneyForfeited, MoneyRefunded
from addons.payments.masterdata import REFUND_NUMBERS
from addons.payments.models import Method, Posting, Receipt, Receivable, Refund
from addons.payments.parameters import DEPOSIT_METHODS, ID_REQUIRED
from addons.payments.queries import (
    deposits_of_deal,
    forfeitable_of,
    least_payment,
    list_allocations,
    local_day,
    open_of,
    used_of,
    words,
)
from addons.payments.services.bank_links import identify_lines, lock_lines, release_lines
from addons.payments.services.ledger import Act, Movement, Side, lock, post, post_all, reverse
from addons.payments.services.receivables import follow_balance
from addons.payments.workflow import RECEIPT_WORKFLOW, REFUND_WORKFLOW
from app.sdk.database import lock_matching, session
from app.sdk.errors import Conflict, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import Partner, draw_number, parse_decimal
from app.sdk.models import User
from app.sdk.workflow import Amount


def use_for(
    receipt: Receipt, uses: Sequence[tuple[Receivable, Decimal]], *, act: Act, kind: PostingKind = PostingKind.SETTLE
) -> None:
    """Settle locked receivables with a locked receipt's money, each with so much. Amounts in yuan.

    Raises ValidationError above what is free or open, and below the least payment, naming the limit (R4); Conflict
    for a receivable that is not open; ValidationError where a third person pays without a written authorisation, or the
    payer has not shown an identity card that is asked for (P:PIG-03).
    """
    free = receipt.free_amount
    for receivable, amount in uses:
        _check_use(receipt, receivable, amount, free=free, on=act.on)
        free -= amount
    movements = [
        Movement(
            kind=kind,
            sides=[(Account.ADVANCE, amount, None), (Account.RECEIVABLE, -amount, None)],
            receivable=receivable,
            uses=[(AllocationKind.SETTLE, amount)],
        )
        for receivable, amount in uses
    ]
    post_all(movements, act=act, receipt=receipt)
    for receivable, amount in uses:
        _follow(receipt, receivable, amount, actor=act.actor)


@RECEIPT_WORKFLOW.transition("match", holds=lock_lines)
def match_receipt(receipt: Receipt, *, actor: User, partner: Partner, now: dt.datetime) -> None:
    """Say whose money it is: from then on it is his advance (P:PAY-06)."""
    amount = receipt.free_amount
    receipt.partner_id = partner.id
    sides: list[Side] = [(Account.UNIDENTIFIED, amount, None), (Account.ADVANCE, -amount, None)]
    post(Movement(kind=PostingKind.MATCH, sides=sides), act=Act(actor, local_day(now), now), receipt=receipt)
    identify_lines(receipt, actor=actor)


@RECEIPT_WORKFLOW.transition("settle")
def settle_receivable(
    receipt: Receipt, *, actor: User, receivable: Receivable, now: dt.datetime, amount: Amount | None = None
) -> None:
    """Settle one receivable; without an amount, as much of it as the receipt can."""
    lock(receivable)
    wanted = amount if amount is not None else min(receipt.free_amount, receivable.open_amount)
    use_for(receipt, [(receivable, wanted)], act=Act(actor, local_day(now), now))


@RECEIPT_WORKFLOW.transition("settle_oldest")
def settle_oldest(receipt: Receipt, *, actor: User, now: dt.datetime) -> None:
    """Settle what its payer owes, what is due first in front, until the money is used up.

    A deposit that the rest would not cover is left out.
    """
    assert receipt.partner_id is not None  # noqa: S101  # A guard has seen to it.
    found = sorted(lock_matching(open_of(receipt.partner_id)), key=lambda one: (one.due_on, one.id))
    act, free = Act(actor, local_day(now), now), receipt.free_amount
    uses = []
    for receivable in found:
        amount = min(free, receivable.open_amount)
        if 0 < least_payment(receivable, on=act.on).amount <= amount:
            uses.append((receivable, amount))
            free -= amount
    if not uses:
        raise Conflict("receipt.nothing_open", _("This payer owes nothing that the money would settle."))
    use_for(receipt, uses, act=act)


@RECEIPT_WORKFLOW.transition("refund")
def refund_money(
    receipt: Receipt,
    *,
    actor: User,
    amount: Amount,
    method: Method,
    reason: str,
    now: dt.datetime,
    receivable: Receivable | None = None,
) -> None:
    """Pay money back: what is free, or what had settled the named receivable, which is then owed no more.

    Raises ValidationError above what is there, naming it (R4).
    """
    make_refund(receipt, receivable, amount, method=method, reason=reason, act=Act(actor, local_day(now), now))


def make_refund(
    receipt: Receipt, receivable: Receivable | None, amount: Decimal, *, method: Method, reason: str, act: Act
) -> None:
    """Pay money back for whoever may; what `refund_money` raises."""
    _check_taking(receipt, receivable, amount)
    sides = [*_taken_back(receivable, amount)]
    sides += [(Account.ADVANCE, amount, None), (Account.REFUND_PAYABLE, -amount, None)]
    sides += [(Account.REFUND_PAYABLE, amount, None), (Account.CASH, -amount, method.place_id)]
    posting = _use(PostingKind.REFUND, AllocationKind.REFUND, receipt, receivable, amount, sides, act=act)
    refund = Refund(
        posting_id=posting.id,
        receipt_id=receipt.id,
        partner_id=receipt.partner_id,
        method_id=method.id,
        amount=amount,
        reason=reason,
        doc_date=act.on,
        posted_at=act.now,
        period=f"{act.on:%Y-%m}",
        legal_entity_id=receipt.legal_entity_id,
        owner_id=receipt.owner_id,
        org_unit_id=receipt.org_unit_id,
    )
    session.add(refund)
    session.flush()
    publish(MoneyRefunded(company_id=receipt.company_id, receipt_id=receipt.id, refund_id=refund.id))
    refund.number = draw_number(REFUND_NUMBERS, legal_entity_id=refund.legal_entity_id, on=refund.doc_date)
    session.flush()


@REFUND_WORKFLOW.transition("void", holds=lock_lines)
def void_refund(refund: Refund, *, actor: User, reason: str, now: dt.datetime) -> None:
    """Take a refund back: the money is in the desk again, and free."""
    lock(refund.receipt)
    take_back([refund.posting], actor=actor, now=now)
    release_lines(refund, actor=actor)


def take_back(postings: Sequence[Posting], *, actor: User, now: dt.datetime) -> None:
    """Mirror postings of a locked receipt today, and announce for which receivables its money counts otherwise now."""
    lock(*(posting.receivable for posting in postings))
    moved: dict[tuple[Receipt, Receivable], Decimal] = {}
    for posting in postings:
        for use in list_allocations(reverse(posting, actor=actor, now=now)):
            if use.kind is AllocationKind.SETTLE and use.receivable is not None:
                pair = use.receipt, use.receivable
                moved[pair] = moved.get(pair, use.amount * 0) + use.amount
    for (receipt, receivable), amount in moved.items():
        _follow(receipt, receivable, amount, actor=actor)


@RECEIPT_WORKFLOW.transition("forfeit")
def forfeit_money(
    receipt: Receipt, *, actor: User, receivable: Receivable, amount: Amount, reason: str, now: dt.datetime
) -> None:
    """Keep the deposit of a buyer who broke his word; only its Ding is kept, a prepayment is refunded.

    Raises ValidationError above what this receipt paid, or the Ding that is left of the deal (R4), Conflict for what is
    no deposit (R2).
    """
    if receivable.kind is not ReceivableKind.DEPOSIT:
        raise Conflict("forfeit.kind", _("Only a deposit is forfeited; anything else is refunded."), field="receivable")
    lock(*deposits_of_deal(receivable))
    _check_taken(receipt, receivable, amount)
    left = forfeitable_of(receivable)
    if amount > left:
        raise ValidationError(
            "forfeit.ding",
            _("Only the Ding is forfeited, %(limit)s here; the rest is a prepayment and is refunded."),
            field="amount",
            limit=words(left),
        )
    sides = [*_taken_back(receivable, amount), (Account.ADVANCE, amount, None), (Account.FORFEITURE, -amount, None)]
    _use(
        PostingKind.FORFEIT,
        AllocationKind.FORFEIT,
        receipt,
        receivable,
        amount,
        sides,
        act=Act(actor, local_day(now), now),
    )
    publish(MoneyForfeited(company_id=receipt.company_id, receipt_id=receipt.id, amount_fen=int(amount * 100)))


@RECEIPT_WORKFLOW.transition("transfer")
def transfer_money(
    receipt: Receipt,
    *,
    actor: User,
    source: Receivable,
    target: Receivable,
    amount: Amount,
    reason: str,
    now: dt.datetime,
) -> None:
    """Move money from one receivable to another; the first is owed again.

    Raises ValidationError above what the receipt had paid for it (R4).
    """
    if source.id == target.id:
        raise ValidationError("transfer.same", _("Choose another receivable."), field="target")
    lock(source, target)
    _check_taken(receipt, source, amount)
    sides: list[Side] = [(Account.RECEIVABLE, amount, None), (Account.ADVANCE, -amount, None)]
    act = Act(actor, local_day(now), now)
    taken = Movement(kind=PostingKind.TRANSFER, sides=sides, receivable=source, uses=[(AllocationKind.SETTLE, -amount)])
    post(taken, act=act, receipt=receipt)
    _follow(receipt, source, -amount, actor=actor)
    use_for(receipt, [(target, amount)], act=act, kind=PostingKind.TRANSFER)


def _use(
    kind: PostingKind,
    use: AllocationKind,
    receipt: Receipt,
    receivable: Receivable | None,
    amount: Decimal,
    sides: list[Side],
    *,
    act: Act,
) -> Posting:
    """Post what takes money out of a receipt, first back from the receivable that it had settled."""
    uses = [(use, amount)] if receivable is None else [(AllocationKind.SETTLE, -amount), (use, amount)]
    posting = post(Movement(kind=kind, sides=sides, receivable=receivable, uses=uses), act=act, receipt=receipt)
    if receivable is not None:
        _follow(receipt, receivable, -amount, actor=act.actor)
    return posting


def _taken_back(receivable: Receivable | None, amount: Decimal) -> list[Side]:
    """Return the sides that free money of a receivable, and let what was owed for it go."""
    if receivable is None:
        return []
    return [
        (Account.RECEIVABLE, amount, None),
        (Account.ADVANCE, -amount, None),
        (Account.CLAIM, amount, None),
        (Account.RECEIVABLE, -amount, None),
    ]


def _check_use(receipt: Receipt, receivable: Receivable, amount: Decimal, *, free: Decimal, on: dt.date) -> None:
    if receivable.state is not ReceivableState.OPEN:
        raise Conflict("receipt.not_open", _("%(number)s is not open."), field="receivable", number=receivable)
    if receipt.partner_id != receivable.partner_id and not receipt.authorisation:
        raise ValidationError(
            "receipt.other_payer",
            _("%(number)s is owed by somebody else: note by which written authorisation this payer settles it."),
            field="authorisation",
            number=receivable,
        )
    _check_methods(receipt, receivable)
    _check_identity(receipt, receivable)
    for limit in (free, receivable.open_amount):
        _refuse_more(amount, limit)
    least = least_payment(receivable, on=on).amount
    if amount < least:
        raise ValidationError(
            "receipt.too_little", _("At least %(limit)s is taken here."), field="amount", limit=words(least)
        )


def _check_methods(receipt: Receipt, receivable: Receivable) -> None:
    """Refuse a deposit that is paid in a way that the company does not take it in (P:PIG-02, R4)."""
    allowed = DEPOSIT_METHODS.value(receipt.doc_date) if receivable.kind is ReceivableKind.DEPOSIT else []
    wrong = [line.method for line in receipt.lines if allowed and line.method.kind.value not in allowed]
    if wrong:
        raise ValidationError(
            "receipt.method",
            _("A deposit is not taken by %(value)s; it may be paid by: %(limit)s."),
            field="lines",
            value=str(wrong[0]),
            limit=", ".join(str(_(humanize(one))) for one in allowed),
        )


def _check_identity(receipt: Receipt, receivable: Receivable) -> None:
    """Refuse a payer who has not shown a valid identity card, where the company asks for it (P:PIG-03)."""
    if receivable.kind.value not in ID_REQUIRED.value(receipt.doc_date):
        return
    for field in ("id_no", "id_valid_to"):
        if not getattr(receipt, field):
            raise ValidationError(
                "receipt.identity", _("%(label)s is required."), field=field, label=_(humanize(field))
            )
    if receipt.id_valid_to is not None and receipt.id_valid_to < receipt.doc_date:
        raise ValidationError(
            "receipt.identity_expired",
            _("The identity card has expired on %(limit)s."),
            field="id_valid_to",
            limit=receipt.id_valid_to,
        )


def _check_taking(receipt: Receipt, receivable: Receivable | None, amount: Decimal) -> None:
    if receivable is None:
        _refuse_more(amount, receipt.free_amount)
    else:
        lock(receivable)
        _check_taken(receipt, receivable, amount)


def _check_taken(receipt: Receipt, receivable: Receivable, amount: Decimal) -> None:
    _refuse_more(amount, used_of(receipt, AllocationKind.SETTLE, receivable_id=receivable.id))


def _refuse_more(amount: Decimal, limit: Decimal) -> None:
    parse_decimal(amount, field="amount", places=2)  # A fen is never cut in two.
    if amount <= 0:
        raise ValidationError("receipt.amount", _("The amount must be above %(limit)s."), field="amount", limit="0.00")
    if amount > limit:
        raise ValidationError("receipt.too_much", _("At most %(limit)s is there."), field="amount", limit=words(limit))


def _follow(receipt: Receipt, receivable: Receivable, amount: Decimal, *, actor: User | None) -> None:
    """Announce that money moved, once the receivable's state says so too: who hears of it reads that state."""
    follow_balance(receivable, actor=actor)
    publish(
        MoneyAllocated(
            company_id=receipt.company_id,
            receipt_id=receipt.id,
            receivable_id=receivable.id,
            amount_fen=int(amount * 100),
        )
    )
