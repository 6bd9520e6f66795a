"""A prospect, or the customer file that it becomes."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.reception.choices import CreateMode, CustomerStage, CustomerState, Grade, Intent, Lifecycle, Potential
from addons.reception.models.category import Category
from app.sdk.masterdata import (
    Address,
    Consent,
    ConsentPurpose,
    IdentityType,
    Option,
    Partner,
    PartnerKind,
    PartnerPoint,
    PointKind,
)
from app.sdk.models import Archivable, CompanyModel, Employee, Money, Owned, UtcDateTime, choice, many_to_one, reference

SCORES = ("volume_score", "frequency_score", "potential_score", "loyalty_score")  # In the order of their weights.


class Customer(Owned, Archivable, CompanyModel):
    """What the sales office knows of a partner beyond name and numbers; one file per partner (S:REC-01).

    Name, phone and the like are the partner's: they are properties here, and services write them.
    """

    __title_from__ = ("partner",)
    __tablename__ = "reception_customer"
    __table_args__ = (
        UniqueConstraint("company_id", "partner_id"),
        UniqueConstraint("company_id", "code"),
        UniqueConstraint("company_id", "prospect_number"),
    )
    __title__ = "code"
    __grantable__ = "partner_id"
    __personal__ = (
        "legal_representative",
        "decision_maker",
        "business_scope",
        "buying_power",
        "cooperation_need",
        "budget",
        "remark",
        "preferences",
        "feedback",
        "custom",
    )
    __search_through__ = "partner"

    partner_id: Mapped[int] = reference("masterdata_partner", index=False)  # The unique key serves as its index.
    code: Mapped[str] = mapped_column(String(40))  # Drawn when the file is saved (S:REC-02).
    stage: Mapped[CustomerStage] = choice(CustomerStage, CustomerStage.PROSPECT)
    state: Mapped[CustomerState] = choice(CustomerState, CustomerState.DRAFT)
    intent: Mapped[Intent | None] = choice(Intent, nullable=True)
    source_id: Mapped[int] = reference("masterdata_option", index=False)
    legal_representative: Mapped[str | None] = mapped_column(String(80))
    decision_maker: Mapped[str | None] = mapped_column(String(80))
    business_scope: Mapped[str | None] = mapped_column(String(400))
    buying_power: Mapped[str | None] = mapped_column(String(200))
    cooperation_need: Mapped[str | None] = mapped_column(String(400))
    budget: Mapped[Decimal | None] = mapped_column(Money)
    remark: Mapped[str | None] = mapped_column(Text)
    received_on: Mapped[dt.date]
    last_contact_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    notice_given_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # Told what the data is for (P:CRM-22).
    file_opened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    days_late: Mapped[int | None]  # Handed in after prospect_submit_days (P:CRM-01).
    file_minutes_late: Mapped[int | None]  # Handed in after file_submit_hours (P:CRM-05).
    prospect_number: Mapped[str | None] = mapped_column(String(40))  # Drawn at registration (P:CRM-02).
    registered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    registrar_id: Mapped[int | None] = reference("companies_employee", nullable=True)  # Keeps it until the deal.
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    agreed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # The deal (P:CRM-04).
    awaits_custodian: Mapped[bool] = mapped_column(default=False)  # After the deal nobody was there to keep the file.
    create_mode: Mapped[CreateMode] = choice(CreateMode, CreateMode.MANUAL)
    opened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # From when the first contact is due.
    followed_up_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # The first follow-up (P:CRM-11).
    next_contact_on: Mapped[dt.date | None]  # As the last follow-up planned it.
    reviewed_on: Mapped[dt.date | None]  # When the file was last changed or confirmed (P:CRM-13, S:REC-13).
    lifecycle: Mapped[Lifecycle] = choice(Lifecycle, Lifecycle.POTENTIAL)
    signed_on: Mapped[dt.date | None]  # Of the first contract (S:REC-06).
    nature_id: Mapped[int | None] = reference("masterdata_option", nullable=True, index=False)
    industry_id: Mapped[int | None] = reference("masterdata_option", nullable=True, index=False)
    region_id: Mapped[int | None] = reference("masterdata_option", nullable=True, index=False)
    category_id: Mapped[int | None] = reference("reception_category", nullable=True)
    potential: Mapped[Potential | None] = choice(Potential, nullable=True)
    preferences: Mapped[str | None] = mapped_column(Text)  # S:REC-11
    feedback: Mapped[str | None] = mapped_column(Text)
    is_key: Mapped[bool] = mapped_column(default=False)  # Flagged by the manager (S:REC-10).
    volume_score: Mapped[int | None]  # 0 to 100, as are the next three (S:REC-08).
    frequency_score: Mapped[int | None]
    potential_score: Mapped[int | None]
    loyalty_score: Mapped[int | None]
    grade: Mapped[Grade | None] = choice(Grade, nullable=True)
    graded_on: Mapped[dt.date | None]

    partner: Mapped[Partner] = many_to_one("Customer.partner_id", "Partner.id")
    source: Mapped[Option] = many_to_one("Customer.source_id", "Option.id")
    registrar: Mapped[Employee | None] = many_to_one("Customer.registrar_id", "Employee.id")
    nature: Mapped[Option | None] = many_to_one("Customer.nature_id", "Option.id")
    industry: Mapped[Option | None] = many_to_one("Customer.industry_id", "Option.id")
    region: Mapped[Option | None] = many_to_one("Customer.region_id", "Option.id")
    category: Mapped[Category | None] = many_to_one("Customer.category_id", "Category.id")
    points: Mapped[list[PartnerPoint]] = relationship(
        PartnerPoint,
        primaryjoin="Customer.partner_id == foreign(PartnerPoint.partner_id)",
        viewonly=True,
        order_by=PartnerPoint.id,
        lazy="selectin",
    )
    addresses: Mapped[list[Address]] = relationship(
        Address, primaryjoin="Customer.partner_id == foreign(Address.partner_id)", viewonly=True, order_by=Address.id
    )
    consents: Mapped[list[Consent]] = relationship(
        Consent, primaryjoin="Customer.partner_id == foreign(Consent.partner_id)", viewonly=True, order_by=Consent.id
    )

    def __str__(self) -> str:
        return f"{self.code} {self.partner.name}"

    @property
    def name(self) -> str:
        """The partner's name."""
        return self.partner.name

    @property
    def kind(self) -> PartnerKind:
        """Whether it is a person or an organisation."""
        return self.partner.kind

    @property
    def phone(self) -> str | None:
        """The number to call first."""
        return self._point("phone")

    @property
    def text_point(self) -> PartnerPoint | None:
        """The number that text messages go to: the one to call first."""
        numbers = [point for point in self.points if point.kind is PointKind.PHONE]
        return next((point for point in numbers if point.is_primary), numbers[0] if numbers else None)

    @property
    def mail(self) -> str | None:
        """The mail address to write to first."""
        return self._point("mail")

    @property
    def wechat(self) -> str | None:
        """The WeChat name to write to first."""
        return self._point("wechat")

    @property
    def id_type(self) -> IdentityType | None:
        """The document that the identity number is taken from."""
        return self.partner.id_type

    @property
    def id_no(self) -> str | None:
        """The identity number."""
        return self.partner.id_no

    @property
    def tax_no(self) -> str | None:
        """The unified social credit code."""
        return self.partner.tax_no

    @property
    def address(self) -> str | None:
        """The first address."""
        return self.addresses[0].detail if self.addresses else None

    @property
    def notice_given(self) -> bool:
        """Whether the customer was told what the data is for."""
        return self.notice_given_at is not None

    @property
    def marketing_consent(self) -> bool:
        """Whether the customer agreed to be contacted for marketing."""
        return self._agreed(ConsentPurpose.MARKETING)

    @property
    def sensitive_consent(self) -> bool:
        """Whether the customer agreed to sensitive data being kept, such as an identity number."""
        return self._agreed(ConsentPurpose.SENSITIVE_DATA)

    @property
    def opt_out(self) -> bool:
        """Whether the customer does not want to be contacted at all."""
        return bool(self.points) and all(point.opt_out for point in self.points)

    @property
    def custodian(self) -> Employee | None:
        """Who keeps the file: the supervisor until the deal, then the customer-service supervisor (P:CRM-04)."""
        return self.partner.custodian

    @property
    def is_late(self) -> bool:
        """Whether it was handed in too late."""
        return bool(self.days_late or self.file_minutes_late)

    @property
    def unscored(self) -> list[str]:
        """The scores that the grade still lacks (S:REC-08)."""
        return [name for name in SCORES if getattr(self, name) is None]

    def _point(self, kind: str) -> str | None:
        of_kind = [point for point in self.points if point.kind.value == kind]
        return next((point.value for point in of_kind if point.is_primary), of_kind[0].value if of_kind else None)

    def _agreed(self, purpose: ConsentPurpose) -> bool:
        return any(one.purpose is purpose and one.withdrawn_at is None for one in self.consents)
