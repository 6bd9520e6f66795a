"""Quotations: versions, validity, approval of prices, and what becomes of them."""

import datetime as dt
from decimal import Decimal

import pytest

from addons.orders import services
from addons.orders.choices import PaymentMethod
from addons.orders.models import Order, Quotation, Reservation
from addons.orders.parameters import FREE_DISCOUNT
from addons.orders.queries import (
    compare_versions,
    differences,
    explain_quotation,
    explain_quotation_prices,
    list_quotation_versions,
    margin_of,
    price_on,
)
from addons.orders.views.quotations import quotation_paper
from app.documents.references import list_links, ref_of
from app.errors import Conflict, NotAllowed, ValidationError
from tests.addons.orders.office import at, yuan

MARCH_1, MARCH_31, APRIL_1 = dt.date(2026, 3, 1), dt.date(2026, 3, 31), dt.date(2026, 4, 1)


def quoted(office, *lines, on=MARCH_1, to="draft", by="sam", **values):
    """Return a quotation for Li, sent or accepted that day."""
    actor = office.user(by)
    quotation = services.create_quotation(
        actor=actor,
        now=at("09:00", on),
        partner_id=office.world.partners["Li"],
        lines=list(lines) or [office.line("bolt", "5")],
        **values,
    )
    if to != "draft":
        services.send_quotation(quotation, actor=actor, now=at("10:00", on))
    if to == "accepted":
        services.accept_quotation(quotation, actor=actor, now=at("11:00", on))
    return quotation


def test_what_changed_between_two_versions_is_told():
    bolt = {"description": "Bolt", "quantity": "5", "unit_price": "100", "gross": "500.00"}
    nut = {"description": "Nut", "quantity": "1", "unit_price": "2", "gross": "2.00"}
    cheaper = {**bolt, "unit_price": "95", "gross": "475.00"}
    assert list(differences([bolt, nut], [cheaper, bolt])) == [
        "Bolt: 5 × 100 = 500.00 → 5 × 95 = 475.00",
        "Nut: dropped (1 × 2 = 2.00)",
        "Bolt: added (5 × 100 = 500.00)",
    ]
    assert list(differences([bolt], [bolt])) == []


@pytest.mark.rule("P:QUO-08", "S:ORD-15")
def test_a_quotation_is_accepted_until_its_last_day_and_expires_then(office, refused):
    quotation, other = quoted(office, to="sent"), quoted(office, to="sent")
    sam = office.user("sam")
    assert (quotation.number, quotation.valid_until, quotation.state) == ("QT2026-0001", MARCH_31, "sent")

    late = refused(services.accept_quotation, quotation, actor=sam, now=at("00:00", APRIL_1))
    assert (type(late), late.code, late.data["day"]) == (Conflict, "quotation.expired", MARCH_31)
    services.accept_quotation(quotation, actor=sam, now=at("23:59", MARCH_31))

    assert services.expire_lapsed_quotations(at("23:59", MARCH_31)) == 0
    assert services.expire_lapsed_quotations(at("00:10", APRIL_1)) == 1
    assert (quotation.state, other.state) == ("accepted", "expired")
    nothing = refused(
        services.order_quotation,
        other,
        actor=sam,
        promised_on=dt.date(2026, 4, 10),
        payment_method=PaymentMethod.CASH,
        now=at("10:00", APRIL_1),
    )
    assert nothing.code == "workflow.state"


@pytest.mark.rule("S:ORD-15")
def test_a_quotation_of_november_cannot_be_ordered_in_december(office, refused):
    first = dt.date(2026, 11, 1)
    office.approve(office.price_list(dt.date(2026, 11, 1), bolt="100"))
    quotation = quoted(office, on=first, to="sent")
    assert quotation.valid_until == dt.date(2026, 12, 1)
    late = refused(
        services.accept_quotation, quotation, actor=office.user("sam"), now=at("09:00", dt.date(2026, 12, 2))
    )
    assert late.code == "quotation.expired"


@pytest.mark.rule("P:QUO-08")
def test_each_round_is_a_version_that_can_be_compared(office, refused):
    quotation, sam = quoted(office, to="sent"), office.user("sam")
    refusal = refused(services.update_quotation, quotation, actor=sam, note="x")
    assert refusal.code == "quotation.fixed"

    services.negotiate_quotation(quotation, actor=sam, reason="Wants six")
    services.update_quotation(quotation, actor=sam, lines=[{"id": quotation.lines[0].id, "quantity": Decimal(6)}])
    assert refused(services.delete_quotation, quotation, actor=sam).code == "quotation.kept"
    services.send_quotation(quotation, actor=sam, now=at("10:00", dt.date(2026, 3, 8)))

    (version,) = list_quotation_versions(quotation.id)
    assert (version.revision, version.gross, version.valid_until) == (0, yuan(500), MARCH_31)
    assert (quotation.revision, quotation.gross, quotation.number) == (1, yuan(600), "QT2026-0001")
    assert quotation.valid_until == dt.date(2026, 4, 7)
    assert compare_versions(quotation.id) == [("v1 → v2", "Bolt: 5 × 100 = 500.00 → 6 × 100 = 600.00")]


@pytest.mark.rule("S:ORD-09", "S:ORD-15")
def test_an_accepted_quotation_becomes_one_order_at_its_prices(office, refused):
    quotation = quoted(office, office.line("bolt", "3000"), to="accepted")
    terms = {"promised_on": dt.date(2026, 3, 20), "payment_method": PaymentMethod.TRANSFER, "now": at()}
    services.order_quotation(quotation, actor=office.user("sam"), **terms)

    (order,) = office.session.query(Order).all()
    assert (quotation.state, order.gross, order.lines[0].approved_price) == ("ordered", yuan(300_000), 100)
    (link,) = list_links(ref_of(quotation, "orders.Quotation"))
    assert (link.target.resource, link.target.record_id, link.amount) == ("orders.Order", order.id, yuan(300_000))
    again = refused(services.order_quotation, quotation, actor=office.user("sam"), **terms)
    assert (type(again), again.code) == (Conflict, "workflow.state")
    services.submit_order(order, actor=office.user("sam"), now=at())


@pytest.mark.rule("P:ORD-01")
def test_an_accepted_quotation_becomes_a_reservation(office):
    quotation = quoted(office, office.line("flat", "89.50"), to="accepted")
    services.reserve_quotation(quotation, actor=office.user("sam"), deposit=yuan(20_000), now=at())
    (form,) = office.session.query(Reservation).all()
    assert (form.gross, form.deposit, form.state) == (yuan("805,500.00"), yuan(20_000), "draft")


@pytest.mark.rule("P:PRI-02", "P:PRI-09")
def test_a_thin_margin_and_a_free_price_are_sent_after_approval_only(office, refused):
    assert f"{margin_of(Decimal(95), Decimal(80)):.1f}" == "15.8"
    sam, max_ = office.user("sam"), office.user("max")
    for price in ("99.99", "100.01"):
        draft = quoted(office, office.line("bolt", "1", price))
        error = refused(services.send_quotation, draft, actor=sam, now=at())
        assert (type(error), error.code, error.data["value"]) == (NotAllowed, "orders.price", price)

    office.set(FREE_DISCOUNT, Decimal(5))
    price_on(office.world.products["bolt"], on=MARCH_1).cost = Decimal(80)
    thin = quoted(office, office.line("bolt", "1", "95"), budget=yuan(90))
    assert thin.over_budget
    error = refused(services.send_quotation, thin, actor=sam, now=at())
    assert (error.code, error.data["value"], error.data["limit"]) == ("orders.margin", "15.8", "20")
    assert refused(services.approve_prices, thin, actor=sam, opinion="Fine", now=at()).code == "security.refused"
    assert "margin 15.8 %, at least 20 %" in explain_quotation_prices(thin.id)[0][1]
    assert explain_quotation(thin.id)[-1][1] == "90.00: 5.00 above it"

    services.approve_prices(thin, actor=max_, opinion="A first order", now=at())
    services.send_quotation(thin, actor=sam, now=at())
    assert (thin.state, thin.prices_approved_by_id) == ("sent", office.world.users["max"])


@pytest.mark.rule("S:CAT-04")
def test_a_price_under_the_floor_needs_approval_and_a_changed_line_needs_it_anew(office, refused):
    office.set(FREE_DISCOUNT, Decimal(50))
    sam, max_ = office.user("sam"), office.user("max")
    draft = quoted(office, office.line("bolt", "1", "79"))
    error = refused(services.send_quotation, draft, actor=sam, now=at())
    assert (error.code, error.data["limit"]) == ("orders.floor", "80")
    services.approve_prices(draft, actor=max_, opinion="Once", now=at())
    assert (
        refused(services.approve_prices, draft, actor=max_, opinion="Twice", now=at()).code == "quotation.no_approval"
    )

    services.update_quotation(draft, actor=sam, lines=[{"id": draft.lines[0].id, "unit_price": yuan(78)}])
    assert refused(services.send_quotation, draft, actor=sam, now=at()).code == "orders.floor"


def test_what_is_missing_is_named_and_nothing_is_written(office, refused):
    def write(**values):
        given = {"partner_id": office.world.partners["Li"], "lines": [office.line("bolt", "1")], **values}
        return services.create_quotation(actor=office.user("sam"), now=at(), **given)

    for values, field in (
        ({"partner_id": None}, "partner_id"),
        ({"lines": []}, "lines"),
        ({"budget": yuan(0)}, "budget"),
    ):
        error = refused(write, **values)
        assert (type(error), error.field) == (ValidationError, field)
    assert office.session.query(Quotation).count() == 0


def test_its_paper_says_what_is_offered(office):
    with pytest.raises(Conflict, match="sent"):
        quotation_paper(quoted(office))
    quotation = quoted(office, to="sent")
    paper = quotation_paper(quotation)
    assert paper.heading == "Quotation QT2026-0001"
    told = [(str(label), words) for _field, label, words in paper.lines]
    assert ("Bolt", "5 piece × ¥ 100 = ¥ 500.00") in told
    assert ("Holds until", "2026-03-31") in told
