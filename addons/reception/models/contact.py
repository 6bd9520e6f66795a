"""A person to talk to at a customer's."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.reception.models.customer import Customer
from app.sdk.masterdata import PartnerRelation
from app.sdk.models import CompanyModel, Owned, many_to_one, reference


class Contact(Owned, CompanyModel):
    """A partner's relation to a customer, with what the sales office knows beyond it (S:REC-11).

    Name and numbers are the person's own, title and say are the relation's: services write them there.
    """

    __tablename__ = "reception_contact"
    __table_args__ = (UniqueConstraint("company_id", "relation_id"),)
    __personal__ = ("note", "custom")

    customer_id: Mapped[int] = reference("reception_customer")
    relation_id: Mapped[int] = reference("masterdata_partner_relation", index=False)
    note: Mapped[str | None] = mapped_column(String(400))

    customer: Mapped[Customer] = many_to_one("Contact.customer_id", "Customer.id")
    relation: Mapped[PartnerRelation] = many_to_one("Contact.relation_id", "PartnerRelation.id")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The person's name."""
        return self.relation.partner.name

    @property
    def title(self) -> str:
        """The person's position."""
        return self.relation.title

    @property
    def is_decision_maker(self) -> bool:
        """Whether this person decides."""
        return self.relation.is_decision_maker

    @property
    def phone(self) -> str | None:
        """The number to call first."""
        points = [point for point in self.relation.partner.points if point.kind.value == "phone"]
        return next((point.value for point in points if point.is_primary), points[0].value if points else None)
