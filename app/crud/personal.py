"""Personal values of a record: shown masked to most, and never lost or broken by a form that shows them masked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.audit.models import AccessKind
from app.crud.columns import ScreenColumn
from app.errors import ValidationError
from app.i18n import _
from app.security.masking import STAR, is_owner, may_see_personal, record_reading
from app.security.viewing import eyes

Masks = Mapping[str, Callable[[str], str]]


class MaskedRecord:
    """A record as its form shows it to one actor."""

    __slots__ = ("_actor", "_masks", "_record")

    def __init__(self, record: Any, masks: Masks, actor: User) -> None:
        self._record, self._masks, self._actor = record, masks, actor

    def __getattr__(self, name: str) -> Any:
        return masked(self._record, name, getattr(self._record, name), self._masks, self._actor)


def masked(record: Any, name: str, value: Any, masks: Masks, actor: User) -> Any:
    """Return a value as this actor may see it (P:CRM-20)."""
    mask = masks.get(name)
    if mask is None or value is None or may_see_personal(actor, record):
        return value
    return mask(value)


def note_reading(record: Any, masks: Masks, actor: User) -> None:
    """Record that somebody other than the owner is shown a record's personal values in clear (P:CRM-20, S:REC-38)."""
    shown = [name for name in masks if getattr(record, name, None)]
    if shown and not is_own_reading(record, actor) and may_see_personal(actor, record):
        record_reading(actor, [record], columns=shown)


def note_list(records: Sequence[Any], columns: Sequence[ScreenColumn], masks: Masks, actor: User) -> None:
    """Record, in one row, the records of a page of a list whose personal values others than the owner see in clear."""
    personal = [column for column in columns if column.name in masks]
    read = [
        record
        for record in (records if personal else ())
        if not is_own_reading(record, actor)
        and may_see_personal(actor, record)
        and any(column.value_of(record) for column in personal)
    ]
    if read:
        record_reading(actor, read, columns=[column.name for column in personal], kind=AccessKind.LIST)


def is_own_reading(record: Any, actor: User) -> bool:
    """Tell whether nobody but the record's owner looks at it: that is not recorded."""
    return all(is_owner(one, record) for one in eyes(actor))


def restore_masked(record: Any, values: dict[str, Any], masks: Masks) -> dict[str, Any]:
    """Return the values of a form, with what came back masked as it is kept. `record` is None for a new one.

    Raises ValidationError for a masked value that somebody changed: it would overwrite the real one.
    """
    restored = dict(values)
    for name, mask in masks.items():
        value, kept = values.get(name), getattr(record, name, None)
        if kept is not None and value == mask(kept):
            restored[name] = kept
        elif isinstance(value, str) and STAR in value and value != kept:
            raise ValidationError(
                "personal.masked", _("Type the whole value; the one shown is masked."), field=name, value=value
            )
    return restored
