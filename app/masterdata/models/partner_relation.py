"""What one partner is to another."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import choice, many_to_one, reference
from app.masterdata.choices import RelationKind
from app.masterdata.models.partner import Partner


class PartnerRelation(CompanyModel):
    """`partner` is <kind> `other`: Mrs Li is contact of the Li company, where she decides."""

    __tablename__ = "masterdata_partner_relation"
    __table_args__ = (UniqueConstraint("company_id", "partner_id", "other_id", "kind"),)
    __personal__ = ("title", "custom")

    partner_id: Mapped[int] = reference("masterdata_partner", index=False)  # The unique key serves as its index.
    other_id: Mapped[int] = reference("masterdata_partner")
    kind: Mapped[RelationKind] = choice(RelationKind)
    title: Mapped[str] = mapped_column(String(60), default="")
    is_decision_maker: Mapped[bool] = mapped_column(default=False)

    partner: Mapped[Partner] = many_to_one("PartnerRelation.partner_id", "Partner.id")
    other: Mapped[Partner] = many_to_one("PartnerRelation.other_id", "Partner.id")

    def __str__(self) -> str:
        return f"{self.partner} - {self.other}"
