"""Two files of one customer become one (S:REC-16)."""

from typing import Any

from addons.reception.choices import CustomerStage, CustomerState, Lifecycle
from addons.reception.models import Customer, Grading, Negotiation
from addons.reception.queries import find_audit
from addons.reception.services.facts import FILE
from app.sdk.database import func, select, session
from app.sdk.i18n import LazyString, _
from app.sdk.masterdata import OneToOne, hand_on_comments

# How far a file has come: the one that is kept must not fall behind the other.
_PROGRESS = {
    CustomerState.DRAFT: 0,
    CustomerState.REJECTED: 0,
    CustomerState.SUBMITTED: 1,
    CustomerState.REGISTERED: 2,
    CustomerState.CONFIRMED: 3,
    CustomerState.CONVERTED: 4,
}


def _conflict(kept: Customer, other: Customer) -> LazyString | None:
    if _PROGRESS.get(kept.state, 0) < _PROGRESS.get(other.state, 0):
        return _("The file that would be archived has come further than the one kept. Keep the other one.")
    return None


def _unite(kept: Customer, other: Customer) -> None:
    """Take over what both files tell together: the first visit, the last contact, that the notice was given."""
    kept.received_on = min(kept.received_on, other.received_on)
    contacts = [moment for moment in (kept.last_contact_at, other.last_contact_at) if moment is not None]
    kept.last_contact_at = max(contacts, default=None)
    kept.notice_given_at = kept.notice_given_at or other.notice_given_at
    if other.stage is CustomerStage.CUSTOMER_FILE and kept.stage is not CustomerStage.CUSTOMER_FILE:
        kept.stage, kept.file_opened_at = other.stage, other.file_opened_at
    kept.is_key = kept.is_key or other.is_key
    signed = [day for day in (kept.signed_on, other.signed_on) if day is not None]
    if signed:
        kept.signed_on, kept.lifecycle = min(signed), Lifecycle.SIGNED
    followed_up = [moment for moment in (kept.followed_up_at, other.followed_up_at) if moment is not None]
    kept.followed_up_at = min(followed_up, default=None)
    _settle_doubles(kept, other)
    session.flush()
    hand_on_comments(other, kept)


def _settle_doubles(kept: Customer, other: Customer) -> None:
    """Leave one audit, one grade a quarter, and rounds of negotiation that count on."""
    quarters = select(Grading.quarter).where(Grading.customer_id == kept.id)
    double: list[Any] = [
        *session.scalars(select(Grading).where(Grading.customer_id == other.id, Grading.quarter.in_(quarters)))
    ]
    audit = find_audit(other.id)
    if audit is not None and find_audit(kept.id) is not None:
        double.append(audit)
    for one in double:
        session.delete(one)
    rounds = session.scalar(select(func.max(Negotiation.round)).where(Negotiation.customer_id == kept.id)) or 0
    theirs = select(Negotiation).where(Negotiation.customer_id == other.id).order_by(Negotiation.round.desc())
    for negotiation in session.scalars(theirs).all():
        negotiation.round += rounds
        session.flush()  # The last first, or two rounds would meet.
    session.flush()


CUSTOMER_FILES = OneToOne(Customer, FILE, conflict=_conflict, unite=_unite)
