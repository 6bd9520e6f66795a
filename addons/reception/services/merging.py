"""Two files of one customer become one (S:REC-16)."""

from addons.reception.choices import CustomerStage, CustomerState
from addons.reception.models import Customer
from addons.reception.services.facts import FILE
from app.sdk.database import session
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
    session.flush()
    hand_on_comments(other, kept)


CUSTOMER_FILES = OneToOne(Customer, FILE, conflict=_conflict, unite=_unite)
