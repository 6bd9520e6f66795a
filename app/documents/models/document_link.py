"""A link between two documents: what a 360° view, a drill-down and "what happened" read."""

from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Money, Quantity, choice, many_to_one, reference
from app.documents.models.document_ref import DocumentRef


class LinkKind(StrEnum):
    """What the first document does to the second."""

    CREATES = "creates"
    AMENDS = "amends"
    SETTLES = "settles"
    REVERSES = "reverses"


class DocumentLink(CompanyModel):
    """The source creates, amends, settles or reverses the target, for a quantity or an amount."""

    __tablename__ = "documents_link"
    __table_args__ = (
        UniqueConstraint("company_id", "source_id", "target_id", "kind"),
        CheckConstraint("source_id <> target_id", name="two"),
    )

    source_id: Mapped[int] = reference("documents_ref")
    target_id: Mapped[int] = reference("documents_ref")
    kind: Mapped[LinkKind] = choice(LinkKind)
    quantity: Mapped[Decimal | None] = mapped_column(Quantity)
    amount: Mapped[Decimal | None] = mapped_column(Money)

    source: Mapped[DocumentRef] = many_to_one("DocumentLink.source_id", "DocumentRef.id")
    target: Mapped[DocumentRef] = many_to_one("DocumentLink.target_id", "DocumentRef.id")
