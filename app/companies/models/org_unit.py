"""An organisational unit: a node of the company's tree."""

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.models.legal_entity import LegalEntity
from app.database.base import CompanyModel
from app.database.columns import choice, many_to_one, reference

if TYPE_CHECKING:
    from app.companies.models.position import Position


class OrgUnitKind(StrEnum):
    """What sort of unit a node is."""

    REGION = "region"
    BRANCH = "branch"
    DEPARTMENT = "department"
    TEAM = "team"
    PROJECT = "project"
    FARM = "farm"


class OrgUnit(CompanyModel):
    """A unit as it stands today; `OrgPlacement` keeps where it stood on any day."""

    __tablename__ = "companies_org_unit"
    __table_args__ = (UniqueConstraint("company_id", "code"),)

    parent_id: Mapped[int | None] = reference("companies_org_unit")
    kind: Mapped[OrgUnitKind] = choice(OrgUnitKind, OrgUnitKind.DEPARTMENT)
    name: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(20))
    legal_entity_id: Mapped[int | None] = reference("companies_legal_entity")
    manager_position_id: Mapped[int | None] = reference("companies_position", late=True)

    parent: Mapped["OrgUnit | None"] = many_to_one("OrgUnit.parent_id", "OrgUnit.id")
    legal_entity: Mapped[LegalEntity | None] = many_to_one("OrgUnit.legal_entity_id", "LegalEntity.id")
    manager_position: Mapped["Position | None"] = many_to_one("OrgUnit.manager_position_id", "Position.id")

    def __str__(self) -> str:
        return self.name
