"""A contract: what two sides agreed on, and how far it has come."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.contracts.choices import ContractState, DepositDecision, Side, SignMode
from addons.contracts.models.installment import Installment
from addons.contracts.models.template import Template
from app.sdk.documents import DocumentRef
from app.sdk.masterdata import Partner
from app.sdk.models import Document, Money, Quantity, User, UtcDateTime, choice, many_to_one, reference

if TYPE_CHECKING:
    from addons.contracts.models.obligation import Obligation
    from addons.contracts.models.review import Review

_MODELS = "addons.contracts.models"  # Named in full: another add-on may have a class of the same name.


class Contract(Document):
    """`partner` is the buyer. The columns named in `ClauseKind` are its clauses; `revision` counts locked versions."""

    __tablename__ = "contracts_contract"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)
    __title__ = "number"
    __grantable__ = "partner_id"
    __search__ = ("number", "subject")
    __personal__ = ("subject", "parties", "note", "custom")
    __no_terms__ = ("read_confirmed_at", "read_confirmed_by_id")

    state: Mapped[ContractState] = choice(ContractState, ContractState.DRAFT)
    template_id: Mapped[int] = reference("contracts_template")
    source_id: Mapped[int | None] = reference("documents_ref", nullable=True)  # What it was drafted from.
    claimed: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))  # Part of the amount that the source asks for.
    partner_id: Mapped[int] = reference("masterdata_partner")
    subject: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[Decimal | None] = mapped_column(Quantity)
    unit: Mapped[str | None] = mapped_column(String(20))
    unit_price: Mapped[Decimal | None] = mapped_column(Quantity)
    amount: Mapped[Decimal] = mapped_column(Money)
    delivery_date: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]  # The last day on which it holds; None: until everything is done.
    is_out_stationed: Mapped[bool] = mapped_column(default=False)  # Of a unit away from headquarters (S:CON-08).

    parties: Mapped[str | None] = mapped_column(Text)
    content: Mapped[str | None] = mapped_column(Text)
    price_terms: Mapped[str | None] = mapped_column(Text)
    delivery_terms: Mapped[str | None] = mapped_column(Text)
    payment_terms: Mapped[str | None] = mapped_column(Text)
    after_sales_terms: Mapped[str | None] = mapped_column(Text)
    cooperation_terms: Mapped[str | None] = mapped_column(Text)
    seller_duties: Mapped[str | None] = mapped_column(Text)
    buyer_duties: Mapped[str | None] = mapped_column(Text)
    breach_terms: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(String(400))

    read_confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    read_confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    approved_on: Mapped[dt.date | None]
    sign_mode: Mapped[SignMode | None] = choice(SignMode, nullable=True)
    signed_on: Mapped[dt.date | None]  # The first time; the day of an amendment stands in its version.
    copies: Mapped[int | None]
    entered_on: Mapped[dt.date | None]  # The day on which the signing was entered.
    is_entered_late: Mapped[bool] = mapped_column(default=False)  # S:CON-07
    checked_on: Mapped[dt.date | None]  # When its execution was last gone through (S:CON-06).
    breach_side: Mapped[Side | None] = choice(Side, nullable=True)
    breached_on: Mapped[dt.date | None]
    ended_on: Mapped[dt.date | None]
    deposit_decision: Mapped[DepositDecision | None] = choice(DepositDecision, nullable=True)
    archived_on: Mapped[dt.date | None]
    archive_place: Mapped[str | None] = mapped_column(String(120))

    source: Mapped[DocumentRef | None] = many_to_one("Contract.source_id", "DocumentRef.id")
    template: Mapped[Template] = many_to_one("Contract.template_id", "Template.id")
    partner: Mapped[Partner] = many_to_one("Contract.partner_id", "Partner.id")
    read_confirmed_by: Mapped[User | None] = relationship(User, foreign_keys=[read_confirmed_by_id])
    plan: Mapped[list[Installment]] = relationship(
        Installment,
        primaryjoin="Contract.id == foreign(Installment.contract_id)",
        order_by=Installment.position,
        cascade="all, delete-orphan",
    )
    reviews: Mapped[list["Review"]] = relationship(
        f"{_MODELS}.review.Review",
        primaryjoin=f"Contract.id == foreign({_MODELS}.review.Review.contract_id)",
        viewonly=True,
    )
    obligations: Mapped[list["Obligation"]] = relationship(
        f"{_MODELS}.obligation.Obligation",
        primaryjoin=f"Contract.id == foreign({_MODELS}.obligation.Obligation.contract_id)",
        viewonly=True,
    )

    @property
    def is_signed(self) -> bool:
        """Whether it was signed before: what is changed now is an amendment."""
        return self.signed_on is not None

    @property
    def source_number(self) -> str | None:
        """The number of what it was drafted from."""
        return str(self.source) if self.source is not None else None

    def __str__(self) -> str:
        return self.number or self.subject or f"#{self.id}"
