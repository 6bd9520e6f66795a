"""Who signs for whom, and when."""

import datetime as dt

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.models import Employee
from app.companies.ownership import Owned
from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference


class ApprovalDeputy(Owned, CompanyModel):
    """From the first to the last day, both included, the deputy may sign what waits for the absent one (P:COR-07).

    Its owner is the absent one: he names his own, and who administers them all names anybody's.
    """

    __tablename__ = "approvals_deputy"
    __table_args__ = (Index(None, "company_id", "deputy_id", "first_day"),)
    __title__ = "id"

    absent_id: Mapped[int] = reference("companies_employee")
    deputy_id: Mapped[int] = reference("companies_employee", index=False)
    first_day: Mapped[dt.date] = mapped_column()
    last_day: Mapped[dt.date] = mapped_column()

    absent: Mapped[Employee] = many_to_one("ApprovalDeputy.absent_id", "Employee.id")
    deputy: Mapped[Employee] = many_to_one("ApprovalDeputy.deputy_id", "Employee.id")
