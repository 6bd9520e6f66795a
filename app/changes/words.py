"""What a change request asks for, in the words of whoever reads it: no more than the record itself tells him."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import current_app

from app.companies.clock import active_zone
from app.database.columns import Money
from app.errors import Text
from app.i18n import _, humanize
from app.security.field_limits import limits_here
from app.security.masking import is_owner, may_see_personal
from app.security.records import find_visible, present_actor

UNSEEN = "•••"


@dataclass(frozen=True)
class ChangeInWords:
    """One field: its label, and what stands and shall stand in it."""

    label: Text
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.label}: {self.both}"

    @property
    def both(self) -> str:
        """Return '50,000.00 → 55,000.00'."""
        return f"{self.old or '–'} → {self.new or '–'}"


def changes_in_words(request: Any, *, in_clear: bool = False) -> Sequence[ChangeInWords]:
    """Return what is asked for, as the present actor may read it.

    Values of a record that he does not see are dots, fields hidden from him are left out. Personal values are masked
    for all but the record's owner; `in_clear` shows them to whoever has the right, and is for pages that log it
    (P:CRM-20).
    """
    view = current_app.extensions["crud_views"].get(request.resource)
    return [] if view is None else list(_told(request, view, in_clear=in_clear))


def field_label(resource: str, name: str) -> Text:
    """Return what the form of a resource calls a field."""
    view = current_app.extensions["crud_views"].get(resource)
    unbound = view.whole_shape.fields.get(name) if view is not None else None
    given = unbound.args[0] if unbound is not None and unbound.args else None
    return given or _(humanize(name.removesuffix("_id")))


def _told(request: Any, view: Any, *, in_clear: bool) -> Iterator[ChangeInWords]:
    actor, record, limits = present_actor(), request.document, limits_here(request.resource)
    for name, change in request.fields.items():
        if limits.hides(name):
            continue
        if record is None:
            yield ChangeInWords(field_label(view.resource, name), UNSEEN, UNSEEN)
            continue
        old, new = (_word(view, name, change[side]) for side in ("old", "new"))
        mask = view.personal.get(name)
        if mask is not None and not _sees(actor, record, in_clear=in_clear):
            old, new = (mask(word) if word else word for word in (old, new))
        yield ChangeInWords(field_label(view.resource, name), old, new)


def _sees(actor: Any, record: Any, *, in_clear: bool) -> bool:
    if actor is None:
        return False
    return may_see_personal(actor, record) if in_clear else is_owner(actor, record)


def _word(view: Any, name: str, stored: Sequence[Any]) -> str:
    kind, value = stored
    if value is None:
        return ""
    if kind == "choice":
        return str(_(humanize(value)))
    if kind == "decimal":
        is_money = isinstance(getattr(getattr(view.model, name, None), "type", None), Money)
        return f"{Decimal(value):,.2f}" if is_money else f"{Decimal(value).normalize():f}"
    if kind == "instant":
        return f"{dt.datetime.fromisoformat(value).astimezone(active_zone()):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    column = next((one for one in view.whole_shape.form_screen_columns if one.name == name), None)
    target = getattr(column, "target", None)
    if target is None:
        return str(value)
    named = find_visible(target, value, actor=present_actor())
    return UNSEEN if named is None else str(named)
