"""Leave for a colleague to follow somebody else's customer until a day (S:REC-18)."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.models import Employee
from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference


class PartnerGrant(CompanyModel):
    """`grantee` sees all records of the partner from the first to the last day, both included."""

    __tablename__ = "security_partner_grant"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="valid_to"),
        Index(None, "company_id", "grantee_id", "valid_to"),
    )
    __personal__ = ("custom",)
    __quotes__ = ("reason",)

    partner_id: Mapped[int] = reference("masterdata_partner")
    grantee_id: Mapped[int] = reference("companies_employee", index=False)
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(String(200), default="")

    grantee: Mapped[Employee] = many_to_one("PartnerGrant.grantee_id", "Employee.id")
