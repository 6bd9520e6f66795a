"""Who signs a step: found by role, rank, name or a field of the document, on the day it is asked (P:COR-01)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.approvals.definition import Step, Who
from app.companies.models import Employee
from app.companies.org import superior_of
from app.database.session import session
from app.errors import Conflict
from app.i18n import _
from app.security.held_roles import employees_holding
from app.security.own import authors_of


@dataclass(frozen=True)
class Asked:
    """What signers are found from: the document, who asked, and the company's day."""

    document: Any
    requester: Employee | None
    day: dt.date

    @cached_property
    def authors(self) -> set[int]:
        """The ids of the users who wrote the document or answer for it, read once for all who may be asked."""
        return authors_of(self.document)

    def is_of(self, person: Employee) -> bool:
        """Tell whether somebody asked for it, wrote the document or answers for it: he signs nothing of it."""
        return person == self.requester or person.user_id in self.authors


def signers_of(step: Step, asked: Asked) -> Sequence[Employee]:
    """Return who may sign this step, never who asked, nor who wrote the document or answers for it (S:CORE-09).

    Where nobody else is left, the superior of whose turn it would be signs.

    Raises Conflict `approval.nobody` where there is nobody (P:COR-01).
    """
    found = [person for person in _named(step, asked) if can_sign(person, asked.day)]
    others = [person for person in found if not asked.is_of(person)]
    if found and not others:
        others = [person for person in superiors_of(found[0], asked.day) if not asked.is_of(person)][:1]
    if not others:
        raise Conflict("approval.nobody", _("“%(step)s” has nobody who may sign it."), step=step.name)
    return others


def holders_of(step: Step, day: dt.date) -> Sequence[Employee] | None:
    """Return who holds a step whoever asks; None where that depends on the document or on who asks."""
    if step.who in (Who.SUPERIOR, Who.FIELD):
        return None
    return [person for person in _named(step, Asked(None, None, day)) if can_sign(person, day)]


def can_sign(person: Employee, day: dt.date) -> bool:
    """Tell whether somebody works here on that day and can log in."""
    return person.user_id is not None and person.works_on(day)


def superiors_of(person: Employee, day: dt.date) -> list[Employee]:
    """Return who of those above somebody may sign, nearest first; a loop ends where it began (P:COR-05)."""
    found: list[Employee] = []
    above = superior_of(person.id, on=day)
    while above is not None and above != person and above not in found:
        found.append(above)
        above = superior_of(above.id, on=day)
    return [one for one in found if can_sign(one, day)]


def _named(step: Step, asked: Asked) -> Sequence[Employee]:
    if step.who is Who.ROLE:
        return employees_holding(step.value, on=asked.day)
    if step.who is Who.SUPERIOR:
        above = superiors_of(asked.requester, asked.day) if asked.requester is not None else []
        return above[: step.levels][-1:]  # Above the top nobody stands: the top signs.
    key = getattr(asked.document, step.value, None) if step.who is Who.FIELD else int(step.value)
    person = session.get(Employee, key) if key is not None else None
    return [person] if person is not None else []
