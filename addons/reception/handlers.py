"""What reception does when others announce something."""

from addons.reception.services import forget_visitor
from app.sdk.masterdata import PartnerAnonymised


def on_partner_anonymised(event: PartnerAnonymised) -> None:
    """Erase what reception keeps of the partner."""
    forget_visitor(event.partner_id, phone_hashes=event.phone_hashes)
