"""A statement of a bank account, as the bank gave it out."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import StatementState
from addons.payments.models.place import Place
from app.sdk.models import CompanyModel, Money, Owned, choice, many_to_one, reference


class BankStatement(Owned, CompanyModel):
    """A draft keeps the rows of the file; once its lines are taken in, these are kept instead of the rows.

    `columns` says under which heading each field stands: the next statement of the account begins with the same.
    """

    __tablename__ = "payments_bank_statement"
    __title__ = "name"
    __search__ = ("name",)
    __personal__ = ("rows", "custom")

    state: Mapped[StatementState] = choice(StatementState, StatementState.DRAFT)
    place_id: Mapped[int] = reference("payments_place")
    name: Mapped[str] = mapped_column(String(200))  # Of the file.
    rows: Mapped[list[Any]] = mapped_column(JSON, default=list)  # [number in the file, [texts]], of a draft.
    columns: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    heading_row: Mapped[int | None]
    opening: Mapped[Decimal | None] = mapped_column(Money)
    closing: Mapped[Decimal | None] = mapped_column(Money)
    first_day: Mapped[dt.date | None]
    last_day: Mapped[dt.date | None]
    taken_in: Mapped[Decimal | None] = mapped_column(Money)
    paid_out: Mapped[Decimal | None] = mapped_column(Money)

    place: Mapped[Place] = many_to_one("BankStatement.place_id", "Place.id")
