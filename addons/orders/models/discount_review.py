"""An opinion on a discount request, as its reviewer signed it."""

import datetime as dt

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, Employee, UtcDateTime, many_to_one, reference


class DiscountReview(CompanyModel):
    """Copied from the company's chain once all have signed, so that logs need no chain (P:PRI-05). Never changed."""

    __tablename__ = "orders_discount_review"
    __table_args__ = (UniqueConstraint("company_id", "discount_request_id", "revision", "position"),)
    __title__ = "step_name"
    __personal__ = ("opinion", "custom")
    __quotes__ = ("opinion",)

    discount_request_id: Mapped[int] = reference("orders_discount_request", index=False)
    revision: Mapped[int]
    position: Mapped[int]
    step_name: Mapped[str | None] = mapped_column(String(80))
    agreed: Mapped[bool]
    opinion: Mapped[str | None] = mapped_column(Text)
    employee_id: Mapped[int | None] = reference("companies_employee", nullable=True)
    signed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    employee: Mapped[Employee | None] = many_to_one("DiscountReview.employee_id", "Employee.id")
