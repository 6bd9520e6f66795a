"""With orders: a signed reservation drafts the contract, which takes it over when it is signed (P:CON-01, P:ORD-02).

The contract of a confirmed order is drafted by whoever wants one. The order has asked for its price: the contract's
plan has the rest only, and both must say the same. Order or contract, whichever binds first takes a reservation over,
and the other one goes without its price (S:CON-01).
"""

from urllib.parse import urlencode

from addons.contracts import queries, services
from addons.contracts.events import ContractSigned, ContractSubmitted
from addons.contracts.models import Contract
from addons.contracts.parameters import NEEDS_DEPOSIT
from addons.orders.api import (
    Order,
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    OrderState,
    Reservation,
    ReservationEnded,
    ReservationSigned,
    ReservationState,
    asked_for,
    contract_reservation,
    find_order,
    find_reservation,
)
from app.sdk.addon import AddonSetup
from app.sdk.database import session, utc_now
from app.sdk.documents import DocumentRef, LinkKind, link_documents, ref_of
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.views import Action

ORDER, RESERVATION, CONTRACT = "orders.Order", "orders.Reservation", "contracts.Contract"
BOUND = (
    *(OrderState.CONFIRMED, OrderState.RELEASED, OrderState.SHIPPED),
    *(OrderState.PART_DELIVERED, OrderState.DELIVERED),
)


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.subscribe(ReservationSigned, on_reservation_signed)
    addon.subscribe(ReservationEnded, on_reservation_ended)
    addon.subscribe(OrderConfirmed, on_order_confirmed, veto=True)
    addon.subscribe(OrderChanged, on_order_changed)
    addon.subscribe(OrderCancelled, on_order_cancelled)
    addon.subscribe(ContractSubmitted, on_contract_submitted, veto=True)
    addon.subscribe(ContractSigned, on_contract_signed, veto=True)
    addon.extend_view("orders.ReservationView", OPEN_CONTRACT)
    addon.extend_view("orders.OrderView", OPEN_CONTRACT_OF_ORDER)
    addon.extend_view("orders.OrderView", DRAFT_CONTRACT)
    services.register_source(ORDER, read_order)


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


def deal_of_order(order: Order) -> services.Deal:
    """Return what a confirmed order says of its contract. Raises Conflict for one that binds nobody (R2)."""
    _require_bound(order)
    names = ", ".join(line.description for line in order.lines if line.description)
    return services.Deal(
        source=ref_of(order, ORDER),
        partner_id=order.partner_id,
        subject=(names or str(order))[:200],
        amount=order.gross,
        claimed=asked_for(order),
        owner_id=order.owner_id,
        org_unit_id=order.org_unit_id,
        on=queries.present_day(),
        delivery_date=order.promised_on,
    )


def read_order(ref: DocumentRef, actor: User) -> services.Deal | None:
    """Return the same for the registry entry of an order; None for one that the actor may not see."""
    order = queries.find_visible(Order, ref.record_id, actor=actor)
    if order is None:
        return None
    present = _contract_of(order)
    if present is not None:
        raise Conflict(
            "contract.second",
            _("There is a contract for it already: %(contract)s."),
            field="source_number",
            contract=str(present),
        )
    return deal_of_order(order)


def on_order_confirmed(event: OrderConfirmed) -> None:
    """Base the contract of a reservation on the order that took it over; refuse where it was signed before (S:CON-01).

    The price is asked for once: by the order, and the contract has the rest, or by the signed contract alone.
    """
    order = session.get_one(Order, event.order_id)
    contract = queries.find_contract_from(ref_of(order.reservation, RESERVATION)) if order.reservation else None
    if contract is None:
        return
    if contract.is_signed:
        raise Conflict(
            "order.contract_signed",
            _("Contract %(contract)s asks for the price of %(number)s already: cancel this order."),
            contract=str(contract),
            number=str(order.reservation),
        )
    services.base_on(contract, deal_of_order(order), now=utc_now())


def on_order_changed(event: OrderChanged) -> None:
    """Bring the draft of a changed order's contract up to date; a later version is compared when it is signed."""
    order = session.get_one(Order, event.order_id)
    if queries.find_contract_from(ref_of(order, ORDER)) is not None:
        services.draft_from(deal_of_order(order))


def on_order_cancelled(event: OrderCancelled) -> None:
    """Call off a contract that was not signed: the order came to nothing."""
    contract = queries.find_contract_from(ref_of(session.get_one(Order, event.order_id), ORDER))
    if contract is not None:
        services.call_off_unsigned(contract, now=utc_now())


def on_contract_submitted(event: ContractSubmitted) -> None:
    """Refuse a contract that says something else than its reservation or order (P:CON-01)."""
    contract = session.get_one(Contract, event.contract_id)
    reservation, order = _reservation_of(contract), _order_of(contract)
    if reservation is not None and contract.number is None:
        _require_free(reservation)
        _require_same(contract, reservation)
    if order is not None:
        _require_same(contract, order)
        _require_bound(order)


def on_contract_signed(event: ContractSigned) -> None:
    """Refuse to sign before the deposit is paid or a discount is decided; then take the reservation over."""
    contract = session.get_one(Contract, event.contract_id)
    order = _order_of(contract)
    if order is not None and contract.number is None:  # An amendment of a signed one goes its own way.
        _require_same(contract, order)
        _require_bound(order)
        link_documents(ref_of(order, ORDER), ref_of(contract, CONTRACT), kind=LinkKind.CREATES, amount=contract.amount)
    reservation = _reservation_of(contract)
    if reservation is None or contract.number is not None:
        return
    _require_free(reservation)
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


def _order_of(contract: Contract) -> Order | None:
    return find_order(contract.source) if contract.source is not None else None


def _require_bound(order: Order) -> None:
    if order.state not in BOUND:
        raise Conflict(
            "contract.order",
            _("Order %(number)s is not confirmed, or not in force any more: no contract is made of it."),
            field="source_number",
            number=str(order),
        )


def _require_free(reservation: Reservation) -> None:
    if reservation.state is ReservationState.CONTRACTED:
        raise Conflict(
            "contract.taken_over",
            _("Another document has taken reservation %(number)s over and asks for its price."),
            field="source_number",
            number=str(reservation),
        )


def _require_same(contract: Contract, source: Reservation | Order) -> None:
    if contract.amount != source.gross:
        raise ValidationError(
            "contract.source_amount",
            _("%(number)s says %(limit)s, the contract %(amount)s."),
            field="amount",
            number=str(source),
            limit=f"{source.gross:,.2f}",
            amount=f"{contract.amount:,.2f}",
        )
    if contract.partner_id != source.partner_id:
        raise ValidationError(
            "contract.source_partner", _("%(number)s is of another customer."), field="partner_id", number=str(source)
        )


def _address(contract: Contract | None) -> str | None:
    return f"/contracts/contract/show/{contract.id}" if contract is not None else None


def _contract_of_reservation(reservation_id: int) -> str | None:
    reservation = session.get_one(Reservation, reservation_id)
    return _address(queries.find_contract_from(ref_of(reservation, RESERVATION)))


def _contract_of_order(order_id: int) -> str | None:
    return _address(_contract_of(session.get_one(Order, order_id)))


def _contract_of(order: Order) -> Contract | None:
    """Return the contract of an order, or of the reservation that it was made from."""
    of_reservation = queries.find_contract_from(ref_of(order.reservation, RESERVATION)) if order.reservation else None
    return of_reservation or queries.find_contract_from(ref_of(order, ORDER))


def _contract_form(order_id: int) -> str | None:
    """Return the address of a contract's form that is filled with what the order says."""
    order = session.get_one(Order, order_id)
    if order.state not in BOUND or _contract_of(order) is not None:
        return None
    deal = deal_of_order(order)
    names = ("partner_id", "subject", "amount", "delivery_date")
    return (
        f"/contracts/contract/add?{urlencode({'source_number': order.number} | {n: getattr(deal, n) for n in names})}"
    )


OPEN_CONTRACT = Action("contract", _("Open the contract"), _contract_of_reservation, "file-text", CONTRACT)
OPEN_CONTRACT_OF_ORDER = Action("contract", _("Open the contract"), _contract_of_order, "file-text", CONTRACT)
DRAFT_CONTRACT = Action("draft_contract", _("Draft the contract"), _contract_form, "file-plus", CONTRACT)
