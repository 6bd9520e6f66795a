"""A membership: the role a user holds in one company, and how far it sees."""

from enum import StrEnum

from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.companies.models.company import Company
from app.database.base import Model
from app.database.columns import Id, choice


class Scope(StrEnum):
    """Which records of the company a role reaches."""

    OWN = "own"
    TEAM = "team"
    UNIT = "unit"
    COMPANY = "company"


class Membership(Model):
    """A role in a company. Not a company row: it is read to learn which companies a user may enter."""

    __tablename__ = "companies_membership"
    __table_args__ = (UniqueConstraint("company_id", "user_id", "role_id"), UniqueConstraint("company_id", "id"))

    company_id: Mapped[int] = mapped_column(ForeignKey("companies_company.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("ab_role.id"), index=True)
    scope: Mapped[Scope] = choice(Scope, Scope.OWN)

    company: Mapped[Company] = relationship(Company)
    user: Mapped[User] = relationship(User)
    role: Mapped[Role] = relationship(Role)
    units: Mapped[list["MembershipUnit"]] = relationship(cascade="all, delete-orphan")

    @property
    def unit_ids(self) -> tuple[int, ...]:
        """The units a scope of `unit` starts from; empty means the holder's own unit."""
        return tuple(unit.org_unit_id for unit in self.units)


class MembershipUnit(Model):
    """A unit whose whole subtree a membership reaches."""

    __tablename__ = "companies_membership_unit"
    __table_args__ = (
        UniqueConstraint("membership_id", "org_unit_id"),
        ForeignKeyConstraint(
            ["company_id", "membership_id"], ["companies_membership.company_id", "companies_membership.id"]
        ),
        ForeignKeyConstraint(["company_id", "org_unit_id"], ["companies_org_unit.company_id", "companies_org_unit.id"]),
    )

    company_id: Mapped[int] = mapped_column(Id)
    membership_id: Mapped[int] = mapped_column(Id)
    org_unit_id: Mapped[int] = mapped_column(Id)
