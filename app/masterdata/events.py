"""What master data announces."""

from dataclasses import dataclass

from app.events.event import Event


@dataclass(frozen=True, kw_only=True)
class PartnerAnonymised(Event):
    """A partner's personal data was erased: whoever keeps a copy erases it too, but for what the law wants kept.

    Not sent when an erasure was refused.
    """

    partner_id: int
