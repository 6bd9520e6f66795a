"""Whoever the company deals with: a person or an organisation, once, whatever roles it has."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.companies.models import Employee
from app.companies.ownership import Owned
from app.database.archiving import Archivable
from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice, many_to_one, reference
from app.database.encryption import EncryptedText
from app.masterdata.choices import IdentityType, PartnerKind, PointKind

if TYPE_CHECKING:
    from app.masterdata.models.partner_point import PartnerPoint
    from app.masterdata.models.partner_role import PartnerRole


class Partner(Owned, Archivable, CompanyModel):
    """A person or an organisation. Customer, supplier and so on are roles, never tables."""

    __tablename__ = "masterdata_partner"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        # One tax number, one identity number: one partner; the database decides between two clerks (P:CRM-21).
        UniqueConstraint("company_id", "tax_no"),
        UniqueConstraint("company_id", "id_no_hash"),
    )
    __grantable__ = "id"
    __search__ = ("number", "name", "tax_no", "id_no", "points.value")
    __personal__ = (
        "name",
        "name_key",
        "pinyin",
        "tax_no",
        "id_type",
        "id_no",
        "id_no_hash",
        "id_no_last_four",
        "custom",
    )

    kind: Mapped[PartnerKind] = choice(PartnerKind, PartnerKind.PERSON)
    # The customer's number, drawn when the file is registered (S:REC-02).
    number: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    # The name without blanks, punctuation, width and legal form: equal keys are perhaps one partner (S:A28).
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    pinyin: Mapped[str] = mapped_column(String(400), default="")
    tax_no: Mapped[str | None] = mapped_column(String(20))
    id_type: Mapped[IdentityType | None] = choice(IdentityType, nullable=True)
    id_no: Mapped[str | None] = mapped_column(EncryptedText)
    id_no_hash: Mapped[str | None] = mapped_column(String(64), info={"stands_for": "id_no"})
    id_no_last_four: Mapped[str | None] = mapped_column(String(4))
    # Who keeps the file; the owner answers for the customer (P:CRM-04).
    custodian_id: Mapped[int | None] = reference("companies_employee", nullable=True)
    merged_into_id: Mapped[int | None] = reference("masterdata_partner", nullable=True)
    anonymised_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    custodian: Mapped[Employee | None] = many_to_one("Partner.custodian_id", "Employee.id")
    merged_into: Mapped["Partner | None"] = many_to_one("Partner.merged_into_id", "Partner.id")
    points: Mapped[list["PartnerPoint"]] = relationship(
        primaryjoin="Partner.id == foreign(PartnerPoint.partner_id)", order_by="PartnerPoint.id", viewonly=True
    )
    roles: Mapped[list["PartnerRole"]] = relationship(
        primaryjoin="Partner.id == foreign(PartnerRole.partner_id)", order_by="PartnerRole.id", viewonly=True
    )

    def __str__(self) -> str:
        return self.name

    @property
    def phone(self) -> str | None:
        """The number to call first."""
        return self._primary(PointKind.PHONE)

    @property
    def mail(self) -> str | None:
        """The mail address to write to first."""
        return self._primary(PointKind.MAIL)

    @property
    def wechat(self) -> str | None:
        """The WeChat name to write to first."""
        return self._primary(PointKind.WECHAT)

    def _primary(self, kind: PointKind) -> str | None:
        return next((point.value for point in self.points if point.kind is kind and point.is_primary), None)
