"""Whose personal data an actor sees in clear, asked once for many rows (P:CRM-20, S:REC-38)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.database.base import CompanyModel
from app.security.scope import Reach, employee_id_of, reach_of
from app.security.viewing import eyes

FACTS = ("owner_id", "org_unit_id", "created_by_id")  # The columns that say whose a row is.


@dataclass(frozen=True)
class Clearance:
    """What decides for each row, without a statement: the actor as an employee, and how far his right reaches."""

    employee_id: int | None
    reach: Reach
    also: "Clearance | None" = None  # Of whoever looks at the actor's screens: both must see it.

    def covers(self, owner_id: int | None, org_unit_id: int | None = None, writer_id: int | None = None) -> bool:
        """Tell whether the personal data of a row of this owner, unit and writer is in clear."""
        return self._covers(owner_id, org_unit_id, writer_id) and (
            self.also is None or self.also.covers(owner_id, org_unit_id, writer_id)
        )

    def _covers(self, owner_id: int | None, org_unit_id: int | None, writer_id: int | None) -> bool:
        if owner_id is None:
            is_own_writing = writer_id is not None and writer_id == self.reach.writer_id
            return is_own_writing or self.reach.holds_row(None, org_unit_id)
        return owner_id == self.employee_id or self.reach.holds_row(owner_id, org_unit_id)

    def masked_rows(
        self, rows: Iterable[Sequence[Any]], masks: Mapping[int, Callable[[str], str]], facts: Sequence[int | None]
    ) -> Iterator[Sequence[Any]]:
        """Yield the rows with the values at the places of `masks` masked in those that are not in clear.

        `facts` says at which place a row has each of FACTS; of what a row does not say (None), nothing is known.
        """
        places = [place for place in facts if place is not None]
        known = [index for index, place in enumerate(facts) if place is not None]
        for row in rows:
            whose: list[Any] = [None] * len(FACTS)
            for index, place in zip(known, places, strict=True):
                whose[index] = row[place]
            if self.covers(*whose):
                yield row
                continue
            values = list(row)
            for place, mask in masks.items():
                if values[place]:
                    values[place] = mask(values[place])
            yield values


def clearance_of(actor: User, model: type[CompanyModel]) -> Clearance:
    """Return whose personal data of this model the actor sees in clear."""
    both: Clearance | None = None
    for one in reversed(eyes(actor)):
        both = Clearance(employee_id_of(one), reach_of(model, one, verb="see_personal"), both)
    return both or Clearance(None, Reach())
