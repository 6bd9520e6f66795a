"""Reservation forms: written, signed, paid, amended, ended."""

import datetime as dt

import pytest

from addons.orders import services
from addons.orders.parameters import DEPOSIT_FIXED
from addons.orders.queries import list_versions
from addons.payments import services as payments
from addons.payments.models import Method, Receipt, Refund
from addons.payments.parameters import ALLOW_PARTIAL_DEPOSIT
from addons.payments.queries import ding_of
from app.documents.claims import find_claim
from app.errors import Conflict, ValidationError
from tests.addons.orders.office import DAY, at, yuan


@pytest.mark.rule("P:ORD-01", "P:ORD-02")
def test_a_flat_is_reserved_signed_and_its_deposit_paid(office):
    form = office.reserved(to="ready")
    assert (form.number, form.gross, form.lines[0].list_price) == (None, yuan("805,500.00"), 9_000)

    services.sign_reservation(form, actor=office.user("sam"), now=at())

    assert (form.number, form.state, form.valid_until) == ("RS2026-0001", "signed", dt.date(2026, 3, 9))
    assert office.owed(form) == [("deposit", "20000.00", "open")]
    receivable = office.receivables(form)[0]
    assert (receivable.base_amount, receivable.subject) == (yuan("805,500.00"), "RS2026-0001")

    office.pay(form, "20000")
    assert form.state == "deposit_paid"


@pytest.mark.rule("P:PAY-06")
def test_a_transfer_without_a_name_waits_and_then_pays_the_deposit(office, refused):
    form = office.reserved(to="ready")
    services.sign_reservation(form, actor=office.user("sam"), now=at())
    (owed,) = office.receivables(form)
    lines = [{"method_id": office.world.cash, "amount": yuan(20_000), "bank_ref": "W-1"}]
    actor = {"actor": office.user("cai"), "now": at()}
    parked = payments.create_receipt(lines=lines, payer_name="?", **actor)
    payments.post_receipt(parked, **actor)
    error = refused(payments.settle_receivable, parked, receivable=owed, **actor)
    assert (error.code, str(form.number), form.state) == ("receipt.unidentified", "RS2026-0001", "signed")

    payments.match_receipt(parked, partner=form.partner, **actor)
    payments.settle_receivable(parked, receivable=owed, **actor)

    assert (form.state, owed.open_amount) == ("deposit_paid", 0)


@pytest.mark.rule("P:ORD-01")
@pytest.mark.parametrize(
    ("deposit", "code", "limit"),
    [("0", "reservation.deposit", "0.00"), ("805500.01", "reservation.deposit_above", "805,500.00")],
)
def test_a_deposit_is_above_zero_and_at_most_the_total(office, refused, deposit, code, limit):
    error = refused(office.reserved, deposit=deposit)
    assert (type(error), error.code, error.field, error.data["limit"]) == (ValidationError, code, "deposit", limit)


@pytest.mark.rule("P:ORD-01")
def test_a_blank_deposit_is_the_usual_one(office):
    office.set(DEPOSIT_FIXED, yuan(5_000))
    lines = [office.line("flat", "89.50")]
    form = services.create_reservation(
        actor=office.user("sam"), now=at(), partner_id=office.world.partners["Li"], lines=lines
    )
    assert form.deposit == 5_000


@pytest.mark.rule("P:ORD-01")
def test_nothing_is_signed_or_changed_out_of_turn(office, refused):
    form = office.reserved()
    sign = services.sign_reservation
    assert refused(sign, form, actor=office.user("sam"), now=at()).code == "workflow.state"

    services.make_reservation_ready(form, actor=office.user("sam"))
    sign(form, actor=office.user("sam"), now=at())

    assert refused(sign, form, actor=office.user("sam"), now=at()).code == "workflow.state"  # Not twice.
    error = refused(services.update_reservation, form, actor=office.user("sam"), deposit=yuan(1))
    assert (type(error), error.code) == (Conflict, "reservation.fixed")


@pytest.mark.rule("P:ORD-01")
def test_of_two_who_reserve_one_flat_the_first_to_sign_has_it(office, refused):
    item = office.world.item
    first, second = (
        office.reserved(office.line("flat", "89.50", item_id=item), to="ready", by=name) for name in ("sam", "sid")
    )
    services.sign_reservation(first, actor=office.user("sam"), now=at())

    error = refused(services.sign_reservation, second, actor=office.user("sid"), now=at())
    assert (type(error), error.code) == (Conflict, "item.claimed")
    assert str(error) == "Flat 8-1203 is held by RS2026-0001."

    services.cancel_reservation(first, actor=office.user("max"), reason="Changed his mind", now=at())
    assert office.owed(first) == [("deposit", "20000.00", "cancelled")]
    services.sign_reservation(second, actor=office.user("sid"), now=at())
    assert str(find_claim(item).holder) == "RS2026-0002"


@pytest.mark.rule("P:ORD-03")
def test_terms_approved_after_signing_make_a_second_version_and_the_deposit_stays(office, refused):
    form = office.reserved(office.line("bolt", "5000"), to="paid")
    sam = office.user("sam")

    services.amend_reservation(form, actor=sam, reason="3 % approved")
    assert (form.state, form.revision) == ("amending", 1)
    assert refused(services.sign_reservation, form, actor=sam, now=at()).code == "workflow.state"
    services.open_discount(form, actor=sam)
    services.grant_prices(form, actor=None, prices={form.lines[0].id: yuan(97)})
    assert (form.state, form.gross, form.number) == ("ready_to_sign", yuan("485,000.00"), "RS2026-0001")

    services.sign_reservation(form, actor=sam, now=at("11:00"))

    assert form.state == "deposit_paid"
    assert office.owed(form) == [("deposit", "20000.00", "settled")]
    (version,) = list_versions(form.id)
    assert (version.revision, version.gross, version.reason) == (0, yuan("500,000.00"), "3 % approved")
    assert version.lines[0] == {"description": "Bolt", "quantity": "5,000", "unit_price": "100", "gross": "500,000.00"}


@pytest.mark.rule("P:ORD-03")
def test_an_unpaid_deposit_follows_the_amended_form(office):
    form = office.reserved(to="signed")
    sam = office.user("sam")
    services.amend_reservation(form, actor=sam, reason="Smaller flat")
    services.update_reservation(form, actor=sam, deposit=yuan(10_000), lines=[office.line("flat", "60")])
    services.make_reservation_ready(form, actor=sam)
    services.sign_reservation(form, actor=sam, now=at())
    assert office.owed(form) == [("deposit", "20000.00", "cancelled"), ("deposit", "10000.00", "open")]
    assert office.receivables(form)[1].base_amount == 540_000


@pytest.mark.rule("P:ORD-01")
def test_a_form_expires_without_a_deposit_and_never_with_one(office):
    unpaid, paid = office.reserved(to="signed"), office.reserved(to="paid")

    assert services.expire_lapsed(at("23:59", dt.date(2026, 3, 9))) == 0
    assert services.expire_lapsed(at("00:00", dt.date(2026, 3, 10))) == 1

    assert (unpaid.state, paid.state) == ("expired", "deposit_paid")
    assert office.owed(unpaid) == [("deposit", "20000.00", "cancelled")]


def test_a_paid_form_is_extended_once(office, refused):
    form, boss = office.reserved(to="paid"), office.user("max")
    until = dt.date(2026, 3, 20)
    too_early = refused(services.extend_reservation, form, actor=boss, until=dt.date(2026, 3, 9), now=at())
    assert too_early.code == "reservation.until"
    services.extend_reservation(form, actor=boss, until=until, now=at())
    assert form.valid_until == until
    again = refused(services.extend_reservation, form, actor=boss, until=dt.date(2026, 4, 1), now=at())
    assert again.code == "reservation.extended"


@pytest.mark.rule("P:ORD-02")
def test_a_receipt_made_void_takes_the_deposit_back(office, refused):
    from addons.payments import services as payments

    form = office.reserved(to="signed")
    receipt = office.pay(form, "20000")
    error = refused(services.cancel_reservation, form, actor=office.user("max"), reason="No", now=at())
    assert (type(error), error.code, error.data["amount"]) == (Conflict, "receivable.paid", "20,000.00")

    payments.void_receipt(receipt, actor=office.user("abe"), reason="Bounced", now=at())

    assert form.state == "signed"
    services.cancel_reservation(form, actor=office.user("max"), reason="No", now=at())
    assert form.state == "cancelled"


def test_only_what_was_never_signed_is_discarded(office, refused):
    form = office.reserved(to="signed")
    services.amend_reservation(form, actor=office.user("sam"), reason="Other terms")
    services.make_reservation_ready(form, actor=office.user("sam"))
    assert refused(services.discard_reservation, form, actor=office.user("sam")).code == "reservation.signed_before"
    draft = office.reserved()
    services.discard_reservation(draft, actor=office.user("sam"))
    assert draft.state == "discarded"
    assert draft.doc_date == DAY


def _refunded(office, receipt, amount):
    payments.refund_money(
        receipt,
        actor=office.user("abe"),
        amount=yuan(amount),
        method=office.session.get_one(Method, office.world.cash),
        reason="By mistake",
        now=at("15:00"),
        receivable=receipt.receivable,
    )
    return office.session.query(Refund).one()


@pytest.mark.rule("P:ORD-02")
def test_a_deposit_that_was_refunded_by_mistake_is_paid_again_once_the_refund_is_void(office):
    form = office.reserved(to="signed")
    refund = _refunded(office, office.pay(form, "20000"), "20000")
    assert form.state == "signed"

    payments.void_refund(refund, actor=office.user("abe"), reason="By mistake", now=at("16:00"))

    assert (form.state, office.owed(form)) == ("deposit_paid", [("deposit", "20000.00", "settled")])
    assert services.expire_lapsed(at("00:00", dt.date(2026, 3, 10))) == 0


@pytest.mark.rule("P:ORD-01")
def test_a_form_with_a_part_of_its_deposit_does_not_expire_nor_keep_others_from_it(office):
    office.set(ALLOW_PARTIAL_DEPOSIT, True)
    partly, unpaid = office.reserved(to="signed"), office.reserved(to="signed")
    office.pay(partly, "5000")

    assert services.expire_lapsed(at("00:00", dt.date(2026, 3, 10))) == 1

    assert (partly.state, unpaid.state) == ("signed", "expired")
    assert office.owed(partly) == [("deposit", "20000.00", "open")]


def _amended(office, form, **values):
    sam = office.user("sam")
    services.amend_reservation(form, actor=sam, reason="Other terms")
    services.update_reservation(form, actor=sam, **values)
    services.make_reservation_ready(form, actor=sam)
    services.sign_reservation(form, actor=sam, now=at())


def _forfeit(office, receipt, amount):
    payments.forfeit_money(
        receipt,
        actor=office.user("abe"),
        receivable=receipt.receivable,
        amount=yuan(amount),
        reason="The buyer broke his word",
        now=at("15:00"),
    )


@pytest.mark.rule("S:RE-04", "P:ORD-03")
def test_the_ding_is_capped_over_all_deposits_of_a_form(office, refused):
    form = office.reserved(office.line("bolt", "1000"), to="paid", deposit="15000")
    first = office.receivables(form)[0]
    _amended(office, form, deposit=yuan(35_000))
    second = office.receivables(form)[1]
    (one,) = office.session.query(Receipt).all()
    other = office.pay(form, "20000")
    assert [ding_of(deposit).amount for deposit in (first, second)] == [15_000, 5_000]

    _forfeit(office, one, "15000")
    error = refused(_forfeit, office, other, "5000.01")
    assert (error.code, error.field, error.data["limit"]) == ("forfeit.ding", "amount", "5,000.00")
    _forfeit(office, other, "5000")

    assert (one.forfeited, other.forfeited) == (15_000, 5_000)
    assert ding_of(second).amount == 5_000  # What was kept of the first still counts.


@pytest.mark.rule("S:RE-04", "P:ORD-03")
def test_the_ding_is_split_anew_when_the_total_is_amended(office, refused):
    form = office.reserved(office.line("bolt", "500"), to="paid", deposit="15000")
    _amended(office, form, lines=[office.line("bolt", "400")])
    (receipt,) = office.session.query(Receipt).all()

    assert (receipt.receivable.base_amount, form.state) == (40_000, "deposit_paid")
    assert refused(_forfeit, office, receipt, "8000.01").data["limit"] == "8,000.00"
    _forfeit(office, receipt, "8000")


@pytest.mark.rule("P:ORD-03")
def test_a_deposit_that_was_paid_in_part_is_lowered_with_the_form(office):
    office.set(ALLOW_PARTIAL_DEPOSIT, True)
    form = office.reserved(to="signed")
    office.pay(form, "5000")

    _amended(office, form, deposit=yuan(8_000))
    assert [one.open_amount for one in office.receivables(form)] == [3_000]
    _amended(office, form, deposit=yuan(4_000))  # Less than was paid: the rest is refunded by hand.

    assert [(one.open_amount, one.settled) for one in office.receivables(form)] == [(0, 5_000)]
    assert form.state == "deposit_paid"
