"""Which roles a company has made itself, beside those that come with the product."""

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import Model


class OwnRole(Model):
    """A role of one company. Not a company row: the names of roles are unique in the whole database."""

    __tablename__ = "security_own_role"
    __table_args__ = (UniqueConstraint("company_id", "title"),)

    role_id: Mapped[int] = mapped_column(ForeignKey("ab_role.id"), unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies_company.id"))
    title: Mapped[str] = mapped_column(String(40))
    base: Mapped[str] = mapped_column(String(64), default="")  # The name of the role that it was copied from.

    role: Mapped[Role] = relationship(Role)
