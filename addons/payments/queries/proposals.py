"""What a line of a bank statement might pay, and why: proposals, the likeliest first (P:PAY-06)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from addons.payments.queries.amounts import ZERO
from app.sdk.errors import Text
from app.sdk.i18n import _

NUMBER = re.compile(r"[A-Z]{1,6}\d{2,8}[-_]?\d{2,8}")


@dataclass(frozen=True)
class Paying:
    """What a line says that helps to find whose it is. Names are compared by their key and by their reading."""

    amount: Decimal
    name_key: str = ""
    pinyin: str = ""
    memo: str = ""


@dataclass(frozen=True)
class Debt:
    """An open receivable, as far as proposals ask. `numbers` are its own and that of the document it is for.

    `known` tells that this name or account paid for the customer before; `related`, that somebody of this name
    belongs to the customer.
    """

    id: int
    title: str
    partner_id: int
    partner: str
    open_amount: Decimal
    name_key: str
    pinyin: str = ""
    numbers: Sequence[str] = ()
    least: Decimal = ZERO  # What is taken for it at least: a deposit may have to be paid whole.
    known: bool = False
    related: bool = False


@dataclass(frozen=True)
class Proposal:
    """Debts of one customer and how much of the line each takes; what is left is the customer's advance."""

    partner_id: int
    partner: str
    uses: Sequence[tuple[Debt, Decimal]]
    reasons: Sequence[Text]
    weight: int
    rest: Decimal = ZERO

    @property
    def is_sure(self) -> bool:
        """Tell whether the amount and something that names the customer agree: it may be ticked from the start."""
        return self.weight >= _AMOUNT + _READING


_NUMBER, _AMOUNT, _NAME, _KNOWN, _READING, _NAMESAKE, _RELATED = 60, 40, 35, 30, 25, 12, 10


def propose(paying: Paying, debts: Sequence[Debt]) -> list[Proposal]:
    """Return what the money might pay. Nothing is proposed for which neither the amount nor the payer speaks."""
    found = [one for debt in debts if (one := _single(paying, debt)) is not None]
    found += _splits(paying, debts)
    return sorted(found, key=lambda one: (-one.weight, len(one.uses), one.uses[0][0].id))


def numbers_in(memo: str) -> list[str]:
    """Return what looks like the number of a document in a memo."""
    return NUMBER.findall(memo.upper())


def _single(paying: Paying, debt: Debt) -> Proposal | None:
    reasons, weight = _who(paying, debt)
    if _names_document(paying, debt):
        reasons, weight = [_("its number stands in the memo"), *reasons], weight + _NUMBER
    if debt.open_amount == paying.amount:
        reasons, weight = [_("the amount fits"), *reasons], weight + _AMOUNT
    used = min(paying.amount, debt.open_amount)
    if not reasons or used < debt.least:
        return None
    return Proposal(debt.partner_id, debt.partner, ((debt, used),), reasons, weight, paying.amount - used)


def _splits(paying: Paying, debts: Sequence[Debt]) -> list[Proposal]:
    """Return, for each customer that the payer speaks for, what he owes in the order in which it is due."""
    found = []
    for partner_id in dict.fromkeys(debt.partner_id for debt in debts):
        own = [debt for debt in debts if debt.partner_id == partner_id]
        reasons, weight = max((_who(paying, debt) for debt in own), key=lambda who: who[1])
        uses, left = [], paying.amount
        for debt in own:
            if left > 0 and min(left, debt.open_amount) >= debt.least:
                uses.append((debt, min(left, debt.open_amount)))
                left -= uses[-1][1]
        if len(uses) > 1 and reasons:
            fits = left == 0 and uses[-1][1] == uses[-1][0].open_amount
            told = [_("the amount fits all of them together")] if fits else [_("the oldest debts first")]
            # Above one debt alone, below one whose amount fits.
            more = _AMOUNT if fits else -1
            found.append(Proposal(partner_id, own[0].partner, tuple(uses), [*told, *reasons], weight + more, left))
    return found


def _who(paying: Paying, debt: Debt) -> tuple[list[Text], int]:
    """Return what speaks for the customer of a debt as the payer."""
    if paying.name_key and paying.name_key == debt.name_key:
        return [_("the payer's name fits")], _NAME
    if debt.known:
        return [_("this payer paid for the customer before")], _KNOWN
    if paying.pinyin and paying.pinyin == debt.pinyin:
        # In letters it is the customer's own name, as banks abroad spell it; in other characters a namesake's.
        is_spelt = paying.name_key == paying.pinyin
        return [_("the payer's name sounds alike")], _READING if is_spelt else _NAMESAKE
    if debt.related:
        return [_("the payer belongs to the customer")], _RELATED
    return [], 0


def _names_document(paying: Paying, debt: Debt) -> bool:
    memo = paying.memo.upper()
    return any(number and number.upper() in memo for number in debt.numbers)
