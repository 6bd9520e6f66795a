"""Discount requests: written, reviewed by two, decided by one, issued to the salesperson (P:PRI-03 to P:PRI-08)."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest
import sqlalchemy as sa

from addons.orders import services
from addons.orders.choices import DiscountKind
from addons.orders.models import DiscountLine, DiscountRequest
from addons.orders.parameters import AUTO_FORWARD, AUTO_ISSUE, DISCOUNT_DECIDER, DISCOUNT_TIMING, DISCOUNT_TYPES
from addons.orders.queries import explain_discount, list_reviews
from addons.orders.views.discounts import to_decide
from app.approvals.models import Verdict
from app.errors import Conflict, NotAllowed, ValidationError
from app.notices.models import Notice
from tests.addons.orders.office import Office, at, refusal_of, yuan
from tests.addons.orders.reviewing import open_file, put_under_chain, sign

MARCH_2, MARCH_3, MARCH_4 = (dt.date(2026, 3, day) for day in (2, 3, 4))
UNREVIEWED = [
    *("Number", "Date", "Customer", "List total", "Asked for, per cent", "Terms", "Net after discount"),
    *("Decision", "Decided by", "Decided at", "Days late", "State"),
]
THREE_PERCENT = {"kind": DiscountKind.PERCENT, "value": Decimal(3)}


def asked(office, form, *lines, to="draft", now=None, **values):
    """Return the supervisor's request for a reservation, brought so far without a chain."""
    sue, guy, moment = office.user("sue"), office.user("guy"), now or at("14:30", MARCH_2)
    request = services.create_discount(
        actor=sue, now=moment, reservation_id=form.id, lines=list(lines) or [THREE_PERCENT], **values
    )
    if to != "draft":
        services.submit_discount(request, actor=sue, now=moment)
    if to == "issued":
        services.approve_discount(request, actor=guy, opinion="同意", now=moment)
    assert to in (request.state, "submitted")
    return request


def bolts(office, **values):
    """Return a reservation of 5,000 bolts at 100: 500,000.00."""
    return office.reserved(office.line("bolt", "5000"), **values)


@pytest.mark.rule("P:PRI-03", "P:PRI-04")
def test_three_percent_off_half_a_million(reviewed):
    office, refused = reviewed, partial(refusal_of, reviewed)
    form = bolts(office)
    request = asked(office, form)
    assert (request.list_total, request.net, request.percent) == (yuan("500,000.00"), yuan("485,000.00"), 3)
    error = refused(services.submit_discount, request, actor=office.user("sam"), now=at())
    assert (type(error), error.code) == (NotAllowed, "security.refused")

    services.submit_discount(request, actor=office.user("sue"), now=at())

    assert (request.number, request.state, form.state) == ("DR2026-0001", "reviewing", "discount_pending")
    told = office.session.scalars(sa.select(Notice).where(Notice.user_id == office.world.users["max"])).all()
    assert len(told) == 1
    signing = refused(services.sign_reservation, form, actor=office.user("sam"), now=at())
    assert (type(signing), signing.code) == (Conflict, "workflow.state")


@pytest.mark.rule("P:PRI-03")
@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "discount.lines"),
        ([{"kind": DiscountKind.PERCENT, "value": Decimal(100)}], "discount.net"),
        ([{"kind": DiscountKind.AMOUNT, "value": Decimal(500_000)}], "discount.net"),
        ([{"kind": DiscountKind.AMOUNT, "value": Decimal(490_000)}], "discount.deposit"),
        ([{"kind": DiscountKind.PERCENT}], "discount.value"),
        ([{"kind": DiscountKind.AMOUNT, "value": Decimal(-1)}], "discount.above"),
        ([{"kind": DiscountKind.GIFT}], "discount.words"),
        ([{"kind": DiscountKind.TERMS, "description": "90 days"}], "discount.type"),
    ],
)
def test_terms_that_say_nothing_or_too_much_are_refused(office, refused, lines, code):
    office.set(DISCOUNT_TYPES, ["percent", "amount", "gift"])
    form = bolts(office)

    def write():
        services.create_discount(actor=office.user("sue"), now=at(), reservation_id=form.id, lines=lines)

    error = refused(write)
    assert (type(error), error.code, error.field) == (ValidationError, code, "lines")
    assert office.session.query(DiscountRequest).count() == office.session.query(DiscountLine).count() == 0


@pytest.mark.rule("P:PRI-05", "P:PRI-06", "P:PRI-07", "P:PRI-08")
def test_two_opinions_go_up_whatever_they_say_and_the_general_manager_decides(reviewed):
    office, refused = reviewed, partial(refusal_of, reviewed)
    form = bolts(office)
    request = asked(office, form, to="submitted")
    guy = office.user("guy")
    early = refused(services.forward_discount, request, actor=office.user("mia"), now=at("15:00", MARCH_2))
    assert early.code == "workflow.state"
    assert open_file(request).step == "C9"
    assert open_file(request).due_at == at("23:59", MARCH_2) + dt.timedelta(seconds=59, microseconds=999_999)

    sign(office, request, "max", at("15:00", MARCH_2), opinion="利润太低", verdict=Verdict.DISAGREE)
    assert (request.state, open_file(request).step) == ("reviewing", "B9")
    refused_early = refused(services.approve_discount, request, actor=guy, opinion="同意", now=at("15:30", MARCH_2))
    assert refused_early.code == "workflow.state"
    sign(office, request, "mia", at("16:00", MARCH_2), opinion="同意")

    assert (request.state, request.reviewed_at, request.forwarded_at) == ("deciding", *[at("16:00", MARCH_2)] * 2)
    said = [(one.step_name[:2], one.employee.name, one.agreed, one.opinion) for one in list_reviews(request.id)]
    assert said == [("C9", "Max", False, "利润太低"), ("B9", "Mia", True, "同意")]

    services.approve_discount(request, actor=guy, opinion="同意,下不为例", now=at("11:00", MARCH_3))
    assert (request.state, request.issued_at, form.state) == ("issued", at("11:00", MARCH_3), "ready_to_sign")
    assert (request.forwarded_late, request.issued_late) == (0, 0)
    assert (form.gross, form.lines[0].unit_price, form.lines[0].list_price) == (yuan("485,000.00"), 97, 100)
    edited = refused(services.update_discount, request, actor=office.user("sue"), note="More")
    assert (type(edited), edited.code) == (Conflict, "discount.fixed")
    services.sign_reservation(form, actor=office.user("sam"), now=at("12:00", MARCH_3))
    assert form.state == "signed"


@pytest.mark.rule("P:PRI-06", "P:PRI-08", "P:RP-06")
def test_what_is_reported_or_issued_a_day_late_is_told(reviewed):
    office, refused = reviewed, partial(refusal_of, reviewed)
    office.set(AUTO_FORWARD, value=False)
    office.set(AUTO_ISSUE, value=False)
    request = asked(office, bolts(office), to="submitted")
    for name, hour in (("max", "15:00"), ("mia", "16:00")):
        sign(office, request, name, at(hour, MARCH_2))
    assert (request.state, request.forwarded_at) == ("reviewed", None)
    services.mind_discounts(at("08:00", MARCH_3))
    assert request.forwarded_late == 1

    services.forward_discount(request, actor=office.user("mia"), now=at("09:00", MARCH_3))
    assert (request.state, request.forwarded_late) == ("deciding", 1)
    sue = office.user("sue")
    assert refused(services.issue_discount, request, actor=sue, now=at("10:00", MARCH_3)).code == "workflow.state"
    services.approve_discount(request, actor=office.user("guy"), opinion="同意", now=at("11:00", MARCH_3))
    services.issue_discount(request, actor=sue, now=at("09:00", MARCH_4))

    assert (request.state, request.issued_late) == ("issued", 1)
    headings, rows = log(office)
    reviews = ["C9 销售部经理审核", "Signed at", "B9 营销副总审核", "Signed at"]
    assert headings == [*UNREVIEWED[:7], *reviews, *UNREVIEWED[7:]]
    signed = [at("15:00", MARCH_2), "✓ Mia: 同意", at("16:00", MARCH_2)]
    decided = ["同意", "Guy", at("11:00", MARCH_3), 2, "issued"]
    asked_for = ["DR2026-0001", MARCH_2, "Li", 500_000, 3, "3 %", 485_000]
    assert rows == [[*asked_for, "✓ Max: 同意", *signed, *decided]]
    late = [words for label, words in explain_discount(request.id) if str(label) == "Days late"]
    assert late == ["Reported to the general manager: 1", "Issued to the salesperson: 1"]


def log(office):
    """Return the headings of the discount log and its rows."""
    from addons.orders.reports import DISCOUNT_LOG
    from app.reports import list_rows, read_arguments, seen_by

    arguments = read_arguments(DISCOUNT_LOG, {"period": ""}, actor=office.user("guy"), today=MARCH_4, zone=at().tzinfo)
    report = seen_by(DISCOUNT_LOG, arguments)
    return [str(column.label) for column in report.columns], [list(row) for row in list_rows(report, arguments)]


@pytest.mark.rule("P:RP-06")
def test_the_discount_log_has_a_column_for_each_review_that_there_was(reviewed):
    office = reviewed
    assert log(office) == (UNREVIEWED, [])
    first = asked(office, bolts(office), to="submitted")
    sign(office, first, "max", at("15:00", MARCH_2))
    assert log(office)[0] == UNREVIEWED  # Reviews are copied once all have signed.
    sign(office, first, "mia", at("16:00", MARCH_2))
    second = asked(office, bolts(office), to="submitted")
    sign(office, second, "max", at("15:00", MARCH_2), opinion="利润太低", verdict=Verdict.DISAGREE)
    sign(office, second, "mia", at("16:00", MARCH_2))
    review = list_reviews(second.id)[0]
    review.step_name = "Manager"  # As a chain of later days calls the same place.
    office.session.flush()

    headings, rows = log(office)
    assert headings[7:11] == ["Opinion 1", "Signed at", "B9 营销副总审核", "Signed at"]
    assert [row[7] for row in rows] == ["✓ Max: 同意", "✗ Max: 利润太低"]


@pytest.mark.rule("P:PRI-07")
def test_the_general_manager_grants_less_rejects_or_returns(office, refused):
    guy = office.user("guy")
    form = bolts(office)
    request = asked(office, form, to="submitted")
    for values, code in (
        ({}, "discount.one"),
        ({"percent": Decimal(3)}, "discount.not_less"),
        ({"percent": Decimal(4)}, "discount.not_less"),
        ({"amount": Decimal(-1)}, "discount.below"),
    ):
        error = refused(services.grant_less, request, actor=guy, opinion="少给", now=at(), **values)
        assert (type(error), error.code) == (ValidationError, code)
    services.grant_less(request, actor=guy, percent=Decimal(2), opinion="只给两个点", now=at())
    assert (request.net, request.granted_net, form.gross) == (yuan(485_000), yuan(490_000), yuan(490_000))

    form = bolts(office)
    request = asked(office, form, to="submitted")
    services.reject_discount(request, actor=guy, opinion="不同意", now=at())
    assert (request.state, form.state, form.gross) == ("rejected", "ready_to_sign", yuan(500_000))

    form = bolts(office)
    request = asked(office, form, to="submitted")
    services.give_back_discount(request, actor=guy, reason="写明理由", now=at())
    assert (request.state, request.revision, form.state) == ("draft", 1, "discount_pending")
    services.update_discount(request, actor=office.user("sue"), note="老客户")
    services.submit_discount(request, actor=office.user("sue"), now=at())
    assert (request.state, request.number) == ("deciding", "DR2026-0003")
    services.withdraw_discount(request, actor=office.user("sue"), reason="客户放弃")
    assert (request.state, form.state, form.gross) == ("withdrawn", "ready_to_sign", yuan(500_000))


@pytest.mark.rule("P:PRI-07")
def test_the_general_manager_is_reminded_after_a_working_day(office):
    request = asked(office, bolts(office), to="submitted")
    assert services.mind_discounts(at("20:00", MARCH_2)) == 0
    assert services.mind_discounts(at("08:00", MARCH_3)) == 1
    assert services.mind_discounts(at("09:00", MARCH_3)) == 0
    assert request.reminded_at == at("08:00", MARCH_3)


@pytest.mark.rule("P:ORD-03", "P:PRI-03")
def test_terms_approved_after_signing_make_a_second_version_and_keep_the_deposit(office, refused):
    form, sam = bolts(office, to="paid"), office.user("sam")
    early = refused(asked, office, form)
    assert (type(early), early.code) == (Conflict, "discount.state")
    services.amend_reservation(form, actor=sam, reason="申请优惠")
    request = asked(office, form, to="submitted")
    again = refused(asked, office, form)
    assert again.code == "discount.second"
    assert refused(services.sign_reservation, form, actor=sam, now=at()).code == "workflow.state"

    services.approve_discount(request, actor=office.user("guy"), opinion="同意", now=at())

    assert (form.state, form.revision, form.gross, form.number) == ("ready_to_sign", 1, yuan(485_000), "RS2026-0001")
    services.sign_reservation(form, actor=sam, now=at())
    assert form.state == "deposit_paid"
    assert office.owed(form) == [("deposit", "20000.00", "settled")]


@pytest.mark.rule("P:ORD-03")
def test_the_company_says_when_a_discount_may_be_asked_for(office, refused):
    office.set(DISCOUNT_TIMING, "after")
    draft = bolts(office)
    error = refused(asked, office, draft)
    assert (error.code, error.field) == ("discount.timing", "reservation_id")
    signed = bolts(office, to="signed")
    services.amend_reservation(signed, actor=office.user("sam"), reason="优惠")
    assert asked(office, signed).state == "draft"


def test_amounts_gifts_and_terms_go_together(office):
    form = office.reserved(office.line("flat", "89.50"), office.line("bolt", "7"))
    request = asked(
        office,
        form,
        {"kind": DiscountKind.AMOUNT, "value": Decimal(10000)},
        {"kind": DiscountKind.GIFT, "value": Decimal(3_000), "description": "家电礼包"},
        {"kind": DiscountKind.TERMS, "description": "分三期付款"},
        to="issued",
    )
    assert (request.list_total, request.net) == (yuan("806,200.00"), yuan("796,200.00"))
    assert request.terms == "−10,000.00, 家电礼包, 分三期付款"
    assert form.gross == request.granted_net == yuan("796,200.00")


def test_a_reservation_that_came_to_nothing_asks_for_no_discount(office):
    from addons.orders.events import ReservationEnded
    from addons.orders.handlers import on_reservation_ended

    form = bolts(office)
    request = asked(office, form, to="submitted")
    services.cancel_reservation(form, actor=office.user("max"), reason="客户放弃", now=at())
    on_reservation_ended(
        ReservationEnded(
            company_id=form.company_id, reservation_id=form.id, partner_id=form.partner_id, state="cancelled"
        )
    )
    assert request.state == "withdrawn"


@pytest.mark.rule("P:PRI-07")
def test_the_company_says_from_which_rank_on_discounts_are_decided(office, refused):
    request = asked(office, bolts(office), to="submitted")
    approve, max_, now = services.approve_discount, office.user("max"), at()
    for name in ("max", "mia"):
        early = refused(approve, request, actor=office.user(name), opinion="同意", now=now)
        assert (type(early), str(early)) == (NotAllowed, "Discounts are decided by: General manager.")
        assert to_decide(office.user(name), now) == []
    assert len(to_decide(office.user("guy"), now)) == 1

    office.set(DISCOUNT_DECIDER, "orders_manager")
    assert len(to_decide(max_, now)) == 1
    other = asked(office, office.reserved(office.line("bolt", "300")), to="submitted")
    told = sa.select(Notice.user_id).where(Notice.kind == "orders.discount_decision").order_by(Notice.id)
    assert list(office.session.scalars(told)) == [office.world.users["guy"], office.world.users["max"]]
    approve(request, actor=max_, opinion="同意", now=now)
    assert (request.state, request.decided_by_id) == ("issued", max_.id)
    approve(other, actor=office.user("guy"), opinion="同意", now=now)  # Who ranks above may decide too.
    assert other.state == "issued"


@pytest.mark.rule("P:PRI-09")
def test_a_software_company_hears_the_vice_president_from_ten_per_cent_on(world, run_in):
    run_in(world.one, lambda: put_under_chain(Office(world), "software"))

    def ask(percent):
        office = Office(world)
        term = {"kind": DiscountKind.PERCENT, "value": Decimal(percent)}
        request = asked(office, bolts(office), term, to="submitted")
        if open_file(request) is None:
            return request.state, None
        before = request.state
        sign(office, request, "mia", at("15:00", MARCH_2))
        return before, request.state

    assert run_in(world.one, lambda: ask("9.99")) == ("deciding", None)
    assert run_in(world.one, lambda: ask("10")) == ("reviewing", "deciding")
