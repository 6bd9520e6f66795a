"""Reading the sheet that a bank gave out: where its headings stand, what its columns are, and what each row says."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TypeVar

from addons.payments.queries.amounts import ZERO, words
from app.sdk.errors import Text, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import clean_text, parse_date, parse_decimal

T = TypeVar("T")
Row = tuple[int, Sequence[str]]  # (number in the file, texts)
LABELS: Mapping[str, Text] = {
    "booked_on": _("Date"),
    "amount_in": _("Amount in"),
    "amount_out": _("Amount out"),
    "amount": _("Amount, in or out"),
    "direction": _("Direction (in or out)"),
    "payer_name": _("Name of the other side"),
    "payer_account": _("Account of the other side"),
    "bank_ref": _("Bank reference"),
    "memo": _("Memo"),
    "balance": _("Account balance"),
}
# How banks head these columns; brackets, units and blanks are left out before they are compared.
_HEADINGS: Mapping[str, Sequence[str]] = {
    "booked_on": ("交易日期", "交易时间", "记账日期", "入账日期", "记账日", "交易日", "日期", "交易日期时间", "date"),
    "amount_in": ("收入", "收入金额", "贷方金额", "贷方发生额", "存入金额", "转入金额", "收款金额", "贷方", "credit"),
    "amount_out": ("支出", "支出金额", "借方金额", "借方发生额", "支取金额", "转出金额", "付款金额", "借方", "debit"),
    "amount": ("交易金额", "发生额", "金额", "amount"),
    "direction": ("借贷标志", "借贷方向", "收支方向", "借贷", "收支", "收/支", "借/贷", "交易方向", "direction"),
    "payer_name": (
        *("对方户名", "对方名称", "对方账户名称", "对方账户名", "对方单位", "对方单位名称", "交易对手名称", "交易对手"),
        *("对手户名", "付款人名称", "付款方名称", "付款人", "付款人户名", "payer", "payername"),
    ),
    "payer_account": (
        *("对方账号", "对方帐号", "对方账户", "对手账号", "交易对手账号", "付款人账号", "付款方账号", "payeraccount"),
    ),
    "bank_ref": (
        *("交易流水号", "流水号", "银行流水号", "核心流水号", "账户明细编号-交易流水号", "交易参考号", "回单编号"),
        *("企业流水号", "凭证号", "参考号", "bankreference", "reference"),
    ),
    "memo": ("摘要", "附言", "用途", "交易摘要", "客户附言", "交易附言", "备注", "memo"),
    "balance": ("余额", "账户余额", "当前余额", "交易后余额", "本次余额", "balance"),
}
_SEARCHED_ROWS = 40  # So many rows may stand before the headings.
_ACCOUNT = re.compile(
    r"(?<!对方)(?:账号|帐号|卡号|账户|帐户|account(?: no\.?| number)?)[:\s]*([\d*][\d* -]{6,})", re.IGNORECASE
)
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|/元$|:$")
_FOOTERS = ("合计", "总计", "小计", "本页合计", "期初", "期末", "总笔数", "借方合计", "贷方合计", "total")
_IN = frozenset({"贷", "收", "收入", "来账", "转入", "c", "cr", "in", "+"})
_OUT = frozenset({"借", "支", "付", "支出", "往账", "转出", "d", "dr", "out", "-"})
_LONGEST = {"payer_name": 200, "payer_account": 60, "bank_ref": 60, "memo": 400}
_BLANK = frozenset({"", "-", "--", "—"})


@dataclass(frozen=True)
class SheetLine:
    """What one row says. `amount` in yuan is above zero for money that came in."""

    row: int
    booked_on: dt.date
    amount: Decimal
    payer_name: str | None = None
    payer_account: str | None = None
    bank_ref: str | None = None
    memo: str | None = None
    balance: Decimal | None = None


@dataclass(frozen=True)
class SheetProblem:
    """One thing to correct: in a row and a column, or, without them, in the whole file. `match` names a record."""

    row: int | None
    label: Text
    message: str
    match: str = ""


@dataclass
class SheetReading:
    """What a sheet says with the columns chosen, and what stands in the way."""

    lines: list[SheetLine] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)

    @property
    def taken_in(self) -> Decimal:
        """What came in, together."""
        return sum((line.amount for line in self.lines if line.amount > 0), ZERO)

    @property
    def paid_out(self) -> Decimal:
        """What went out, together."""
        return -sum((line.amount for line in self.lines if line.amount < 0), ZERO)


def heading_names(cells: Sequence[str]) -> list[str]:
    """Return the headings of a row, told apart where one stands twice: 'Account', 'Account (2)'; blanks stay blank."""
    names: list[str] = []
    for cell in cells:
        name, count = cell.strip(), 1
        while name and name in names:
            count += 1
            name = f"{cell.strip()} ({count})"
        names.append(name)
    return names


def find_headings(rows: Sequence[Row], *, known: Mapping[str, str] | None = None) -> tuple[int | None, dict[str, str]]:
    """Return the number of the row with the headings, and which heading each field stands under.

    `known` are the headings of an earlier statement of the account: where all of them stand in one row, that is it.
    Without such a row, the row that most fields are known from is taken; None where no row has a date and an amount.
    """
    best: tuple[int | None, dict[str, str]] = (None, {})
    for number, cells in rows[:_SEARCHED_ROWS]:
        names = heading_names(cells)
        if known and all(heading in names for heading in known.values()):
            return number, dict(known)
        found = guess_columns(names)
        if _is_enough(found) and len(found) > len(best[1]):
            best = (number, found)
    return best


def guess_columns(names: Sequence[str]) -> dict[str, str]:
    """Return which of these headings each field stands under, as banks word them."""
    plain = {_plain(name): name for name in reversed(names) if name}
    found = {}
    for one, headings in _HEADINGS.items():
        heading = next((plain[each] for each in headings if each in plain), None)
        if heading is not None:
            found[one] = heading
    if "amount_in" in found or "amount_out" in found:
        found.pop("amount", None)
        found.pop("direction", None)
    return found


def read_sheet(rows: Sequence[Row], heading_row: int | None, columns: Mapping[str, str]) -> SheetReading:
    """Return the lines under the headings, and every cell that cannot be read."""
    reading = SheetReading()
    head = next((cells for number, cells in rows if number == heading_row), None)
    if head is None or not _is_enough(columns):
        message = str(_("Say in which row the headings stand, and which columns are the date and the amount."))
        reading.problems.append(SheetProblem(None, _("Columns"), message))
        return reading
    names = heading_names(head)
    places = {one: names.index(heading) for one, heading in columns.items() if heading in names}
    for number, cells in rows:
        if number > (heading_row or 0):
            found = {one: cells[place].strip() if place < len(cells) else "" for one, place in places.items()}
            if not _is_besides(cells, found):
                _read_row(reading, number, found)
    if not reading.lines and not reading.problems:
        reading.problems.append(SheetProblem(None, "", str(_("No line stands under the headings."))))
    return reading


def check_balance(reading: SheetReading, opening: Decimal | None, closing: Decimal | None) -> None:
    """Note a problem unless opening + movements = closing, where the statement says both."""
    if opening is None or closing is None:
        return
    reached = opening + reading.taken_in - reading.paid_out
    if reached != closing:
        message = _("%(opening)s + %(taken_in)s − %(paid_out)s = %(reached)s, not %(closing)s: %(difference)s off.")
        told = {
            "opening": words(opening),
            "taken_in": words(reading.taken_in),
            "paid_out": words(reading.paid_out),
            "reached": words(reached),
            "closing": words(closing),
            "difference": words(closing - reached),
        }
        reading.problems.append(SheetProblem(None, _("Closing balance"), str(message) % told))


def check_account(reading: SheetReading, rows: Sequence[Row], heading_row: int | None, account_no: str | None) -> None:
    """Note a problem where what stands above the headings names other accounts than the one it was sent for.

    A bank may leave out the digits of the branch, or put asterisks for some.
    """
    own = _digits(account_no or "")
    found = {number: row for row, number in _named_accounts(rows, heading_row)}
    if own and found and not any(_is_same_account(own, number) for number in found):
        told = _("The file is of account %(found)s, not of %(limit)s.")
        number, row = next(iter(found.items()))
        message = str(told) % {"found": number, "limit": account_no}
        reading.problems.append(SheetProblem(row, _("Account"), message))


def _named_accounts(rows: Sequence[Row], heading_row: int | None) -> Iterator[tuple[int, str]]:
    for row, cells in rows:
        if row < (heading_row or 0):
            text = unicodedata.normalize("NFKC", " ".join(cells))
            yield from ((row, found[1].strip()) for found in _ACCOUNT.finditer(text))


def _digits(number: str) -> str:
    return re.sub(r"[^\d*]", "", unicodedata.normalize("NFKC", number))


def _is_same_account(own: str, found: str) -> bool:
    first, *_between, last = re.split(r"\*+", _digits(found)) if "*" in found else ("", _digits(found))
    return own.startswith(first) and (own.endswith(last) or (not first and last.endswith(own)))


def _is_enough(columns: Mapping[str, str]) -> bool:
    return "booked_on" in columns and bool({"amount", "amount_in", "amount_out"} & set(columns))


def _plain(heading: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", heading).split()).casefold()
    return _BRACKETS.sub("", _BRACKETS.sub("", folded))


def _is_besides(cells: Sequence[str], found: Mapping[str, str]) -> bool:
    """Tell whether a row is no line: a sum, or a note under the table."""
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    if first.casefold().startswith(_FOOTERS):
        return True
    return not any(found.get(one) for one in ("booked_on", "amount", "amount_in", "amount_out"))


def _read_row(reading: SheetReading, number: int, found: Mapping[str, str]) -> None:
    before = len(reading.problems)
    values: dict[str, str | None] = {}
    day = _try(reading, number, "booked_on", partial(_read_day, found.get("booked_on", "")))
    amount = _read_amount(reading, number, found)
    balance = _try(reading, number, "balance", partial(_read_money, found.get("balance", "")))
    for one, longest in _LONGEST.items():
        values[one] = clean_text(found.get(one))
        if len(values[one] or "") > longest:
            told = str(_("%(limit)s characters at most.")) % {"limit": longest}
            reading.problems.append(SheetProblem(number, LABELS[one], told))
    if len(reading.problems) == before and day is not None and amount is not None:
        reading.lines.append(SheetLine(number, day, amount, balance=balance, **values))


def _read_day(text: str) -> dt.date:
    """Return the day of a date, or of a date and time: 2026-03-02 10:15:00, 20260302101500."""
    text = text.partition("T")[0].split(" ")[0] if not re.fullmatch(r"\d{14}", text) else text[:8]
    if not text:
        raise ValidationError("bank.no_date", _("The date is missing."))
    return parse_date(text)


def _read_money(text: str) -> Decimal | None:
    text = text.strip().lstrip("¥￥+").strip()
    return None if text in _BLANK else parse_decimal(text, places=2)


def _read_amount(reading: SheetReading, number: int, found: Mapping[str, str]) -> Decimal | None:
    """Return the amount of a row with its sign, or note what is wrong with it."""
    before = len(reading.problems)
    named: dict[str, Decimal] = {
        one: _try(reading, number, one, partial(_read_money, found.get(one, ""))) or ZERO
        for one in ("amount_in", "amount_out", "amount")
    }
    if len(reading.problems) > before:
        return None
    label = "amount" if "amount" in found else "amount_in" if "amount_in" in found else "amount_out"
    if named["amount_in"] and named["amount_out"]:
        told = str(_("A line is money in or money out, not both."))
        reading.problems.append(SheetProblem(number, LABELS["amount_out"], told))
        return None
    sign = (
        _try(reading, number, "direction", partial(_read_direction, found["direction"])) if "direction" in found else 1
    )
    amount = named["amount_in"] - named["amount_out"] + named["amount"] * (sign or 0)
    if sign is not None and not amount:
        reading.problems.append(SheetProblem(number, LABELS[label], str(_("The amount is missing."))))
    return amount or None


def _read_direction(text: str) -> int:
    word = text.strip().casefold()
    if word in _IN:
        return 1
    if word in _OUT:
        return -1
    raise ValidationError("bank.direction", _("“%(value)s” says neither in nor out."), value=text[:20])


def _try(reading: SheetReading, number: int, one: str, read: Callable[[], T | None]) -> T | None:
    """Return what is read of a cell, or note in which row and column it went wrong."""
    try:
        return read()
    except ValidationError as error:
        reading.problems.append(SheetProblem(number, LABELS[one], str(error)))
        return None
