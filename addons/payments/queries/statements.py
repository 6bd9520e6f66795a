"""Looking a draft of a bank statement through before its lines are taken in: nothing twice, and the balance right."""

from collections.abc import Sequence

from addons.payments.choices import ReceiptState, StatementState
from addons.payments.models import BankLine, BankStatement, Method, Receipt, ReceiptLine
from addons.payments.parameters import UNIQUE_BANK_REF
from addons.payments.queries.bank_sheets import (
    LABELS,
    SheetLine,
    SheetProblem,
    SheetReading,
    check_balance,
    guess_columns,
    heading_names,
    read_sheet,
)
from app.sdk.database import Select, exists, select, session
from app.sdk.i18n import _

_SAME = ("booked_on", "amount", "bank_ref", "payer_name", "payer_account", "memo", "balance")


def last_columns(place_id: int) -> dict[str, str]:
    """Return under which headings the fields stood in the latest statement of an account that was taken in."""
    statement = (
        select(BankStatement.columns)
        .where(BankStatement.place_id == place_id, BankStatement.state == StatementState.TAKEN_IN)
        .order_by(BankStatement.id.desc())
        .limit(1)
    )
    return session.scalar(statement) or {}


def check_statement(statement: BankStatement) -> SheetReading:
    """Return the lines of a draft, and all that is wrong with them: cells, repeated references, the balance."""
    rows = [(number, cells) for number, cells in statement.rows or []]
    reading = read_sheet(rows, statement.heading_row, statement.columns)
    if not reading.problems:
        check_balance(reading, statement.opening, statement.closing)
    _check_repeated(reading)
    taken = _taken_lines(statement.place_id, reading.lines)
    for line in reading.lines:
        problem = _taken_before(line, taken) or _booked_otherwise(statement.place_id, line)
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


def find_booked(place_id: int, line: SheetLine) -> Receipt | None:
    """Return the posted receipt that a cashier wrote for this very line: by reference, amount and account."""
    if line.bank_ref is None or line.amount < 0:
        return None
    taken = exists().where(BankLine.receipt_id == Receipt.id)
    statement = (
        _with_reference(line.bank_ref)
        .join(Method, Method.id == ReceiptLine.method_id)
        .where(Receipt.state == ReceiptState.POSTED, ReceiptLine.amount == line.amount)
        .where(Method.place_id == place_id, ~taken)
    )
    return session.scalar(statement)


def _cells(statement: BankStatement, row: int | None) -> list[str]:
    return next((cells for number, cells in statement.rows or [] if number == row), [])


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


def _taken_before(line: SheetLine, taken: Sequence[BankLine]) -> SheetProblem | None:
    """Return a problem for a line that an earlier statement had.

    Money that came in is known by its bank reference (S:PAY-01); anything else by all that is said of it.
    """
    for one in taken:
        by_reference = line.bank_ref and line.amount > 0 and UNIQUE_BANK_REF.value(line.booked_on)
        if by_reference and one.amount > 0 and one.bank_ref == line.bank_ref:
            told = _("The bank reference %(value)s was taken in already, with “%(name)s”, row %(row)s.")
        elif all(getattr(one, name) == getattr(line, name) for name in _SAME):
            told = _("This line was taken in already, with “%(name)s”, row %(row)s.")
        else:
            continue
        said = {"value": line.bank_ref, "name": one.statement.name, "row": one.row}
        return SheetProblem(line.row, LABELS["bank_ref"], str(told) % said, match=f"{one.statement} · {one}")
    return None


def _booked_otherwise(place_id: int, line: SheetLine) -> SheetProblem | None:
    """Return a problem where the reference is entered already for something else than this very line (S:PAY-01)."""
    if line.bank_ref is None or line.amount < 0 or not UNIQUE_BANK_REF.value(line.booked_on):
        return None
    other = session.scalar(_with_reference(line.bank_ref).where(Receipt.state != ReceiptState.VOID))
    if other is None or find_booked(place_id, line) is not None:
        return None
    told = str(_("The bank reference %(value)s is entered already, in receipt %(match)s."))
    said = {"value": line.bank_ref, "match": str(other)}
    return SheetProblem(line.row, LABELS["bank_ref"], told % said, match=str(other))


def _with_reference(bank_ref: str) -> Select[Receipt]:
    return (
        select(Receipt)
        .join(ReceiptLine, ReceiptLine.receipt_id == Receipt.id)
        .where(ReceiptLine.bank_ref == bank_ref)
        .order_by(Receipt.id)
        .limit(1)
    )
