"""What reception announces."""

from dataclasses import dataclass

from app.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class ProspectOpened(Event):
    """Somebody new is on file. Not sent for a visitor who refused to be named, nor for one who was known already."""

    customer_id: int
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerFileOpened(Event):
    """A prospect showed an intent to buy, so a customer file was opened. Not sent when the intent changes later."""

    customer_id: int
    partner_id: int
    intent: str


@dataclass(frozen=True, kw_only=True)
class CustomerSubmitted(Event):
    """A consultant handed a prospect or customer file to the supervisor."""

    customer_id: int
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerRegistered(Event):
    """The supervisor registered a prospect or customer file. Sent again when one that was rejected comes back."""

    customer_id: int
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class ProspectDecided(Event):
    """A registered prospect was confirmed, or rejected and given back to the consultant."""

    customer_id: int
    partner_id: int
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class DealAgreed(Event):
    """Consultant and customer agreed on a deal. Not sent again for a customer who has bought before."""

    customer_id: int
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class DealUndone(Event):
    """The deal came to nothing after all; the file is the supervisor's again."""

    customer_id: int
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerTakenOver(Event):
    """Another consultant took over a customer whose protection had ended. Not sent for one that nobody owned."""

    customer_id: int
    partner_id: int
    former_owner_id: int
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class ReceptionRecorded(Event):
    """A visitor was received and recorded. `customer_id` is None for one who refused to be named."""

    reception_id: int
    customer_id: int | None
    is_returning: bool


@dataclass(frozen=True, kw_only=True)
class PromiseDecided(Event):
    """A promise to a visitor was approved or rejected. Not sent when it is withdrawn."""

    promise_id: int
    reception_id: int
    approved: bool
