"""Looking a draft of a bank statement through before its lines are taken in: nothing twice, and the balance right."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from addons.payments.choices import ReceiptState, StatementState
from addons.payments.models import BankLine, BankStatement, Method, Receipt, ReceiptLine
from addons.payments.parameters import UNIQUE_BANK_REF
from addons.payments.queries.bank_sheets import (
    LABELS,
    SheetLine,
    SheetProblem,
    SheetReading,
    check_account,
    check_balance,
    guess_columns,
    heading_names,
    read_sheet,
)
from app.sdk.database import exists, select, session
from app.sdk.i18n import _

_SAME = ("booked_on", "amount", "bank_ref", "payer_name", "payer_account", "memo", "balance")


@dataclass(frozen=True)
class _Tender:
    """One tender of a living receipt with a bank reference; whether the receipt stands for a bank line already."""

    receipt: Receipt
    amount: Decimal
    place_id: int
    is_taken: bool


Entered = Mapping[str, Sequence[_Tender]]


def last_columns(place_id: int) -> dict[str, str]:
    """Return under which headings the fields stood in the latest statement of an account that was taken in."""
    statement = (
        select(BankStatement.columns)
        .where(BankStatement.place_id == place_id, BankStatement.state == StatementState.TAKEN_IN)
        .order_by(BankStatement.id.desc())
        .limit(1)
    )
    return session.scalar(statement) or {}


def check_statement(statement: BankStatement, *, today: dt.date) -> SheetReading:
    """Return the lines of a draft, and all that is wrong: the account, cells, days to come, repeats, the balance."""
    rows = [(number, cells) for number, cells in statement.rows or []]
    reading = read_sheet(rows, statement.heading_row, statement.columns)
    if not reading.problems:
        check_balance(reading, statement.opening, statement.closing)
    check_account(reading, rows, statement.heading_row, statement.place.account_no)
    _check_days(reading, today)
    _check_repeated(reading)
    taken, entered = _Taken(_taken_lines(statement.place_id, reading.lines)), _entered(reading.lines)
    booked = _booked_among(entered, statement.place_id, reading.lines)
    for line in reading.lines:
        problem = _taken_before(line, taken) or _booked_otherwise(line, entered, booked)
        if problem is not None:
            reading.problems.append(problem)
    reading.problems.sort(key=lambda one: one.row or 0)
    return reading


def headings_of(statement: BankStatement) -> list[str]:
    """Return what can be chosen as columns: the headings of the row that has them."""
    return [name for name in heading_names(_cells(statement, statement.heading_row)) if name]


def columns_at(statement: BankStatement, heading_row: int | None) -> dict[str, str]:
    """Return which column is which, guessed from the headings in another row."""
    return guess_columns(heading_names(_cells(statement, heading_row)))


def find_booked(place_id: int, lines: Iterable[SheetLine]) -> dict[int, Receipt]:
    """Return, by row, the posted receipt that a cashier wrote for this very line: by reference, amount and account.

    Each is found for one line at most, and for none if it stands for a line that was taken in already.
    """
    return _booked_among(_entered(lines), place_id, lines)


def _cells(statement: BankStatement, row: int | None) -> list[str]:
    return next((cells for number, cells in statement.rows or [] if number == row), [])


def _check_days(reading: SheetReading, today: dt.date) -> None:
    """Note what the bank cannot have booked yet: a receipt of that day could not be written either."""
    told = str(_("The date is later than today, %(limit)s.")) % {"limit": today}
    reading.problems += [
        SheetProblem(line.row, LABELS["booked_on"], told) for line in reading.lines if line.booked_on > today
    ]


def _check_repeated(reading: SheetReading) -> None:
    """Note money that came in twice under one reference in the same file (S:PAY-01)."""
    first: dict[str, int] = {}
    for line in reading.lines:
        if line.bank_ref is None or line.amount < 0 or not UNIQUE_BANK_REF.value(line.booked_on):
            continue
        earlier = first.setdefault(line.bank_ref, line.row)
        if earlier != line.row:
            told = str(_("Row %(row)s has the same bank reference.")) % {"row": earlier}
            reading.problems.append(SheetProblem(line.row, LABELS["bank_ref"], told))


def _taken_lines(place_id: int, lines: Sequence[SheetLine]) -> list[BankLine]:
    """Return what was taken in already for the days or with the references of these lines."""
    if not lines:
        return []
    days, references = {line.booked_on for line in lines}, {line.bank_ref for line in lines if line.bank_ref}
    found: dict[int, BankLine] = {}
    for column, wanted in ((BankLine.booked_on, days), (BankLine.bank_ref, references)):
        chosen = select(BankLine).where(BankLine.place_id == place_id, column.in_(wanted))
        found |= {one.id: one for one in session.scalars(chosen)}
    return [found[key] for key in sorted(found)]


class _Taken:
    """What was taken in already, by its bank reference and by all that is said of it; of several, the first."""

    def __init__(self, taken: Sequence[BankLine]) -> None:
        self.of_reference: dict[str | None, BankLine] = {}
        self.alike: dict[tuple[Any, ...], BankLine] = {}
        for one in taken:
            if one.amount > 0:
                self.of_reference.setdefault(one.bank_ref, one)
            self.alike.setdefault(_all_of(one), one)


def _all_of(line: SheetLine | BankLine) -> tuple[Any, ...]:
    return tuple(getattr(line, name) for name in _SAME)


def _taken_before(line: SheetLine, taken: _Taken) -> SheetProblem | None:
    """Return a problem for a line that an earlier statement had.

    Money that came in is known by its bank reference (S:PAY-01); anything else by all that is said of it.
    """
    one, told = None, _("The bank reference %(value)s was taken in already, with “%(name)s”, row %(row)s.")
    if line.bank_ref and line.amount > 0 and UNIQUE_BANK_REF.value(line.booked_on):
        one = taken.of_reference.get(line.bank_ref)
    if one is None:
        one, told = taken.alike.get(_all_of(line)), _("This line was taken in already, with “%(name)s”, row %(row)s.")
    if one is None:
        return None
    said = {"value": line.bank_ref, "name": one.statement.name, "row": one.row}
    return SheetProblem(line.row, LABELS["bank_ref"], str(told) % said, match=f"{one.statement} · {one}")


def _booked_otherwise(line: SheetLine, entered: Entered, booked: Mapping[int, Receipt]) -> SheetProblem | None:
    """Return a problem where the reference is entered already for something else than this very line (S:PAY-01)."""
    if line.bank_ref is None or line.amount < 0 or line.row in booked or not UNIQUE_BANK_REF.value(line.booked_on):
        return None
    living = entered.get(line.bank_ref)
    if not living:
        return None
    told = str(_("The bank reference %(value)s is entered already, in receipt %(match)s."))
    said = {"value": line.bank_ref, "match": str(living[0].receipt)}
    return SheetProblem(line.row, LABELS["bank_ref"], told % said, match=str(living[0].receipt))


def _entered(lines: Iterable[SheetLine]) -> Entered:
    """Return the tenders of living receipts by bank reference, for the money of these lines that came in."""
    wanted = {line.bank_ref for line in lines if line.bank_ref and line.amount > 0}
    found: dict[str, list[_Tender]] = defaultdict(list)
    if not wanted:
        return found
    taken = exists().where(BankLine.receipt_id == Receipt.id)
    statement = (
        select(ReceiptLine.bank_ref, Receipt, ReceiptLine.amount, Method.place_id, taken)
        .join(Receipt, ReceiptLine.receipt_id == Receipt.id)
        .join(Method, Method.id == ReceiptLine.method_id)
        .where(ReceiptLine.bank_ref.in_(wanted), Receipt.state != ReceiptState.VOID)
        .order_by(Receipt.id, ReceiptLine.id)
    )
    for reference, receipt, amount, place_id, is_taken in session.execute(statement):
        found[reference or ""].append(_Tender(receipt, amount, place_id, is_taken))
    return found


def _booked_among(entered: Entered, place_id: int, lines: Iterable[SheetLine]) -> dict[int, Receipt]:
    found: dict[int, Receipt] = {}
    used: set[int] = set()
    for line in lines:
        for one in entered.get(line.bank_ref or "", ()):
            fits = (one.amount, one.place_id) == (line.amount, place_id) and one.receipt.state is ReceiptState.POSTED
            if fits and not one.is_taken and one.receipt.id not in used:
                found[line.row] = one.receipt
                used.add(one.receipt.id)
                break
    return found
