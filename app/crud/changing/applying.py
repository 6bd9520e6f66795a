"""Carrying out an approved change request, as who asked for it."""

import datetime as dt
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.changes.models import ChangeRequest
from app.companies.clock import active_zone
from app.crud.list_page import base_query
from app.crud.sheets.journal import restored
from app.database.session import session
from app.documents.models import LinkKind
from app.documents.references import link_documents, ref_of
from app.errors import Conflict, NotAllowed, NotFound
from app.i18n import _
from app.security.gate import is_open
from app.security.roles import may
from app.security.scope import resource_of
from app.workflow.approval import acting_as
from app.workflow.models import TransitionLog

_STEP = "change_approved"
_("Change approved")  # What the record's activity calls this step.


def apply_change(request: ChangeRequest, *, now: dt.datetime) -> None:
    """Write what was approved through the record's own service; the record's log and the registry name the request.

    Raises NotFound or NotAllowed where the requester no longer reaches the record, Conflict naming who changed it
    since it was asked (R2), and whatever the service refuses.
    """
    view = current_app.extensions["crud_views"].get(request.resource)
    if view is None or not is_open(request.resource):
        raise NotFound("record.missing", _("This record is not there any more."))
    requester = session.get_one(User, request.requester_id)
    with acting_as(requester.id):
        record = _record(view, request, requester)
        form = view.whole_shape.edit_form(formdata=None, meta={"csrf": False})
        values = {name: restored(change["new"], form[name]) for name, change in request.fields.items()}
        view.amend(record, actor=requester, version=request.record_version, **values)
        session.flush()
    _tell(request, record, requester, now)


def sees_record(request: ChangeRequest, *, actor: User) -> bool:
    """Tell whether somebody may open the record that a request is about."""
    view = current_app.extensions["crud_views"].get(request.resource)
    if view is None or not may(actor, "show", request.resource):
        return False
    return base_query(view, actor, verb="show").find(request.record_id) is not None


def _record(view: Any, request: ChangeRequest, requester: User) -> Any:
    record = base_query(view, requester, verb="edit").find(request.record_id)
    if record is None or not may(requester, "edit", view.resource):
        raise NotAllowed(
            "change.out_of_reach", _("%(name)s may not change this record any more."), name=requester.get_full_name()
        )
    session.refresh(record, with_for_update={"of": type(record)})
    if record.version != request.record_version:
        who = session.get(User, record.updated_by_id) if record.updated_by_id is not None else None
        raise Conflict(
            "change.stale",
            _("%(who)s changed the record at %(when)s, after this was asked. Withdraw the request and ask anew."),
            who=who.get_full_name() if who is not None else _("The system"),
            when=f"{record.updated_at.astimezone(active_zone()):%Y-%m-%d %H:%M}",
        )
    return record


def _tell(request: ChangeRequest, record: Any, requester: User, now: dt.datetime) -> None:
    state = getattr(record, "state", None)
    session.add(
        TransitionLog(
            resource=request.resource,
            record_id=record.id,
            transition=_STEP,
            source=str(state or ""),
            target=str(state or ""),
            actor_id=requester.id,
            at=now,
            reason=f"{request}: {request.reason}",
        )
    )
    asked, changed = ref_of(request, resource_of(ChangeRequest)), ref_of(record, request.resource)
    link_documents(asked, changed, kind=LinkKind.AMENDS)
