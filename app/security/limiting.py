"""Setting which fields a company's own role keeps back (S:CORE-04)."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User

from app.database.session import session
from app.errors import NotAllowed, NotFound, ValidationError
from app.i18n import _
from app.security.audit import record, record_denial
from app.security.field_limits import limits_of
from app.security.fields import Field, fields_of
from app.security.models import FieldLevel, FieldLimit
from app.security.permissions import NOTHING, READING, WRITING, FieldLevels, Pair, announce_change, permission_cache
from app.security.wording import role_words, subject_words

_ADDING = frozenset({"can_add", "can_import"})
_STRICT: Mapping[FieldLevel | None, int] = {None: 0, FieldLevel.READ_ONLY: 1, FieldLevel.HIDDEN: 2}


def kept_back(role_id: int, resource: str) -> dict[str, FieldLevel]:
    """Return what a role keeps back of a resource, as the database has it now."""
    statement = sa.select(FieldLimit.field, FieldLimit.level).filter_by(role_id=role_id, resource=resource)
    return {row.field: row.level for row in session.execute(statement)}


def is_possible(field: Field, level: FieldLevel, verbs: Collection[str]) -> bool:
    """Tell whether a role with these rights on the field's resource may keep it back so."""
    try:
        _check(field, level, verbs)
    except ValidationError:
        return False
    return True


def check_limits(resource: str, levels: FieldLevels, *, pairs: Collection[Pair], delegate: User | None) -> None:
    """Refuse limits that a role with these rights cannot have, or that a `delegate` may not give.

    Raises NotFound for an unknown field, ValidationError for one that must be shown or filled, NotAllowed where the
    delegate himself sees or changes less.
    """
    fields = {one.key: one for one in fields_of(resource)}
    verbs = {permission for permission, name in pairs if name == resource}
    for key, level in levels.items():
        if key not in fields:
            raise NotFound("field.missing", _("There is no such field."), field=key)
        _check(fields[key], level, verbs)
    _check_list(list(fields.values()), levels)
    if delegate is not None:
        _refuse_beyond(delegate, {resource: levels}, pairs)


def set_limits(
    role: RoleRow, resource: str, levels: FieldLevels, *, pairs: Collection[Pair], delegate: User | None
) -> None:
    """Keep back these fields of a resource, and no others. Raises as `check_limits` does."""
    check_limits(resource, levels, pairs=pairs, delegate=delegate)
    before = kept_back(role.id, resource)
    session.execute(sa.delete(FieldLimit).filter_by(role_id=role.id, resource=resource))
    session.add_all(
        FieldLimit(role_id=role.id, resource=resource, field=key, level=level) for key, level in levels.items()
    )
    session.flush()
    announce_change(session())  # type: ignore[operator]  # The scoped proxy gives its session when called.
    changed = sorted(key for key in before.keys() | levels.keys() if before.get(key) != levels.get(key))
    record(
        "role.fields",
        role=role_words(role.name),
        resource=resource,
        fields={key: [before.get(key), levels.get(key)] for key in changed},
    )


def copy_limits(base: RoleRow, role: RoleRow) -> None:
    """Keep back in a new role what the one keeps back whose rights it has."""
    found = session.scalars(sa.select(FieldLimit).filter_by(role_id=base.id)).all()
    session.add_all(
        FieldLimit(role_id=role.id, resource=one.resource, field=one.field, level=one.level) for one in found
    )
    session.flush()


def delete_limits(role: RoleRow) -> None:
    """Forget what a role keeps back, with the role."""
    session.execute(sa.delete(FieldLimit).filter_by(role_id=role.id))


def refuse_unfilled(role: RoleRow, pairs: Collection[Pair]) -> None:
    """Raise ValidationError where a role would add records, and keeps back a field that these need."""
    limits = session.scalars(sa.select(FieldLimit).filter_by(role_id=role.id)).all()
    for one in limits:
        known = next((field for field in fields_of(one.resource) if field.key == one.field), None)
        if known is not None:
            _check(known, one.level, {permission for permission, name in pairs if name == one.resource})


def refuse_beyond(delegate: User, role_id: int) -> None:
    """Raise NotAllowed where a role shows fields that are kept back from the delegate himself (S:CORE-05)."""
    grants = permission_cache().get()
    levels = {resource: grants.limits.get((role_id, resource), {}) for resource in grants.limited}
    _refuse_beyond(delegate, levels, grants.of_role.get(role_id, NOTHING))


def _refuse_beyond(delegate: User, levels: Mapping[str, FieldLevels], pairs: Collection[Pair]) -> None:
    for resource, of_role in levels.items():
        verbs = {permission for permission, name in pairs if name == resource}
        if not verbs & READING:
            continue
        for key, own in limits_of(delegate, resource).levels.items():
            given = of_role.get(key) or (None if verbs & WRITING else FieldLevel.READ_ONLY)
            if _STRICT[given] < _STRICT[own]:
                record_denial(delegate.id, verb="grant", resource=resource, field=key)
                raise NotAllowed(
                    "field.beyond",
                    _("“%(label)s” of “%(subject)s” is kept back from you: you cannot show more of it than you see."),
                    label=_label(resource, key),
                    subject=subject_words(resource),
                )


def _check(field: Field, level: FieldLevel, verbs: Collection[str]) -> None:
    if level is FieldLevel.HIDDEN and field.always:
        raise ValidationError(
            "field.always", _("“%(label)s” cannot be hidden. %(why)s"), label=field.label, why=field.always
        )
    needing = WRITING if field.of_lines else _ADDING
    if field.is_required and needing & {*verbs}:
        raise ValidationError(
            "field.required",
            _("“%(label)s” is required: a role that adds records must be able to fill it."),
            label=field.label,
        )
    if level is FieldLevel.READ_ONLY and not field.is_typed:
        raise ValidationError("field.untyped", _("“%(label)s” is only ever shown."), label=field.label)


def _check_list(fields: Collection[Field], levels: FieldLevels) -> None:
    listed = [one for one in fields if one.in_list]
    if listed and all(levels.get(one.key) is FieldLevel.HIDDEN for one in listed):
        raise ValidationError("field.list", _("One column of the list at least must be shown."))


def _label(resource: str, key: str) -> str:
    return str(next((one.label for one in fields_of(resource) if one.key == key), key))
