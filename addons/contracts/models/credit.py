"""Whose performance a contract is."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.contracts.models.contract import Contract
from app.sdk.models import CompanyModel, Employee, Money, Quantity, many_to_one, reference


class Credit(CompanyModel):
    """A person's share in per cent, and of what counts on a day; the shares of each day add up to 100 (S:CON-09)."""

    __tablename__ = "contracts_credit"
    __table_args__ = (
        CheckConstraint("share > 0", name="share"),
        UniqueConstraint("company_id", "contract_id", "employee_id", "counts_on"),
    )
    __title__ = "share"

    contract_id: Mapped[int] = reference("contracts_contract")
    employee_id: Mapped[int] = reference("companies_employee")
    share: Mapped[Decimal] = mapped_column(Quantity)
    amount: Mapped[Decimal] = mapped_column(Money)
    counts_on: Mapped[dt.date]

    contract: Mapped[Contract] = many_to_one("Credit.contract_id", "Contract.id")
    employee: Mapped[Employee] = many_to_one("Credit.employee_id", "Employee.id")
