"""Bank statements: sent, looked through, and taken in, all lines or none."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from addons.payments.choices import BankLineState, PlaceKind, StatementState
from addons.payments.models import BankLine, BankStatement, Place, Receipt
from addons.payments.queries import (
    LABELS,
    check_statement,
    find_booked,
    find_headings,
    last_columns,
    local_day,
    owner_and_unit,
)
from addons.payments.queries.bank_sheets import Row, SheetLine
from addons.payments.workflow import STATEMENT_WORKFLOW
from app.sdk.database import select, session, utc_now
from app.sdk.errors import Conflict, NotFound, ValidationError
from app.sdk.i18n import _
from app.sdk.models import User


def send_statement(
    *, actor: User, place_id: int | None, name: str, rows: Sequence[Row], now: dt.datetime, **balances: Decimal | None
) -> BankStatement:
    """Keep the rows of a bank's sheet as a draft. Its columns are those of the account's last statement, or guessed.

    Raises NotFound for a place that is no bank account.
    """
    place = session.get(Place, place_id) if place_id is not None else None
    if place is None or place.kind is not PlaceKind.BANK_ACCOUNT:
        raise NotFound("bank.place", _("Choose the bank account that the statement is of."), field="place_id")
    employee, unit_id = owner_and_unit(actor, on=local_day(now))
    heading_row, columns = find_headings(rows, known=last_columns(place.id))
    statement = BankStatement(
        state=StatementState.DRAFT,
        place_id=place.id,
        name=name,
        rows=[[number, list(cells)] for number, cells in rows],
        columns=columns,
        heading_row=heading_row,
        owner_id=employee.id if employee else None,
        org_unit_id=unit_id,
        **balances,
    )
    session.add(statement)
    session.flush()
    return statement


def set_columns(
    statement: BankStatement, *, actor: User, heading_row: int | None, columns: Mapping[str, str], **balances: Any
) -> None:
    """Say where the headings of a draft stand and which column is which. Raises Conflict once it was taken in (R2).

    Raises ValidationError where two fields are read from one column, and for a row that the file does not have.
    """
    _require_draft(statement)
    if heading_row is not None and all(number != heading_row for number, _cells in statement.rows):
        raise ValidationError(
            "bank.heading_row", _("The file has no row %(value)s."), field="heading_row", value=heading_row
        )
    if len(set(columns.values())) < len(columns):
        raise ValidationError("bank.column_twice", _("Each column is used for one field only."), field="columns")
    statement.heading_row = heading_row
    statement.columns = {one: heading for one, heading in columns.items() if one in LABELS}
    for name, value in balances.items():
        setattr(statement, name, value)
    session.flush()


def discard_statement(statement: BankStatement, *, actor: User) -> None:
    """Throw a draft away. Raises Conflict once it was taken in (R2)."""
    _require_draft(statement)
    session.delete(statement)
    session.flush()


@STATEMENT_WORKFLOW.transition("take_in")
def take_in_statement(statement: BankStatement, *, actor: User, now: dt.datetime | None = None) -> None:
    """Take all lines in; those that a cashier wrote a receipt for already are linked with it.

    Raises Conflict, and takes none, while anything is wrong: the page of the draft lists it (S:PAY-01).
    """
    session.scalar(select(Place.id).where(Place.id == statement.place_id).with_for_update())  # One file at a time.
    reading = check_statement(statement, today=local_day(now or utc_now()))
    if reading.problems:
        raise Conflict(
            "bank.problems", _("%(count)s things are to be corrected first; no line was taken in."),
            count=len(reading.problems),
        )  # fmt: skip
    booked = find_booked(statement.place_id, reading.lines)
    session.add_all(_line(statement, line, booked.get(line.row)) for line in reading.lines)
    days = [line.booked_on for line in reading.lines]
    statement.first_day, statement.last_day = min(days), max(days)
    statement.taken_in, statement.paid_out, statement.rows = reading.taken_in, reading.paid_out, []
    session.flush()


def _line(statement: BankStatement, line: SheetLine, receipt: Receipt | None) -> BankLine:
    return BankLine(
        statement_id=statement.id,
        place_id=statement.place_id,
        state=BankLineState.OPEN if receipt is None else BankLineState.MATCHED,
        receipt_id=receipt.id if receipt is not None else None,
        owner_id=statement.owner_id,
        org_unit_id=statement.org_unit_id,
        **{name: getattr(line, name) for name in line.__dataclass_fields__},
    )


def _require_draft(statement: BankStatement) -> None:
    if statement.state is not StatementState.DRAFT:
        raise Conflict("bank.taken_in", _("The lines of this statement were taken in already."))
