"""Whose performance a contract is, and of which period: shares of 100 per cent that add up to the amount (S:CON-09)."""

import datetime as dt
from decimal import ROUND_DOWN, Decimal

from addons.contracts.models import Contract, Credit
from addons.contracts.parameters import CREDIT_BASIS
from addons.contracts.queries import list_credits
from addons.contracts.workflow import CONTRACT_WORKFLOW
from app.sdk.database import session
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.models import Employee, User

FEN = Decimal("0.01")
WHOLE = Decimal(100)
NOTHING = Decimal(0)


def split_amount(amount: Decimal, shares: list[Decimal]) -> list[Decimal]:
    """Return the parts of an amount by shares in per cent; the largest remainders take the odd fen, so it adds up."""
    if amount < 0:
        return [-part for part in split_amount(-amount, shares)]
    exact = [amount * share / WHOLE for share in shares]
    parts = [part.quantize(FEN, ROUND_DOWN) for part in exact]
    missing = int((amount - sum(parts, Decimal(0))) / FEN)
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[:missing]:
        parts[at] += FEN
    return parts


def set_credits(contract: Contract, shares: dict[int, Decimal], *, day: dt.date) -> None:
    """Give the performance to these employees, period by period; what no period has yet counts on this day (S:CON-09).

    So the period of the signing keeps its amount, and that of an amendment has the difference. Raises ValidationError
    unless the shares add up to 100 (R4).
    """
    total = sum(shares.values(), Decimal(0))
    if total != WHOLE or any(share <= 0 for share in shares.values()):
        raise ValidationError(
            "contract.shares",
            _("The shares must be above 0 and add up to 100 %%; they add up to %(total)s %%."),
            field="share",
            total=f"{total.normalize():f}",
        )
    counted = _counted(contract)
    counted[day] = counted.get(day, NOTHING) + contract.amount - sum(counted.values(), NOTHING)
    for row in list_credits(contract.id):
        session.delete(row)
    session.flush()
    for on, whole in sorted(counted.items()):
        if whole:  # An amendment may take back all that another one of the same day has brought.
            _count(contract, shares, whole, on=on)
    session.flush()


def credit_owner(contract: Contract, *, signed_on: dt.date, today: dt.date) -> None:
    """Give the performance to the owner, or, where it was shared, share what is new in the same way."""
    shares = {row.employee_id: row.share for row in list_credits(contract.id)}
    if not shares and contract.owner_id is not None:
        shares = {contract.owner_id: WHOLE}
    if shares:
        set_credits(contract, shares, day=counts_on(contract, signed_on=signed_on, entered_on=today))


def counts_on(contract: Contract, *, signed_on: dt.date | None, entered_on: dt.date | None) -> dt.date:
    """Return the day that tells to which period a signing counts."""
    day = {"signed_date": signed_on, "approved_date": contract.approved_on, "entered_date": entered_on}[
        CREDIT_BASIS.value(contract.doc_date)
    ]
    return day or contract.doc_date


def _counted(contract: Contract) -> dict[dt.date, Decimal]:
    """Return how much of a contract counts on which day so far."""
    found: dict[dt.date, Decimal] = {}
    for row in list_credits(contract.id):
        found[row.counts_on] = found.get(row.counts_on, NOTHING) + row.amount
    return found


def _count(contract: Contract, shares: dict[int, Decimal], whole: Decimal, *, on: dt.date) -> None:
    parts = split_amount(whole, list(shares.values()))
    for (employee_id, share), amount in zip(shares.items(), parts, strict=True):
        values = {"employee_id": employee_id, "share": share, "amount": amount, "counts_on": on}
        session.add(Credit(contract_id=contract.id, **values))


@CONTRACT_WORKFLOW.transition("share")
def share_performance(
    contract: Contract,
    *,
    actor: User,
    first: Employee,
    first_share: Decimal,
    second: Employee | None = None,
    second_share: Decimal | None = None,
    third: Employee | None = None,
    third_share: Decimal | None = None,
) -> None:
    """Share the performance among up to three people, in per cent.

    Raises ValidationError unless the shares add up to 100, or where somebody is named twice (R4).
    """
    given = [(first, first_share), (second, second_share), (third, third_share)]
    if any((person is None) is not (share is None) for person, share in given):
        raise ValidationError("contract.half_share", _("Each person is named with a share."), field="second_share")
    named = [(person.id, share) for person, share in given if person is not None and share is not None]
    if len(dict(named)) < len(named):
        raise ValidationError("contract.twice", _("Each person is named once."), field="second")
    day = counts_on(contract, signed_on=contract.signed_on, entered_on=contract.entered_on)
    set_credits(contract, dict(named), day=day)
