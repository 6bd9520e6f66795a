"""What master data announces."""

from dataclasses import dataclass, field

from app.events.event import Event


@dataclass(frozen=True, kw_only=True)
class PartnerAnonymised(Event):
    """A partner's personal data was erased: whoever keeps a copy erases it too, but for what the law wants kept.

    `phone_hashes` are the keyed hashes, as search keeps them, of the numbers that stood for this partner alone: for
    copies that do not name the partner. Not sent when an erasure was refused.
    """

    partner_id: int
    phone_hashes: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PartnersMerged(Event):
    """Two files of one partner became one. All references point at the survivor when this is sent."""

    survivor_id: int
    loser_id: int


@dataclass(frozen=True, kw_only=True)
class PartnerTransferred(Event):
    """A partner passed to another owner. Not sent when the owner stays, nor when two files are merged."""

    partner_id: int
    former_owner_id: int | None
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class EmployeeLeft(Event):
    """Somebody's last day is over: what was declared is in other hands, the roles and log-ins are gone."""

    employee_id: int
