"""Writing a change request."""

import json
from collections.abc import Mapping
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.changes.models import LONGEST_REASON, ChangeRequest
from app.changes.words import field_label
from app.companies.clock import active_zone
from app.companies.org import employee_of
from app.companies.ownership import Owned
from app.crud.changing.confirmed import confirmed_names, differing, pending_change
from app.crud.changing.links import CHANGE_REQUEST
from app.crud.personal import restore_masked
from app.crud.records import call_in_savepoint, check_version
from app.crud.sheets.journal import storable
from app.database.columns import utc_now
from app.database.session import session
from app.errors import AppError, Conflict, ValidationError
from app.i18n import _
from app.masterdata.normalise import clean_text
from app.security.field_limits import limits_of, refuse_locked
from app.workflow import engine
from app.workflow.approval import workflow_of


def ask_change(
    view: Any, record: Any, *, actor: User, version: int | None, reason: str | None, values: Mapping[str, Any]
) -> ChangeRequest:
    """Ask that these confirmed fields change, and submit the request; the record stays as it is (S:CORE-10).

    The change is tried, and undone, at once, so that what the record's own service refuses is said before anybody
    approves it. Raises Conflict for an overtaken version and for a record with a pending request (R2), NotAllowed for
    a field that the actor may not change (R3), ValidationError for a field that is not confirmed, a blank or overlong
    reason (R1, R4), and where nothing would change.
    """
    check_version(record, version)
    refuse_locked(limits_of(actor, view.resource), values, view.labels)
    names = confirmed_names(view, record)
    if other := next((name for name in values if name not in names), None):
        raise ValidationError(
            "change.not_confirmed",
            _("“%(label)s” is not confirmed here: change it in the form."),
            field=other,
            label=field_label(view.resource, other),
        )
    changed = differing(record, restore_masked(record, dict(values), view.personal))
    if not changed:
        raise ValidationError("change.nothing", _("Nothing is different from what the record says."))
    why = _checked_reason(reason)
    if (pending := pending_change(view.resource, record.id)) is not None:
        raise Conflict(
            "change.pending",
            _("A change of this record is asked for already: %(request)s. It is decided or withdrawn first."),
            request=str(pending),
        )
    kept = {name: {"old": storable(getattr(record, name)), "new": storable(value)} for name, value in changed.items()}
    _try(view, record, actor, changed)
    request = _write(view, record, actor=actor, reason=why, kept=kept)
    workflow: Any = workflow_of(CHANGE_REQUEST)
    engine.perform(workflow, workflow.transitions["submit"], request, actor=actor, arguments={})
    return request


class _TriedError(AppError):
    """Ends a trial: the savepoint takes everything back."""


def _try(view: Any, record: Any, actor: User, values: Mapping[str, Any]) -> None:
    def attempt() -> None:
        view.amend(record, actor=actor, version=None, **values)
        raise _TriedError("change.tried")

    try:
        call_in_savepoint(attempt)
    except _TriedError:
        session.refresh(record)


def _write(view: Any, record: Any, *, actor: User, reason: str, kept: Mapping[str, Any]) -> ChangeRequest:
    now = utc_now()
    employee = employee_of(actor.id)
    request = ChangeRequest(
        doc_date=now.astimezone(active_zone()).date(),
        resource=view.resource,
        record_id=record.id,
        record_version=record.version,
        changes=json.dumps(kept),
        reason=reason,
        requester_id=actor.id,
        owner_id=employee.id if employee is not None else None,
        org_unit_id=record.org_unit_id if isinstance(record, Owned) else None,
    )
    session.add(request)
    session.flush()
    return request


def _checked_reason(reason: str | None) -> str:
    cleaned = clean_text(reason)
    if cleaned is None:
        raise ValidationError("change.reason", _("Say why it has to change."), field="reason")
    if len(cleaned) > LONGEST_REASON:
        raise ValidationError(
            "change.reason_long", _("At most %(limit)s characters."), field="reason", limit=LONGEST_REASON
        )
    return cleaned
