"""Amounts of money: half-up to the fen, the least of deposits, and Chinese capitals. Each says how it came about."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from addons.payments.choices import ReceivableKind
from addons.payments.models import Receivable, Recovery
from addons.payments.parameters import ALLOW_PARTIAL_DEPOSIT, DEPOSIT_MINIMUM, RECOVERY_RATE
from app.sdk.errors import Text
from app.sdk.i18n import _

FEN = Decimal("0.01")
ZERO = Decimal(0)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "兆")


@dataclass(frozen=True)
class Worked:
    """An amount, and the steps that led to it: (label, what was read or reckoned)."""

    amount: Decimal
    steps: Sequence[tuple[Text, str]] = field(default_factory=tuple)


def to_fen(amount: Decimal) -> Decimal:
    """Return an amount rounded half-up to the fen."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def words(amount: Decimal) -> str:
    """Return an amount as people read it: 14,999.99."""
    return f"{amount:,.2f}"


def least_deposit(base: Decimal, *, on: dt.date) -> Worked:
    """Return the least deposit on a total (P:PIG-01)."""
    percent = DEPOSIT_MINIMUM.value(on)
    least = to_fen(base * percent / 100)
    steps = ((_("Total"), words(base)), (_("Least deposit, of the total"), f"{percent.normalize():f} %"))
    return Worked(least, (*steps, (_("Least deposit"), words(least))))


def least_payment(receivable: Receivable, *, on: dt.date, paid: Decimal | None = None) -> Worked:
    """Return the least that is taken for a receivable: a deposit whole, unless parts are allowed (P:PAY-01).

    `paid` is what was paid for it before; without it, what is paid now.
    """
    settled = receivable.settled if paid is None else paid
    still = receivable.amount - settled - receivable.waived
    if receivable.kind is not ReceivableKind.DEPOSIT:
        return Worked(FEN, ((_("Open amount"), words(still)),))
    if not ALLOW_PARTIAL_DEPOSIT.value(on):
        return Worked(still, ((_("Open amount"), words(still)), (_("A deposit may be paid in parts"), str(_("No")))))
    least = least_deposit(receivable.base_amount or ZERO, on=on)
    asked = min(still, max(FEN, least.amount - settled))
    return Worked(asked, (*least.steps, (_("Paid so far"), words(settled)), (_("Least payment"), words(asked))))


def claim_of(recovery: Recovery) -> Worked:
    """Return what is claimed of a loss, at the rate of the day it happened (S:PAY-11).

    Raises ParameterUnset while the company has decided no rate.
    """
    rate = RECOVERY_RATE.value(recovery.happened_on)
    claim = to_fen(recovery.loss * rate / 100)
    return Worked(claim, ((RECOVERY_RATE.label, f"{rate.normalize():f} %"), (_("Claim"), words(claim))))


def in_capitals(amount: Decimal) -> str:
    """Return an amount in Chinese capitals, as receipts state it: 壹万伍仟元整. Raises ValueError from 10^16 on."""
    fen = int(to_fen(abs(amount)) * 100)
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    if yuan >= 10**16:
        raise ValueError("an amount of more than sixteen digits has no words")
    text = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not rest:
        text = f"{text or '零元'}整"
    else:
        if jiao:
            text += ("零" if yuan and yuan % 10 == 0 else "") + f"{_DIGITS[jiao]}角"
        elif yuan:
            text += "零"
        text += f"{_DIGITS[rest]}分" if rest else "整"
    return f"负{text}" if amount < 0 else text


def _whole(number: int) -> str:
    """Return a whole number above zero; zeros between digits are read once."""
    text, gap = "", False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10 ** (4 * place) % 10_000
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1_000):
            text += "零"
        text, gap = text + _group(group) + _GROUPS[place], False
    return text


def _group(number: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text, gap = text + ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place], False
        else:
            gap = True
    return text
