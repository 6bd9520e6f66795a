"""Promises to visitors: nothing holds that the sales manager has not approved (P:REC-05)."""

from addons.reception.choices import PromiseState
from addons.reception.events import PromiseDecided
from addons.reception.models import Promise, Reception
from addons.reception.queries import is_visible, unapproved_promises
from addons.reception.workflow import PROMISE_WORKFLOW
from app.sdk.database import session
from app.sdk.errors import Conflict, NotFound
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.masterdata import required_text
from app.sdk.models import User


def create_promise(*, actor: User, reception_id: int, type_id: int, text: str) -> Promise:
    """Ask for a promise to be approved; the reception goes on meanwhile."""
    reception = session.get(Reception, reception_id)
    if reception is None or not is_visible(reception, actor=actor):
        raise NotFound("reception.missing", _("There is no such reception."), field="reception_id")
    promise = Promise(
        reception_id=reception.id,
        type_id=type_id,
        text=required_text(text, field="text", maximum=400),
        owner_id=reception.owner_id,
        org_unit_id=reception.org_unit_id,
        created_by_id=actor.id,
    )
    session.add(promise)
    session.flush()
    return promise


def update_promise(promise: Promise, *, actor: User, type_id: int | None = None, text: str | None = None) -> None:
    """Word a promise anew while nobody has decided on it. Raises Conflict afterwards (R2)."""
    if promise.state is not PromiseState.REQUESTED:
        raise Conflict("promise.decided", _("A promise that was decided on can no longer be changed."))
    if type_id is not None:
        promise.type_id = type_id
    if text is not None:
        promise.text = required_text(text, field="text", maximum=400)
    session.flush()


def refuse_unapproved_promises(partner_id: int) -> None:
    """Raise Conflict while something was promised to a partner that does not hold (P:REC-05, R2)."""
    promises = unapproved_promises(partner_id)
    if promises:
        raise Conflict(
            "promise.unapproved",
            _("“%(promise)s” was promised and is not approved. Have it approved or withdraw it first."),
            promise=str(promises[0])[:80],
            count=len(promises),
        )


@PROMISE_WORKFLOW.transition("approve")
def approve_promise(promise: Promise, *, actor: User) -> None:
    """Let a promise hold."""
    _announce(promise, approved=True)


@PROMISE_WORKFLOW.transition("reject")
def reject_promise(promise: Promise, *, actor: User, reason: str) -> None:
    """Refuse a promise; the customer has to be told, then it is withdrawn."""
    _announce(promise, approved=False)


@PROMISE_WORKFLOW.transition("withdraw")
def withdraw_promise(promise: Promise, *, actor: User, reason: str) -> None:
    """Note that the customer was told that the promise does not hold."""


def _announce(promise: Promise, *, approved: bool) -> None:
    publish(
        PromiseDecided(
            company_id=promise.company_id, promise_id=promise.id, reception_id=promise.reception_id, approved=approved
        )
    )
