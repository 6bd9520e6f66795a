"""What the page of a record says of its confirmed fields, and of the change that was asked for."""

from typing import Any

from flask import url_for
from flask_appbuilder.security.sqla.models import User

from app.changes.models import ChangeRequest
from app.crud.changing.confirmed import confirmed_names, pending_change
from app.security.roles import may
from app.security.scope import reaches

CHANGE_REQUEST = "changes.ChangeRequest"


def change_links(view: Any, record: Any, actor: User, *, count: int | None = None) -> dict[str, Any]:
    """Return what the page of a record needs: the way to ask for a change, and what was asked already.

    `count` spares the question where it is known that nothing was.
    """
    names = confirmed_names(view, record)
    if not names:
        return {}
    pending = None if count == 0 else pending_change(view.resource, record.id)
    may_ask = pending is None and bool(confirmed_and_editable(view, record)) and may(actor, "submit", CHANGE_REQUEST)
    may_ask = may_ask and may(actor, "edit", view.resource) and reaches(actor, record, verb="edit")
    labels = [view.edit_form(formdata=None)[name].label.text for name in confirmed_and_editable(view, record)]
    return {
        "ask_change_url": url_for(f"{view.endpoint}.ask_change", pk=record.id) if may_ask else None,
        "confirmed_labels": labels,
        "pending_change": _pending_item(pending, actor) if pending is not None else None,
    }


def _pending_item(pending: ChangeRequest, actor: User) -> dict[str, Any]:
    shown = may(actor, "show", CHANGE_REQUEST) and reaches(actor, pending, verb="show")
    return {
        "text": str(pending),
        "state": pending.state,
        "asked": pending.asked,
        "url": url_for("changes_ChangeRequestView.show", pk=pending.id) if shown else None,
    }


def confirmed_and_editable(view: Any, record: Any) -> list[str]:
    """Return the confirmed fields that this actor could change if they were not."""
    names = confirmed_names(view, record)
    return [name for name in view.edit_names if name in names]
