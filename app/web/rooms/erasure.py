"""Requests to erase personal data, and what the platform proposes: people decide (P:CRM-22)."""

import datetime as dt
import sys

from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.crud.view import CrudView
from app.database.columns import utc_now
from app.database.session import session
from app.i18n import _
from app.masterdata.choices import EraseState
from app.masterdata.models import EraseRequest, Partner
from app.masterdata.normalise import required_text
from app.masterdata.privacy import (
    OPEN_STATES,
    REFUSAL_LENGTH,
    anonymise_partner,
    erasure_refusals,
    note_erasure,
    request_erasure,
)
from app.workflow.definition import Workflow
from app.workflow.refusal import Refusal
from app.workflow.transition import Transition


def may_be_erased(request: EraseRequest, *, actor: User) -> Refusal | None:
    """Refuse while the law wants the data kept, saying why."""
    reasons = " ".join(erasure_refusals(request.partner))
    return (
        Refusal("partner.needed", _("The data must be kept: %(reasons)s"), data={"reasons": reasons})
        if reasons
        else None
    )


WORKFLOW = Workflow(
    EraseRequest,
    Transition(
        "erase",
        OPEN_STATES,
        EraseState.ERASED,
        _("Erase"),
        guard=may_be_erased,
        icon="trash-2",
        tone="danger",
        confirm=_("Erase all that says who this is? It cannot be undone."),
    ),
    Transition("refuse", OPEN_STATES, EraseState.REFUSED, _("Keep the data"), icon="x"),
    main_path=(EraseState.REQUESTED, EraseState.ERASED),
)


@WORKFLOW.transition("erase")
def erase(request: EraseRequest, *, actor: User, now: dt.datetime) -> None:
    """Remove all that says who the partner is. Raises Conflict while the law wants it kept (R2)."""
    anonymise_partner(request.partner, now=now)
    request.decided_at = now


@WORKFLOW.transition("refuse")
def refuse(request: EraseRequest, *, actor: User, now: dt.datetime, reason: str) -> None:
    """Keep the data, for a reason. Raises ValidationError for a blank one (R1)."""
    request.refusal = required_text(reason, field="reason", maximum=REFUSAL_LENGTH)
    request.decided_at = now
    note_erasure("erasure.refused", request.partner)


class EraseRequestView(CrudView):
    """Who asked for erasure, or is proposed for it, and what became of it."""

    model = EraseRequest
    title = _("Erasure requests")
    verbs = ("list", "show", "add")
    workflow = WORKFLOW
    list_columns = ("partner", "state", "requested_at", "source", "decided_at")
    form_columns = ("partner_id", "source")
    show_only = ("requested_at", "decided_at", "refusal")
    search_columns = ("state", "requested_at", "decided_at", "partner_id")
    labels = {"source": _("How it was said"), "refusal": _("Why the data is kept")}

    @staticmethod
    def create_with(*, actor: User, partner_id: int, source: str) -> EraseRequest:
        """Record that a partner asked; an open request takes it up."""
        return request_erasure(session.get_one(Partner, partner_id), source=source, now=utc_now())


def setup(addon: AddonSetup) -> None:
    """Record the screen."""
    addon.add_models(EraseRequest)
    addon.add_workflow(WORKFLOW, sys.modules[__name__])
    addon.add_view(EraseRequestView, menu="Master data/Erasure requests", icon="shield")
