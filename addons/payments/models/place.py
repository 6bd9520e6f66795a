"""Where money lies: a cash desk or a bank account."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import PlaceKind
from app.sdk.models import Archivable, CompanyModel, LegalEntity, choice, many_to_one, reference


class Place(Archivable, CompanyModel):
    """Its balance is the sum of the ledger's cash entries that name it."""

    __tablename__ = "payments_place"
    __table_args__ = (UniqueConstraint("company_id", "name"),)
    __search__ = ("name",)

    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[PlaceKind] = choice(PlaceKind, PlaceKind.CASH_DESK)
    account_no: Mapped[str | None] = mapped_column(String(40))  # Of a bank account.
    legal_entity_id: Mapped[int | None] = reference("companies_legal_entity", nullable=True)

    legal_entity: Mapped[LegalEntity | None] = many_to_one("Place.legal_entity_id", "LegalEntity.id")
