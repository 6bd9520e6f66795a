"""The lives of a reception, a customer's file, an inquiry and a promise, and what guards their steps."""

import datetime as dt

from addons.reception.choices import (
    FOLLOWED_UP,
    AuditState,
    CardState,
    CustomerState,
    DutyState,
    GradingState,
    InquiryState,
    NegotiationState,
    PromiseState,
    ReceptionState,
    SmsState,
)
from addons.reception.models import (
    CardScan,
    Customer,
    EntryAudit,
    Grading,
    Inquiry,
    Negotiation,
    Promise,
    Reception,
    SmsMessage,
)
from addons.reception.parameters import ANONYMOUS_ALLOWED, CONSENT_NOTICE, PROSPECT_CONFIRM_ROLE
from app.sdk.errors import NotAllowed, ValidationError
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import text_refusal
from app.sdk.models import User
from app.sdk.security import holds_role, is_own, role_words
from app.sdk.workflow import Locks, Refusal, Transition, Workflow


def consultant_is_on_duty(reception: Reception, *, actor: User) -> Refusal | None:
    """Refuse to start without a consultant, or with one who rests or is on leave (P:REC-06)."""
    if reception.owner is None:
        return Refusal(
            "reception.no_consultant",
            _("Choose the consultant who receives the visitor."),
            field="owner_id",
            error=ValidationError,
        )
    seats = [seat for seat in reception.seats if seat.is_active]
    if seats and not any(seat.is_on_duty for seat in seats):
        word = _("%(name)s is on leave.") if seats[0].state is DutyState.LEAVE else _("%(name)s rests at present.")
        return Refusal("reception.off_duty", word, field="owner_id", data={"name": reception.owner.name})
    return None


def checklist_is_done(reception: Reception, *, actor: User) -> Refusal | None:
    """Refuse while something of the checklist is open, naming it (P:REC-01)."""
    if not reception.open_checks:
        return None
    items = ", ".join(check.item for check in reception.open_checks)
    return Refusal(
        "reception.checklist",
        _("Not done of the checklist: %(items)s."),
        field="checks",
        data={"items": items, "limit": len(reception.open_checks)},
    )


def visitor_is_known(reception: Reception, *, actor: User) -> Refusal | None:
    """Refuse without name and phone, unless the visitor's refusal to give a number is noted (P:REC-02)."""
    may_decline = ANONYMOUS_ALLOWED.value(reception.doc_date) == "with_reason"
    if reception.has_declined and may_decline:
        return None
    for field, value in (("phone", reception.phone), ("visitor_name", reception.visitor_name)):
        if not value:
            message = (
                _("Ask for name and phone. If the visitor refuses to give a number, note the reason.")
                if may_decline
                else _("Ask for name and phone.")
            )
            return Refusal("reception.visitor", message, field=field, error=ValidationError)
    if reception.customer_id is None and reception.source_id is None:
        return Refusal(
            "reception.source", _("Note how the visitor came to know us."), field="source_id", error=ValidationError
        )
    return None


def file_was_submitted(reception: Reception, *, actor: User) -> Refusal | None:
    """Refuse to close while the visitor's file has not been handed in; nothing is due of a visitor without one."""
    if reception.customer is None or reception.customer.state is not CustomerState.DRAFT:
        return None
    return Refusal("reception.file_due", _("%(file)s has not been submitted yet."), data={"file": reception.customer})


RECEPTION_WORKFLOW = Workflow(
    Reception,
    Transition(
        "start", ReceptionState.DRAFT, ReceptionState.IN_PROGRESS, _("Start"), guard=consultant_is_on_duty, icon="play"
    ),
    Transition(
        "record",
        ReceptionState.IN_PROGRESS,
        ReceptionState.RECORDED,
        _("Record"),
        guard=(visitor_is_known, checklist_is_done),
        icon="clipboard-check",
    ),
    Transition("assess", ReceptionState.RECORDED, ReceptionState.ASSESSED, _("Assess intent"), icon="target"),
    Transition("print", ReceptionState.ASSESSED, ReceptionState.PRINTED, _("Mark as printed"), icon="printer"),
    Transition(
        "close", ReceptionState.PRINTED, ReceptionState.CLOSED, _("Close"), guard=file_was_submitted, icon="lock"
    ),
    Transition(
        "cancel",
        (ReceptionState.DRAFT, ReceptionState.IN_PROGRESS),
        ReceptionState.CANCELLED,
        _("Cancel"),
        icon="x",
        tone="danger",
    ),
)


def contact_is_present(customer: Customer, *, actor: User) -> Refusal | None:
    """Refuse to hand in a file of somebody who cannot be reached."""
    if customer.phone:
        return None
    return Refusal("customer.contact", _("The file has no phone number."), field="phone", error=ValidationError)


def notice_was_given(customer: Customer, *, actor: User) -> Refusal | None:
    """Refuse before the customer knows what the data is for, and agreed to sensitive data being kept (P:CRM-22)."""
    if not CONSENT_NOTICE.value(customer.received_on):
        return None
    if not customer.notice_given:
        return Refusal(
            "customer.notice",
            _("Tell the customer what the data is for, and note it in the file."),
            field="notice_given",
        )
    if customer.id_no and not customer.sensitive_consent:
        return Refusal(
            "customer.sensitive", _("An identity number needs the customer's own consent."), field="sensitive_consent"
        )
    return None


def confirms_prospects(customer: Customer, *, actor: User, today: dt.date) -> Refusal | None:
    """Refuse whoever does not hold the role that the company lets confirm prospects, and the owner (P:CRM-03)."""
    role = PROSPECT_CONFIRM_ROLE.value(today)
    if not holds_role(actor, role):
        return Refusal(
            "customer.confirm_role",
            _("Prospects are confirmed by: %(role)s."),
            error=NotAllowed,
            data={"role": role_words(role)},
        )
    if customer.owner is not None and customer.owner.user_id == actor.id:
        return Refusal("customer.own_prospect", _("Nobody confirms his own prospect."), error=NotAllowed)
    return None


_LIVING = (
    CustomerState.DRAFT,
    CustomerState.SUBMITTED,
    CustomerState.REGISTERED,
    CustomerState.CONFIRMED,
    CustomerState.REJECTED,
)


def is_scored(customer: Customer, *, actor: User) -> Refusal | None:
    """Refuse to grade a customer who lacks a score, naming it (S:REC-08)."""
    if not customer.unscored:
        return None
    return Refusal(
        "customer.unscored",
        _("Not scored yet: %(scores)s."),
        field=customer.unscored[0],
        error=ValidationError,
        data={"scores": ", ".join(str(_(humanize(name))) for name in customer.unscored)},
    )


def may_be_texted(customer: Customer, *, actor: User, now: dt.datetime) -> Refusal | None:
    """Refuse a message to whoever has no mobile number, or has opted out (S:REC-22)."""
    known = {"points": customer.points, "consents": customer.consents}
    reason = text_refusal(customer.partner, customer.text_point, now=now, **known)
    if reason is None:
        return None
    return Refusal("sms.refused", _("No message can be sent: %(reason)s"), data={"reason": reason})


# What tells who a registered customer is, and since when he is ours (P:CRM-02).
_IDENTITY = ("name", "kind", "id_type", "id_no", "tax_no", "received_on")
CUSTOMER_WORKFLOW = Workflow(
    Customer,
    Transition(
        "submit",
        (CustomerState.DRAFT, CustomerState.REJECTED),
        CustomerState.SUBMITTED,
        _("Submit"),
        guard=(contact_is_present, notice_was_given),
        icon="send",
    ),
    Transition("register", CustomerState.SUBMITTED, CustomerState.REGISTERED, _("Register"), icon="book-open"),
    Transition(
        "confirm",
        CustomerState.REGISTERED,
        CustomerState.CONFIRMED,
        _("Confirm"),
        guard=confirms_prospects,
        icon="check",
    ),
    Transition(
        "reject",
        CustomerState.REGISTERED,
        CustomerState.REJECTED,
        _("Reject"),
        guard=confirms_prospects,
        icon="x",
        tone="danger",
    ),
    Transition(  # The deal itself is settled elsewhere: at the negotiation, by an order or a contract.
        "convert",
        (CustomerState.REGISTERED, CustomerState.CONFIRMED),
        CustomerState.CONVERTED,
        _("Deal"),
        automatic=True,
    ),
    Transition("undo_deal", CustomerState.CONVERTED, CustomerState.REGISTERED, _("Undo the deal"), automatic=True),
    Transition(
        "assign_custodian", CustomerState.CONVERTED, None, _("Name the custodian"), icon="user-cog", tone="quiet"
    ),
    Transition("grant", _LIVING, None, _("Let a colleague follow"), icon="user-plus", tone="quiet"),
    Transition("end_grant", _LIVING, None, _("End a grant"), icon="user-x", tone="quiet"),
    Transition("transfer", _LIVING, None, _("Transfer"), icon="arrow-left-right", tone="quiet"),
    Transition("follow_up", FOLLOWED_UP, None, _("Log a contact"), icon="phone"),
    Transition("send_sms", FOLLOWED_UP, None, _("Send text message"), may_be_texted, "message-square", online="sms"),
    Transition("review", FOLLOWED_UP, None, _("Confirm as up to date"), icon="check-check", tone="quiet"),
    Transition("flag_key", FOLLOWED_UP, None, _("Key customer"), icon="target", tone="quiet"),
    Transition("propose_grade", FOLLOWED_UP, None, _("Grade"), guard=is_scored, icon="chart-column", tone="quiet"),
    Transition(
        "erase",
        _LIVING,
        CustomerState.ERASED,
        _("Erase personal data"),
        icon="trash-2",
        tone="danger",
        confirm=_("Name, numbers and addresses are removed for good. The file's number stays."),
    ),
    main_path=(
        CustomerState.DRAFT,
        CustomerState.SUBMITTED,
        CustomerState.REGISTERED,
        CustomerState.CONFIRMED,
        CustomerState.CONVERTED,
    ),
    locks=Locks(FOLLOWED_UP, _IDENTITY),
)


INQUIRY_WORKFLOW = Workflow(
    Inquiry,
    Transition("receive", InquiryState.OPEN, InquiryState.RECEIVED, _("Open reception"), icon="concierge-bell"),
    Transition("open_file", InquiryState.OPEN, InquiryState.FILED, _("Open prospect"), icon="user-plus"),
    Transition("close", InquiryState.OPEN, InquiryState.CLOSED, _("Close"), icon="x", tone="quiet"),
    main_path=(InquiryState.OPEN, InquiryState.RECEIVED),
)


def is_not_the_author(promise: Promise, *, actor: User) -> Refusal | None:
    """Refuse whoever made the promise: nobody approves his own (R3)."""
    if not is_own(promise, actor):
        return None
    return Refusal("promise.own", _("Nobody decides on his own promise."), error=NotAllowed)


PROMISE_WORKFLOW = Workflow(
    Promise,
    Transition(
        "approve", PromiseState.REQUESTED, PromiseState.APPROVED, _("Approve"), guard=is_not_the_author, icon="check"
    ),
    Transition(
        "reject",
        PromiseState.REQUESTED,
        PromiseState.REJECTED,
        _("Reject"),
        guard=is_not_the_author,
        icon="x",
        tone="danger",
    ),
    Transition(
        "withdraw",
        (PromiseState.REQUESTED, PromiseState.REJECTED),
        PromiseState.WITHDRAWN,
        _("Withdraw"),
        icon="undo-2",
        tone="quiet",
    ),
)


def objections_are_answered(negotiation: Negotiation, *, actor: User) -> Refusal | None:
    """Refuse to close a round while an objection has no reply (P:CRM-07)."""
    open_ones = negotiation.unanswered
    if not open_ones:
        return None
    return Refusal(
        "negotiation.unanswered",
        _("%(count)s of %(limit)s objections without a reply: %(items)s"),
        field="objections",
        data={"count": len(open_ones), "limit": len(negotiation.objections), "items": ", ".join(map(str, open_ones))},
    )


_TALKING = (NegotiationState.OPEN, NegotiationState.CLOSED)
NEGOTIATION_WORKFLOW = Workflow(
    Negotiation,
    Transition(
        "close",
        NegotiationState.OPEN,
        NegotiationState.CLOSED,
        _("Close the round"),
        guard=objections_are_answered,
        icon="check",
    ),
    Transition(
        "win", _TALKING, NegotiationState.WON, _("Deal agreed"), objections_are_answered, "handshake", "primary"
    ),
    Transition("lose", _TALKING, NegotiationState.LOST, _("No deal"), icon="circle-x", tone="quiet"),
    Transition("resume", NegotiationState.LOST, NegotiationState.OPEN, _("Negotiate on"), icon="undo-2", tone="quiet"),
    Transition("undo", NegotiationState.WON, NegotiationState.OPEN, _("Undo the deal"), icon="undo-2", tone="danger"),
    Transition("cancel", NegotiationState.OPEN, NegotiationState.CANCELLED, _("Cancel"), icon="x", tone="danger"),
)

GRADING_WORKFLOW = Workflow(
    Grading,
    Transition("accept", GradingState.PROPOSED, GradingState.ACCEPTED, _("Accept"), icon="check"),
    Transition("reject", GradingState.PROPOSED, GradingState.REJECTED, _("Reject"), icon="x", tone="danger"),
)


def is_not_own_entry(audit: EntryAudit, *, actor: User) -> Refusal | None:
    """Refuse whoever answers for the customer: nobody verifies his own entry (R3)."""
    if audit.owner is None or audit.owner.user_id != actor.id:
        return None
    return Refusal("audit.own", _("Nobody audits his own entry."), error=NotAllowed)


AUDIT_WORKFLOW = Workflow(
    EntryAudit,
    Transition("ask", (AuditState.DRAFT, AuditState.RETURNED), AuditState.PENDING, _("Ask for the audit"), icon="send"),
    Transition("verify", AuditState.PENDING, AuditState.VERIFIED, _("Verify"), guard=is_not_own_entry, icon="check"),
    Transition(
        "give_back",
        AuditState.PENDING,
        AuditState.RETURNED,
        _("Return"),
        guard=is_not_own_entry,
        icon="undo-2",
        tone="danger",
    ),
    main_path=(AuditState.DRAFT, AuditState.PENDING, AuditState.VERIFIED),
    detours={AuditState.RETURNED: AuditState.PENDING},
)


def card_is_readable(card: CardScan, *, actor: User) -> Refusal | None:
    """Refuse a card whose name, phone or source is missing: what was blurred has to be typed (S:REC-04)."""
    for field, value in (
        ("name", card.name or card.company_name),
        ("phone", card.phone),
        ("source_id", card.source_id),
    ):
        if not value:
            return Refusal(
                "card.unread",
                _("%(label)s could not be read. Type it from the card first."),
                field=field,
                error=ValidationError,
                data={"label": _(humanize(field))},
            )
    return None


CARD_WORKFLOW = Workflow(
    CardScan,
    Transition(
        "file", CardState.DRAFT, CardState.FILED, _("Save as customer"), guard=card_is_readable, icon="user-plus"
    ),
    Transition("discard", CardState.DRAFT, CardState.DISCARDED, _("Discard"), icon="x", tone="quiet"),
)

SMS_WORKFLOW = Workflow(
    SmsMessage,
    Transition("send", SmsState.QUEUED, SmsState.SENT, _("Sent"), automatic=True),
    Transition("fail", SmsState.QUEUED, SmsState.FAILED, _("Failed"), automatic=True),
)
