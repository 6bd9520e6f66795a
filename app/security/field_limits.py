"""Which fields of a resource an actor does not see, or sees only: the one place that decides (S:CORE-04).

A company's own role may keep back fields; a role of the product keeps back none. Of several roles the most generous
counts: a field is hidden only if every role by which the actor reads the resource hides it, and can be changed if one
of those by which he writes keeps it neither hidden nor read-only. A role that writes nothing is no reason to let a
field be changed. How far each role reaches (own records, a unit, the company) is not asked here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.database.base import CompanyModel
from app.database.context import acting_user_id, active_company, viewer_id
from app.errors import NotAllowed, Text
from app.i18n import _, humanize
from app.security.held_roles import held_roles
from app.security.models import FieldLevel
from app.security.permissions import FieldLevels, permission_cache
from app.security.scope import resource_of

LINE = "/"  # Between the name of the lines and that of their column: 'lines/price'.


@dataclass(frozen=True)
class FieldLimits:
    """What is kept back of one resource; it answers for every name that screens, files and reports call a field."""

    levels: FieldLevels = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)  # By the root of a name, the field that it belongs to.

    def __bool__(self) -> bool:
        """Tell whether anything is kept back."""
        return bool(self.levels)

    def hides(self, name: str) -> bool:
        """Tell whether a value is not shown at all."""
        return self._level(name) is FieldLevel.HIDDEN

    def locks(self, name: str) -> bool:
        """Tell whether a value cannot be changed: it is shown only, or not even that."""
        return self._level(name) is not None

    def _level(self, name: str) -> FieldLevel | None:
        root = root_of(name)
        found = self.levels.get(self.keys.get(root, root))
        if found is None and LINE in root:
            return self._level(root.partition(LINE)[0])  # Of lines that are kept back, every column is.
        return found


NO_LIMITS = FieldLimits()


def root_of(name: str) -> str:
    """Return what the names of one field share: 'owner' for 'owner_id', 'owner' and 'owner.name'."""
    return name.partition(".")[0].removesuffix("_id")


def limits_of(actor: User, resource: str) -> FieldLimits:
    """Return what is kept back from the actor in the active company."""
    return _limits(actor.id, resource)


def limits_here(resource: str) -> FieldLimits:
    """Return what is kept back from whoever this request or job runs for; nothing from the system."""
    user_id = acting_user_id()
    return NO_LIMITS if user_id is None else _limits(user_id, resource)


def sees_field(actor: User, resource: str, name: str) -> bool:
    """Tell whether the actor may see a field: for pages and files that no generated screen makes."""
    return not limits_of(actor, resource).hides(name)


def seen_value(record: CompanyModel, name: str) -> Any:
    """Return a value of a record, None where it is hidden: `seen(record, 'intent')` in templates of pages."""
    return None if limits_here(resource_of(type(record))).hides(name) else getattr(record, name)


def refuse_locked(limits: FieldLimits, names: Iterable[str], labels: Mapping[str, Text]) -> None:
    """Raise NotAllowed, with its label, for a field that may not be changed."""
    for name in sorted(names):
        if limits.locks(name):
            raise locked(name, labels.get(name) or _(humanize(name)))


def refuse_hidden(actor: User, resource: str, names: Iterable[str]) -> None:
    """Raise NotAllowed for a file with a field that the actor may not see any more."""
    if any(map(limits_of(actor, resource).hides, names)):
        raise NotAllowed("field.hidden", _("This file has fields that you may not see any more. Make a new one."))


def locked(name: str, label: Text) -> NotAllowed:
    """Return the refusal of a change of a field that is shown only."""
    return NotAllowed("field.locked", _("You may not change “%(label)s”."), field=name, label=label)


def _limits(user_id: int, resource: str) -> FieldLimits:
    grants = permission_cache().get()
    company_id = active_company()
    if resource not in grants.limited or company_id is None:
        return NO_LIMITS
    roles = frozenset(held.role_id for held in held_roles(user_id) if held.company_id == company_id)
    levels = grants.field_levels(roles, resource)
    viewer = viewer_id()
    if viewer is not None and viewer != user_id:
        levels = _stricter(levels, _limits(viewer, resource).levels)
    keys: Mapping[str, str] = current_app.extensions.get("field_keys", {}).get(resource, {})
    return FieldLimits(levels, keys) if levels else NO_LIMITS


def _stricter(levels: FieldLevels, others: FieldLevels) -> FieldLevels:
    """Return what is kept back from either of two."""
    hidden = {name for each in (levels, others) for name, level in each.items() if level is FieldLevel.HIDDEN}
    return {name: FieldLevel.HIDDEN if name in hidden else FieldLevel.READ_ONLY for name in {*levels, *others}}
