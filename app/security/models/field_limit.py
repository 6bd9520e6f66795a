"""What a company's own role keeps back of the fields that its rights would show or change."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Model
from app.database.columns import choice


class FieldLevel(StrEnum):
    """How much of a field a role keeps back."""

    READ_ONLY = "read_only"
    HIDDEN = "hidden"


class FieldLimit(Model):
    """One field of one resource, by the name of its group. Not a company row, as roles are none."""

    __tablename__ = "security_field_limit"
    __table_args__ = (UniqueConstraint("role_id", "resource", "field"),)

    role_id: Mapped[int] = mapped_column(ForeignKey("ab_role.id"))
    resource: Mapped[str] = mapped_column(String(80))
    field: Mapped[str] = mapped_column(String(80))
    level: Mapped[FieldLevel] = choice(FieldLevel)
