"""The lives of templates, contracts, reviews, obligations, incidents and supplements, and what guards their steps."""

import datetime as dt

from addons.contracts.choices import (
    ContractState,
    IncidentState,
    ObligationState,
    ReviewState,
    SupplementState,
    TemplateState,
)
from addons.contracts.models import Contract, Incident, Obligation, Review, Supplement, Template
from addons.contracts.parameters import READ_CONFIRM
from app.sdk.errors import NotAllowed
from app.sdk.i18n import _, humanize
from app.sdk.models import User
from app.sdk.security import holds_role, is_own
from app.sdk.workflow import Refusal, Transition, Workflow, has_active_chain

SEND_UP = "send_up"


def has_file(template: Template, *, actor: User) -> Refusal | None:
    """Refuse a template without its Word file."""
    if template.file_id is not None:
        return None
    return Refusal("template.no_file", _("Attach its Word file (.docx) first."))


TEMPLATE_WORKFLOW = Workflow(
    Template,
    Transition(
        "put_in_force",
        TemplateState.DRAFT,
        TemplateState.IN_FORCE,
        _("Put in force"),
        guard=has_file,
        icon="check",
        confirm=_("It cannot be changed any more then. Put it in force?"),
    ),
    Transition("retire", TemplateState.IN_FORCE, TemplateState.RETIRED, _("Retire"), icon="archive", tone="danger"),
)


def is_read(contract: Contract, *, actor: User, today: dt.date) -> Refusal | None:
    """Refuse what nobody has confirmed to have read and understood (P:CON-04)."""
    if contract.read_confirmed_at is not None or not READ_CONFIRM.value(today):
        return None
    return Refusal("contract.unread", _("Confirm first that you have read and understood the clauses."))


def is_unread(contract: Contract, *, actor: User) -> Refusal | None:
    """Refuse to confirm twice."""
    if contract.read_confirmed_at is None:
        return None
    return Refusal("contract.read", _("It was confirmed already."))


def is_template_in_force(contract: Contract, *, actor: User, today: dt.date) -> Refusal | None:
    """Refuse a contract of a template that is retired (P:CON-02)."""
    if contract.template.is_in_force(today):
        return None
    return Refusal(
        "contract.template",
        _("The template “%(template)s” is not in force on %(day)s. Choose another."),
        data={"template": str(contract.template), "day": today},
    )


def is_reviewed(contract: Contract, *, actor: User) -> Refusal | None:
    """Refuse to approve what a reviewer has not agreed to yet (S:CON-02, S:CON-08)."""
    waiting = [one.kind for one in contract.reviews if one.state is ReviewState.PENDING]
    if not waiting:
        return None
    return Refusal(
        "contract.review",
        _("A review is still open: %(names)s."),
        data={"names": ", ".join(str(_(humanize(kind.value))) for kind in waiting)},
    )


def is_not_own(document: Contract | Review, *, actor: User) -> Refusal | None:
    """Refuse whoever wrote, changed or handed in the contract, or answers for it: nobody approves his own (R3)."""
    if not is_own(document.contract if isinstance(document, Review) else document, actor):
        return None
    return Refusal("contract.own", _("Nobody reviews or approves his own contract."), error=NotAllowed)


def is_not_chained(contract: Contract, *, actor: User) -> Refusal | None:
    """Refuse the single signature of the leader where the company has set a chain (P:CON-06)."""
    if not has_active_chain(CONTRACT_WORKFLOW.resource, SEND_UP):
        return None
    return Refusal("contract.chained", _("The company has set a chain of approval: send it for approval."))


def is_chained(contract: Contract, *, actor: User) -> Refusal | None:
    """Refuse to ask a chain that is not there."""
    if has_active_chain(CONTRACT_WORKFLOW.resource, SEND_UP):
        return None
    return Refusal("contract.no_chain", _("No chain of approval is set: the leader approves it."))


def is_unsigned(contract: Contract, *, actor: User) -> Refusal | None:
    """Refuse to cancel like a draft what binds both sides while an amendment is under way."""
    if not contract.is_signed:
        return None
    return Refusal(
        "contract.signed", _("It was signed: have it returned and give up the amendment, or terminate it afterwards.")
    )


def is_performed(contract: Contract, *, actor: User) -> Refusal | None:
    """Refuse to complete what is not all done (P:CON-08)."""
    still = [one for one in contract.obligations if one.state is ObligationState.OPEN]
    if not still:
        return None
    return Refusal(
        "contract.open_obligations",
        _("%(count)s obligations are open, the first one: %(title)s."),
        data={"count": len(still), "title": still[0].title},
    )


_S = ContractState
_RUNNING = (_S.SIGNED, _S.PERFORMING)
CONTRACT_WORKFLOW = Workflow(
    Contract,
    Transition(
        "confirm_read",
        (_S.DRAFT, _S.AMENDING, _S.SUBMITTED, _S.APPROVED),
        None,
        _("I have read the clauses"),
        guard=is_unread,
        icon="book-open",
        confirm=_("I have read and understood all clauses of this contract."),
    ),
    Transition(
        "submit",
        (_S.DRAFT, _S.AMENDING),
        _S.SUBMITTED,
        _("Submit"),
        guard=(is_template_in_force, is_read),
        icon="send",
        tone="primary",
    ),
    Transition(
        "approve",
        _S.SUBMITTED,
        _S.APPROVED,
        _("Approve"),
        guard=(is_not_chained, is_reviewed, is_not_own),
        icon="check",
        tone="primary",
    ),
    Transition(
        SEND_UP, _S.SUBMITTED, _S.APPROVED, _("Send for approval"), guard=(is_chained, is_reviewed), icon="send"
    ),
    Transition("pass_small", _S.SUBMITTED, _S.APPROVED, _("Needs no approval"), automatic=True),
    Transition("give_back", (_S.SUBMITTED, _S.APPROVED), None, _("Return"), icon="undo-2", tone="danger"),
    Transition("fall_back", (_S.SUBMITTED, _S.APPROVED), _S.DRAFT, _("Returned"), automatic=True),
    Transition("reopen", (_S.SUBMITTED, _S.APPROVED), _S.AMENDING, _("Returned"), automatic=True),
    Transition(
        "sign",
        _S.APPROVED,
        _S.SIGNED,
        _("Enter the signing"),
        guard=(is_template_in_force, is_read),
        icon="signature",
        tone="primary",
    ),
    Transition("begin", _S.SIGNED, _S.PERFORMING, _("Performing"), automatic=True),
    Transition("check", (*_RUNNING, _S.BREACH), None, _("Note a check"), icon="clipboard-check", tone="quiet"),
    Transition("complete", _RUNNING, _S.COMPLETED, _("Complete the contract"), guard=is_performed, icon="check"),
    Transition("amend", _RUNNING, _S.AMENDING, _("Amend"), icon="pencil", tone="quiet"),
    Transition("drop_amendment", _S.AMENDING, _S.SIGNED, _("Give up the amendment"), icon="undo-2", tone="danger"),
    Transition("miss", _RUNNING, _S.BREACH, _("A duty was missed"), automatic=True),
    Transition("declare_breach", _RUNNING, _S.BREACH, _("Declare a breach"), icon="circle-alert", tone="danger"),
    Transition("cure", _S.BREACH, _S.PERFORMING, _("Cured"), icon="heart-handshake"),
    Transition("terminate", (*_RUNNING, _S.BREACH), _S.TERMINATED, _("Terminate"), icon="x", tone="danger"),
    Transition(
        "share", (*_RUNNING, _S.BREACH, _S.COMPLETED), None, _("Share the performance"), icon="users", tone="quiet"
    ),
    Transition("expire", _RUNNING, _S.EXPIRED, _("Expired"), automatic=True),
    Transition("archive", (_S.COMPLETED, _S.EXPIRED, _S.TERMINATED), _S.ARCHIVED, _("Archive"), icon="archive"),
    Transition("call_off", (_S.DRAFT, _S.SUBMITTED, _S.APPROVED), _S.CANCELLED, _("Called off"), automatic=True),
    Transition(
        "cancel", (_S.DRAFT, _S.SUBMITTED), _S.CANCELLED, _("Cancel"), guard=is_unsigned, icon="x", tone="danger"
    ),
    Transition(
        "cancel_approved", _S.APPROVED, _S.CANCELLED, _("Cancel approved"), guard=is_unsigned, icon="x", tone="danger"
    ),
    main_path=(_S.DRAFT, _S.SUBMITTED, _S.APPROVED, _S.SIGNED, _S.PERFORMING, _S.COMPLETED, _S.ARCHIVED),
    detours={_S.AMENDING: _S.SUBMITTED, _S.BREACH: _S.PERFORMING},
    terms=("amount", "partner_id", "template_id"),
)


def is_reviewer(review: Review, *, actor: User) -> Refusal | None:
    """Refuse whoever is no reviewer of this kind."""
    if holds_role(actor, f"contracts_{review.kind.value}"):
        return None
    return Refusal(
        "review.kind",
        _("This review is for the role “%(role)s”."),
        data={"role": _(humanize(review.kind.value))},
        error=NotAllowed,
    )


REVIEW_WORKFLOW = Workflow(
    Review,
    Transition(
        "agree", ReviewState.PENDING, ReviewState.AGREED, _("Agree"), guard=(is_reviewer, is_not_own), icon="check"
    ),
    Transition(
        "give_back",
        ReviewState.PENDING,
        ReviewState.RETURNED,
        _("Return"),
        guard=(is_reviewer, is_not_own),
        icon="undo-2",
        tone="danger",
    ),
    Transition("drop", ReviewState.PENDING, ReviewState.VOID, _("Not needed any more"), automatic=True),
)


def is_running(obligation: Obligation, *, actor: User) -> Refusal | None:
    """Refuse to perform what is not signed, or has ended."""
    if obligation.contract.state in (*_RUNNING, _S.BREACH):
        return None
    return Refusal("obligation.contract", _("Its contract is not in force."))


def is_no_payment(obligation: Obligation, *, actor: User) -> Refusal | None:
    """Refuse to tick off by hand what a receipt does."""
    if obligation.receivable_id is None:
        return None
    return Refusal("obligation.payment", _("A receipt does it: payments are not ticked off by hand."))


OBLIGATION_WORKFLOW = Workflow(
    Obligation,
    Transition(
        "perform",
        ObligationState.OPEN,
        ObligationState.DONE,
        _("Done"),
        guard=(is_running, is_no_payment),
        icon="check",
    ),
    Transition("waive", ObligationState.OPEN, ObligationState.WAIVED, _("Waive"), guard=is_no_payment, icon="x"),
    Transition("settle", ObligationState.OPEN, ObligationState.DONE, _("Paid"), automatic=True),
    Transition("unsettle", ObligationState.DONE, ObligationState.OPEN, _("Payment taken back"), automatic=True),
    Transition("call_off", ObligationState.OPEN, ObligationState.WAIVED, _("Called off"), automatic=True),
)

INCIDENT_WORKFLOW = Workflow(
    Incident, Transition("close", IncidentState.OPEN, IncidentState.CLOSED, _("Close"), icon="check")
)

SUPPLEMENT_WORKFLOW = Workflow(
    Supplement,
    Transition("sign", SupplementState.DRAFT, SupplementState.SIGNED, _("Enter the signing"), icon="signature"),
    Transition("cancel", SupplementState.DRAFT, SupplementState.CANCELLED, _("Cancel"), icon="x", tone="danger"),
)
