"""Where each unit stood, when: the dated closure of the tree."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.companies.models.org_unit import OrgUnit
from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference


class OrgPlacement(CompanyModel):
    """`descendant` lay `depth` levels under `ancestor` from `valid_from` to `valid_to`, both days included.

    Every unit is its own descendant at depth 0, so that a subtree holds its root.
    """

    __tablename__ = "companies_org_placement"
    __table_args__ = (
        UniqueConstraint("company_id", "ancestor_id", "descendant_id", "valid_from"),
        Index(None, "company_id", "descendant_id"),
        CheckConstraint("depth >= 0", name="depth"),
        CheckConstraint("valid_to >= valid_from", name="valid_to"),
    )

    ancestor_id: Mapped[int] = reference("companies_org_unit", index=False)
    descendant_id: Mapped[int] = reference("companies_org_unit", index=False)
    depth: Mapped[int]
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]

    ancestor: Mapped[OrgUnit] = many_to_one("OrgPlacement.ancestor_id", "OrgUnit.id")
    descendant: Mapped[OrgUnit] = many_to_one("OrgPlacement.descendant_id", "OrgUnit.id")
