"""What reception does when others announce something."""

from addons.reception.services import forget_visitor, leave_queues
from app.sdk.masterdata import EmployeeLeft, PartnerAnonymised


def on_partner_anonymised(event: PartnerAnonymised) -> None:
    """Erase what reception keeps of the partner."""
    forget_visitor(event.partner_id, phone_hashes=event.phone_hashes)


def on_employee_left(event: EmployeeLeft) -> None:
    """Give a leaver's turns to those who stay."""
    leave_queues(event.employee_id)
