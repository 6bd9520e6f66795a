"""Ownership: whose record it is and which unit it belongs to, so that record scopes can tell who sees it."""

from typing import Any

from sqlalchemy.orm import Mapped, declared_attr, foreign, relationship, remote
from sqlalchemy.sql.elements import ColumnElement

from app.companies.models import Employee, OrgUnit
from app.database.columns import reference


class Owned:
    """A mixin for company models whose rows have an owner and a unit; both may be blank."""

    @declared_attr
    def owner_id(cls) -> Mapped[int | None]:
        """The employee who answers for the record."""
        return reference("companies_employee", nullable=True)

    @declared_attr
    def org_unit_id(cls) -> Mapped[int | None]:
        """The unit that the record belonged to when it was written; a later move does not change it."""
        return reference("companies_org_unit", nullable=True)

    # The joins are functions, not names: two add-ons may have a class of the same name.
    @declared_attr
    def owner(cls) -> Mapped[Employee | None]:
        """The employee who answers for the record."""
        return relationship(Employee, primaryjoin=lambda: _points_at(cls.owner_id, Employee.id))

    @declared_attr
    def org_unit(cls) -> Mapped[OrgUnit | None]:
        """The unit that the record belonged to when it was written."""
        return relationship(OrgUnit, primaryjoin=lambda: _points_at(cls.org_unit_id, OrgUnit.id))


def _points_at(column: Any, target: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = foreign(column) == remote(target)
    return condition
