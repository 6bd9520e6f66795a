"""With orders: a signed reservation drafts the contract, which takes it over when it is signed (P:CON-01, P:ORD-02)."""

from addons.contracts import queries, services
from addons.contracts.events import ContractSigned, ContractSubmitted
from addons.contracts.models import Contract
from addons.contracts.parameters import NEEDS_DEPOSIT
from addons.orders.api import (
    Reservation,
    ReservationEnded,
    ReservationSigned,
    ReservationState,
    contract_reservation,
    find_reservation,
)
from app.sdk.addon import AddonSetup
from app.sdk.database import session, utc_now
from app.sdk.documents import ref_of
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _
from app.sdk.views import Action

RESERVATION, CONTRACT = "orders.Reservation", "contracts.Contract"


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.subscribe(ReservationSigned, on_reservation_signed)
    addon.subscribe(ReservationEnded, on_reservation_ended)
    addon.subscribe(ContractSubmitted, on_contract_submitted, veto=True)
    addon.subscribe(ContractSigned, on_contract_signed, veto=True)
    addon.extend_view("orders.ReservationView", OPEN_CONTRACT)


def on_reservation_signed(event: ReservationSigned) -> None:
    """Draft the contract at once, or bring its draft up to the amended form (P:ORD-02, P:ORD-03)."""
    reservation = session.get_one(Reservation, event.reservation_id)
    names = ", ".join(line.description for line in reservation.lines if line.description)
    deal = services.Deal(
        source=ref_of(reservation, RESERVATION),
        partner_id=reservation.partner_id,
        subject=(names or str(reservation))[:200],
        amount=reservation.gross,
        claimed=reservation.deposit,
        owner_id=reservation.owner_id,
        org_unit_id=reservation.org_unit_id,
        on=queries.present_day() if reservation.signed_at is None else queries.local_day(reservation.signed_at),
    )
    services.draft_from(deal)


def on_reservation_ended(event: ReservationEnded) -> None:
    """Call off a contract that was not signed: the reservation came to nothing."""
    reservation = session.get_one(Reservation, event.reservation_id)
    contract = queries.find_contract_from(ref_of(reservation, RESERVATION))
    if contract is not None:
        services.call_off_unsigned(contract, now=utc_now())


def on_contract_submitted(event: ContractSubmitted) -> None:
    """Refuse a contract that says something else than its reservation (P:CON-01)."""
    contract = session.get_one(Contract, event.contract_id)
    reservation = _reservation_of(contract)
    if reservation is not None and reservation.state is not ReservationState.CONTRACTED:
        _require_same(contract, reservation)


def on_contract_signed(event: ContractSigned) -> None:
    """Refuse to sign before the deposit is paid or a discount is decided; then take the reservation over."""
    contract = session.get_one(Contract, event.contract_id)
    reservation = _reservation_of(contract)
    if reservation is None or reservation.state is ReservationState.CONTRACTED:
        return
    _require_same(contract, reservation)
    needs_deposit = NEEDS_DEPOSIT.value(contract.signed_on or contract.doc_date)
    ready = (
        (ReservationState.DEPOSIT_PAID,) if needs_deposit else (ReservationState.SIGNED, ReservationState.DEPOSIT_PAID)
    )
    if reservation.state not in ready:
        raise Conflict(
            "contract.reservation",
            _("The deposit of reservation %(number)s is not paid, or the form is being amended."),
            number=str(reservation),
        )
    contract_reservation(reservation, by=ref_of(contract, CONTRACT), actor=None, now=contract.posted_at or utc_now())


def _reservation_of(contract: Contract) -> Reservation | None:
    return find_reservation(contract.source) if contract.source is not None else None


def _require_same(contract: Contract, reservation: Reservation) -> None:
    if contract.amount != reservation.gross:
        raise ValidationError(
            "contract.reservation_amount",
            _("Reservation %(number)s says %(limit)s, the contract %(amount)s."),
            field="amount",
            number=str(reservation),
            limit=f"{reservation.gross:,.2f}",
            amount=f"{contract.amount:,.2f}",
        )
    if contract.partner_id != reservation.partner_id:
        raise ValidationError(
            "contract.reservation_partner",
            _("Reservation %(number)s is of another customer."),
            field="partner_id",
            number=str(reservation),
        )


def _open_contract(reservation_id: int) -> str | None:
    reservation = session.get(Reservation, reservation_id)
    contract = queries.find_contract_from(ref_of(reservation, RESERVATION)) if reservation is not None else None
    return f"/contracts/contract/show/{contract.id}" if contract is not None else None


OPEN_CONTRACT = Action("contract", _("Open the contract"), _open_contract, "file-text", CONTRACT)
