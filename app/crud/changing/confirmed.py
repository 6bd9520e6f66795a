"""Which fields of a record are confirmed, and the refusal of whoever changes one directly (S:CORE-10)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.changes.models import PENDING, ChangeRequest
from app.changes.words import field_label
from app.companies.clock import active_zone
from app.database.columns import utc_now
from app.database.session import session
from app.errors import Conflict
from app.i18n import _
from app.parameters.platform_values import LOCK_ON_CONFIRM


def confirmed_names(view: Any, record: Any) -> frozenset[str]:
    """Return the fields of the edit form that change only by an approved request, in the record's present state."""
    locks = view.workflow.locks if view.workflow is not None else None
    if locks is None or record.state not in locks.states or not LOCK_ON_CONFIRM.value(_today()):
        return frozenset()
    return frozenset(locks.fields)


def differing(record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of these values that are not what the record says; a blank text is no value."""
    return {name: value for name, value in values.items() if _filled(value) != _filled(getattr(record, name, None))}


def refuse_confirmed(view: Any, record: Any, values: Mapping[str, Any]) -> None:
    """Raise Conflict `change.confirmed` for a value that would change a confirmed field."""
    names = confirmed_names(view, record)
    changed = differing(record, {name: value for name, value in values.items() if name in names})
    if changed:
        name = next(iter(changed))
        raise Conflict(
            "change.confirmed",
            _("“%(label)s” is confirmed: it changes only by an approved request. Choose “Request a change”."),
            field=name,
            label=field_label(view.resource, name),
            record=record.id,
        )


def pending_change(resource: str, record_id: int) -> ChangeRequest | None:
    """Return the request for a record that is neither applied, refused nor withdrawn."""
    return session.scalar(sa.select(ChangeRequest).where(*_pending_of(resource, record_id)))


def count_pending(resource: str, record_id: int) -> sa.ScalarSelect[int]:
    """Return how many such requests there are, one at most, to be asked for along with other numbers."""
    return sa.select(sa.func.count(ChangeRequest.id)).where(*_pending_of(resource, record_id)).scalar_subquery()


def _pending_of(resource: str, record_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        ChangeRequest.resource == resource, ChangeRequest.record_id == record_id, ChangeRequest.state.in_(PENDING)
    )  # fmt: skip


def _filled(value: Any) -> Any:
    return None if value == "" else value


def _today() -> dt.date:
    return utc_now().astimezone(active_zone()).date()
