"""What belongs to a customer's file: contacts, follow-ups, negotiations, grades, papers (P:CRM-12)."""

from collections.abc import Callable
from typing import Any

from addons.reception.choices import AuditState, NegotiationState
from addons.reception.models import Contact, Customer, EntryAudit, FollowUp, Grading, Negotiation, Reception
from app.sdk.database import Select, and_, exists, func, not_, select, session
from app.sdk.documents import DocumentRef, ref_of
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import Partner, PartnerRelation

CUSTOMER, NEGOTIATION, RECEPTION = "reception.Customer", "reception.Negotiation", "reception.Reception"


def find_audit(customer_id: int) -> EntryAudit | None:
    """Return the audit of a file's entry, if there is one."""
    return session.scalar(select(EntryAudit).where(EntryAudit.customer_id == customer_id))


def entry_warning(partner_id: int) -> str | None:
    """Return why an order for this partner deserves a warning: the entry is not verified; None for one that is.

    It names the state of the audit, 'pending' or 'returned'; nobody is stopped by it (S:REC-10).
    """
    state = session.scalar(
        select(EntryAudit.state)
        .join(Customer, Customer.id == EntryAudit.customer_id)
        .where(Customer.partner_id == partner_id)
    )
    return None if state is None or state is AuditState.VERIFIED else str(state.value)


def list_contacts(customer_id: int) -> list[Contact]:
    """Return the people to talk to at a customer's, who decides first."""
    rows = session.execute(
        select(Contact, PartnerRelation, Partner)
        .join(PartnerRelation, PartnerRelation.id == Contact.relation_id)
        .join(Partner, Partner.id == PartnerRelation.partner_id)
        .where(Contact.customer_id == customer_id)
        .order_by(PartnerRelation.is_decision_maker.desc(), Contact.id)
    ).all()
    for contact, _relation, _person in rows:
        str(contact)  # Finds both in memory while the rows hold them.
    return [contact for contact, _relation, _person in rows]


def list_follow_ups(customer_id: int) -> list[FollowUp]:
    """Return the contacts with a customer, the latest first."""
    return list(
        session.scalars(
            select(FollowUp).where(FollowUp.customer_id == customer_id).order_by(FollowUp.at.desc(), FollowUp.id.desc())
        )
    )


def list_negotiations(customer_id: int) -> list[Negotiation]:
    """Return the rounds with a customer, the latest first."""
    return list(
        session.scalars(
            select(Negotiation).where(Negotiation.customer_id == customer_id).order_by(Negotiation.round.desc())
        )
    )


def deal_of(partner_id: int) -> DocumentRef | None:
    """Return the registry entry of the round of negotiation that ended in the partner's deal; else that of the file."""
    customer = session.scalar(select(Customer).where(Customer.partner_id == partner_id))
    if customer is None:
        return None
    won = select(Negotiation).where(Negotiation.customer_id == customer.id, Negotiation.state == NegotiationState.WON)
    negotiation = session.scalar(won.order_by(Negotiation.round.desc()).limit(1))
    return ref_of(customer, CUSTOMER) if negotiation is None else ref_of(negotiation, NEGOTIATION)


def list_visits(customer_id: int) -> list[Reception]:
    """Return the receptions of a customer, the latest first."""
    return list(
        session.scalars(
            select(Reception)
            .where(Reception.customer_id == customer_id)
            .order_by(Reception.doc_date.desc(), Reception.id.desc())
        )
    )


def list_gradings(customer_id: int) -> list[Grading]:
    """Return how a customer was graded, the latest first."""
    return list(
        session.scalars(select(Grading).where(Grading.customer_id == customer_id).order_by(Grading.quarter.desc()))
    )


def returned_entries() -> Select[Any]:
    """Select the entries that were given back to the consultant."""
    return select(EntryAudit).where(EntryAudit.state == AuditState.RETURNED).order_by(EntryAudit.id)


def pending_entries() -> Select[Any]:
    """Select the entries that wait for the manager."""
    return select(EntryAudit).where(EntryAudit.state == AuditState.PENDING).order_by(EntryAudit.asked_at, EntryAudit.id)


def without_negotiation(statement: Select[Any]) -> Select[Any]:
    """Narrow a selection of customers to those with whom nobody has negotiated yet."""
    talked = exists().where(Negotiation.customer_id == Customer.id, Negotiation.state != NegotiationState.CANCELLED)
    return statement.where(not_(talked))


def counting(model: type[Contact | FollowUp | Grading | Negotiation | Reception]) -> Callable[[int], Any]:
    """Return what counts the rows of a tab: a scalar subquery of the customer's id."""

    def count(customer_id: int) -> Any:
        return select(func.count(model.id)).where(model.customer_id == customer_id).scalar_subquery()

    return count


def count_papers(customer_id: int) -> Any:
    """Return the number of the documents that `list_papers` lists, as a scalar subquery."""
    return select(func.count(DocumentRef.id)).where(_papers_of(customer_id)).scalar_subquery()


def _papers_of(customer_id: int) -> Any:
    partner = select(Customer.partner_id).where(Customer.id == customer_id).scalar_subquery()
    itself = and_(DocumentRef.resource == CUSTOMER, DocumentRef.record_id == customer_id)
    return and_(DocumentRef.partner_id == partner, not_(itself))


def list_papers(customer_id: int) -> list[dict[str, Any]]:
    """Return every document of the customer's partner, whichever add-on keeps it, the latest first (P:CRM-12)."""
    found = session.scalars(select(DocumentRef).where(_papers_of(customer_id)).order_by(DocumentRef.id.desc()))
    return [
        {
            "number": one.number or one.title,
            "title": one.title,
            "kind": _(humanize(one.resource.rpartition(".")[2])),
            "state": _(humanize(one.state)) if one.state else None,
        }
        for one in found
    ]
