"""Follow-ups, reviews, registration and negotiation, and what the to-do list says of them."""

import datetime as dt

import pytest

from app.errors import NotAllowed
from tests.addons.reception.office import DAY, at
from tests.world import PASSWORD

GOOD_NOTE = "Talked about the three-room flat and the price."


@pytest.fixture
def customer(office):
    """Return a function that opens Amy's customer."""
    from addons.reception.choices import Intent
    from addons.reception.services import create_customer

    def make(name="Li", phone="13812345678", intent=Intent.B, clock="10:00", **values):
        return create_customer(
            actor=office.user("amy"),
            now=at(clock),
            name=name,
            phone=phone,
            source_id=office.source(),
            intent=intent,
            notice_given=True,
            received_on=DAY,
            **values,
        )

    return make


def log(office, customer, *, now, note=GOOD_NOTE, **values):
    from addons.reception.choices import ContactMethod
    from addons.reception.services import follow_up

    values.setdefault("method", ContactMethod.PHONE)
    follow_up(customer, actor=office.user("amy"), now=now, note=note, **values)


def titles(find, office, name, now):
    """Return title, due and overdue of one to-do list of one person."""
    from app.companies.clock import active_zone

    today = now.astimezone(active_zone()).date()
    return [(one.title, one.is_overdue(now=now, today=today)) for one in find(office.user(name), now)]


@pytest.mark.rule("P:CRM-11")
def test_level_b_is_due_after_seven_days_and_overdue_the_day_after(office, customer):
    from addons.reception.queries import contact_due
    from addons.reception.views.todos import contacts

    li = customer(clock="10:00")
    log(office, li, now=at("15:00"))

    assert contact_due(li, on=DAY).on == dt.date(2026, 3, 9)
    assert titles(contacts, office, "amy", at("23:59", dt.date(2026, 3, 8))) == []
    assert titles(contacts, office, "amy", at("09:00", dt.date(2026, 3, 9))) == [(str(li), False)]
    assert titles(contacts, office, "amy", at("00:00", dt.date(2026, 3, 10))) == [(str(li), True)]
    assert titles(contacts, office, "bob", at("09:00", dt.date(2026, 3, 10))) == []


@pytest.mark.rule("P:CRM-11")
@pytest.mark.parametrize(("intent", "day"), [("A", 5), ("B", 9), ("C", 17)])
def test_the_days_follow_the_level(office, customer, intent, day):
    from addons.reception.choices import Grade, Intent
    from addons.reception.queries import contact_due

    li = customer(intent=Intent(intent))
    assert contact_due(li, on=DAY).on == dt.date(2026, 3, day)
    li.grade = Grade.A  # The grade goes before the intent.
    assert contact_due(li, on=DAY).on == dt.date(2026, 3, 5)


@pytest.mark.rule("P:CRM-11")
def test_an_earlier_planned_contact_goes_before_the_level(office, customer):
    from addons.reception.queries import contact_due
    from addons.reception.views.todos import contacts

    li = customer()
    log(office, li, now=at("15:00"), next_contact_on=dt.date(2026, 3, 4))

    assert contact_due(li, on=DAY).on == dt.date(2026, 3, 4)
    assert titles(contacts, office, "amy", at("09:00", dt.date(2026, 3, 5))) == [(str(li), True)]
    log(office, li, now=at("16:00", dt.date(2026, 3, 4)))
    assert contact_due(li, on=DAY).on == dt.date(2026, 3, 11)


@pytest.mark.rule("P:CRM-11")
def test_the_first_contact_is_due_within_a_day(office, customer):
    from addons.reception.queries import first_contact_due
    from addons.reception.views.todos import first_contacts

    li = customer(clock="10:00")

    assert first_contact_due(li) == at("10:00", dt.date(2026, 3, 3))
    assert titles(first_contacts, office, "amy", at("10:00", dt.date(2026, 3, 3))) == [(str(li), False)]
    assert titles(first_contacts, office, "amy", at("10:01", dt.date(2026, 3, 3))) == [(str(li), True)]
    log(office, li, now=at("11:00"))
    assert first_contact_due(li) is None
    assert titles(first_contacts, office, "amy", at("10:01", dt.date(2026, 3, 3))) == []


@pytest.mark.rule("S:REC-19")
@pytest.mark.rule("P:CRM-11")
@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"note": "ok"}, "follow_up.short", "note"),
        ({"note": " \u200b "}, "follow_up.short", "note"),
        ({"contacted_at": at("15:01")}, "follow_up.future", "contacted_at"),
        ({"next_contact_on": dt.date(2026, 3, 1)}, "follow_up.next", "next_contact_on"),
    ],
)
def test_a_short_note_and_the_future_are_refused(office, customer, refused, values, code, field):
    from addons.reception.models import FollowUp

    li = customer()
    error = refused(log, office, li, now=at("15:00"), **values)
    assert (error.code, error.field) == (code, field)
    assert office.count(FollowUp) == [0]
    assert li.followed_up_at is None


@pytest.mark.rule("S:REC-19")
def test_a_contact_is_saved_and_is_the_last_one(office, customer):
    from addons.reception.queries import list_follow_ups

    li = customer()
    log(office, li, now=at("15:00"), next_contact_on=dt.date(2026, 3, 4))
    log(office, li, now=at("16:00"), contacted_at=at("11:00"), note="Asked for the floor plan by mail.")

    assert [(one.at, one.note) for one in list_follow_ups(li.id)] == [
        (at("15:00"), GOOD_NOTE),
        (at("11:00"), "Asked for the floor plan by mail."),
    ]
    assert (li.last_contact_at, li.next_contact_on) == (at("15:00"), dt.date(2026, 3, 4))
    assert li.followed_up_at == at("11:00")


@pytest.mark.rule("P:CRM-13")
def test_a_file_reviewed_on_new_years_day_is_due_on_the_first_of_april(office, customer):
    from addons.reception.queries import review_due
    from addons.reception.services import review_customer
    from addons.reception.views.todos import reviews

    li = customer()
    review_customer(li, actor=office.user("amy"), today=dt.date(2026, 1, 1))

    assert review_due(li, on=DAY) == dt.date(2026, 4, 1)
    assert titles(reviews, office, "amy", at("09:00", dt.date(2026, 3, 31))) == []
    assert titles(reviews, office, "amy", at("09:00", dt.date(2026, 4, 1))) == [(str(li), False)]
    assert titles(reviews, office, "amy", at("09:00", dt.date(2026, 4, 2))) == [(str(li), True)]


@pytest.mark.rule("S:REC-13")
def test_a_file_untouched_for_181_days_is_stale(office, customer):
    from addons.reception.queries import is_stale
    from addons.reception.services import update_customer
    from addons.reception.views.todos import reviews

    li = customer()
    li.reviewed_on = DAY
    late = DAY + dt.timedelta(days=181)

    assert not is_stale(li, on=DAY + dt.timedelta(days=180))
    assert is_stale(li, on=late)
    assert [str(one.note) for one in reviews(office.user("amy"), at("09:00", late))] == [
        "The file is stale: nobody has looked at it for long."
    ]
    update_customer(li, actor=office.user("amy"), now=at("09:00", late), remark="Moved.")
    assert not is_stale(li, on=late)


@pytest.mark.rule("P:CRM-06")
def test_a_file_handed_in_at_ten_is_overdue_at_the_supervisor_from_14_01(office, customer):
    from addons.reception.queries import register_due
    from addons.reception.services import register_customer, submit_customer
    from addons.reception.views.todos import negotiations, registrations

    li = customer(clock="09:00")
    submit_customer(li, actor=office.user("amy"), now=at("10:00"))

    assert register_due(li) == at("14:00")
    assert titles(registrations, office, "sue", at("14:00")) == [(str(li), False)]
    assert titles(registrations, office, "sue", at("14:01")) == [(str(li), True)]
    assert titles(registrations, office, "amy", at("14:01")) == []
    assert titles(negotiations, office, "amy", at("14:01")) == []
    register_customer(li, actor=office.user("sue"), now=at("14:30"))
    assert titles(registrations, office, "sue", at("14:31")) == []
    assert titles(negotiations, office, "amy", at("14:31")) == [(str(li), False)]
    assert titles(negotiations, office, "bob", at("14:31")) == []


@pytest.fixture
def registered(office, customer):
    """A customer of Amy's who is registered."""
    from addons.reception.services import register_customer, submit_customer

    li = customer(clock="09:00")
    submit_customer(li, actor=office.user("amy"), now=at("10:00"))
    register_customer(li, actor=office.user("sue"), now=at("11:00"))
    return li


def negotiate(office, customer, **values):
    from addons.reception.services import create_negotiation

    values = {"topic": "Price", "now": at("15:00"), **values}
    return create_negotiation(actor=office.user("amy"), customer_id=customer.id, **values)


@pytest.mark.rule("P:CRM-06")
def test_nobody_negotiates_before_registration(office, customer, refused):
    from addons.reception.models import Negotiation

    error = refused(negotiate, office, customer())
    assert (error.code, error.field) == ("negotiation.unregistered", "customer_id")
    assert office.count(Negotiation) == [0]


@pytest.mark.rule("P:CRM-07")
def test_a_round_closes_only_when_every_objection_has_its_reply(office, registered, refused):
    from addons.reception.choices import NegotiationState
    from addons.reception.services import close_negotiation, update_negotiation
    from addons.reception.views.todos import negotiations

    objections = [{"objection": "Too dear", "reply": "Two instalments"}, {"objection": "No parking", "reply": None}]
    one = negotiate(office, registered, objections=objections)

    assert titles(negotiations, office, "amy", at("15:01")) == []
    error = refused(close_negotiation, one, actor=office.user("amy"))
    assert (error.code, error.field) == ("negotiation.unanswered", "objections")
    assert (error.data["count"], error.data["limit"], error.data["items"]) == (1, 2, "No parking")
    assert one.state is NegotiationState.OPEN
    rows = [{"id": line.id, "objection": line.objection, "reply": line.reply or "Hired"} for line in one.objections]
    update_negotiation(one, actor=office.user("amy"), objections=rows)
    close_negotiation(one, actor=office.user("amy"))
    assert one.state is NegotiationState.CLOSED
    error = refused(update_negotiation, one, actor=office.user("amy"), topic="Other")
    assert error.code == "negotiation.closed"


@pytest.mark.rule("P:CRM-07")
def test_rounds_count_up_one_at_a_time(office, registered, refused):
    from addons.reception.services import close_negotiation

    first = negotiate(office, registered)
    assert refused(negotiate, office, registered).code == "negotiation.open"
    close_negotiation(first, actor=office.user("amy"))
    assert (first.round, negotiate(office, registered).round) == (1, 2)
    assert registered.last_contact_at == at("15:00")


@pytest.mark.rule("P:CRM-07")
@pytest.mark.parametrize(
    ("values", "field"),
    [({"topic": " "}, "topic"), ({"held_at": at("15:01")}, "held_at"), ({"topic": "x" * 201}, "topic")],
)
def test_a_round_without_topic_or_in_the_future_is_refused(office, registered, refused, values, field):
    assert refused(negotiate, office, registered, **values).field == field


@pytest.mark.rule("P:CRM-08")
def test_a_negotiation_ends_in_a_deal_or_in_none_with_the_reason(office, registered, refused):
    from addons.reception.choices import CustomerState, NegotiationState
    from addons.reception.services import (
        lose_negotiation,
        resume_negotiation,
        undo_negotiation,
        update_negotiation,
        win_negotiation,
    )

    one = negotiate(office, registered, objections=[{"objection": "Too dear", "reply": None}])
    assert refused(win_negotiation, one, actor=office.user("amy"), now=at("15:30")).code == "negotiation.unanswered"
    error = refused(lose_negotiation, one, actor=office.user("amy"), reason=" ")
    assert (error.field, one.state) == ("reason", NegotiationState.OPEN)

    lose_negotiation(one, actor=office.user("amy"), reason="Bought elsewhere")
    assert (one.state, registered.state) == (NegotiationState.LOST, CustomerState.REGISTERED)
    assert type(refused(resume_negotiation, one, actor=office.user("amy"), reason="Back")) is NotAllowed
    resume_negotiation(one, actor=office.user("sue"), reason="Back")

    rows = [{"id": one.objections[0].id, "objection": "Too dear", "reply": "Two instalments"}]
    update_negotiation(one, actor=office.user("amy"), objections=rows)
    win_negotiation(one, actor=office.user("amy"), now=at("16:00"))
    assert (one.state, registered.state, registered.agreed_at) == ("won", CustomerState.CONVERTED, at("16:00"))

    undo_negotiation(one, actor=office.user("sue"), reason="Loan refused")
    assert (one.state, registered.state, registered.agreed_at) == ("open", CustomerState.REGISTERED, None)


def test_a_colleagues_customer_is_not_there_to_negotiate_with(office, registered, refused):
    from addons.reception.services import create_negotiation

    error = refused(
        create_negotiation, actor=office.user("bob"), customer_id=registered.id, topic="Price", now=at("15:00")
    )
    assert error.code == "negotiation.customer"


@pytest.mark.rule("P:CRM-12")
def test_three_orders_and_seven_contacts_are_tabs_with_three_and_seven(world):
    import re

    from app.database.session import as_company, commit
    from tests.addons.reception.fixtures import Office

    client = world.app.test_client()
    assert client.post("/login/", data={"username": "max", "password": PASSWORD}).status_code == 302
    assert client.post(f"/company/{world.one}").status_code == 302
    with world.app.app_context(), as_company(world.one):
        office = Office(world)
        key = _file_with_orders(office, orders=3, contacts=7)
        commit()

    page = client.get(f"/reception/customer/show/{key}").text
    tabs = re.findall(r'href="[^"]*\?tab=(\w+)"[^>]*>[^<]*<span class="pill">(\d+)</span>', page)
    assert dict(tabs) == {
        "contacts": "0",
        "follow_ups": "7",
        "visits": "0",
        "negotiations": "0",
        "gradings": "0",
        "sms": "0",
        "documents": "3",
    }
    papers = client.get(f"/reception/customer/show/{key}?tab=documents").text
    assert re.findall(r"<td[^>]*>(SO-\d)</td>", papers) == ["SO-3", "SO-2", "SO-1"]
    assert GOOD_NOTE in client.get(f"/reception/customer/show/{key}?tab=follow_ups").text
    assert client.get(f"/reception/customer/show/{key}?tab=nonsense").status_code == 200


def _file_with_orders(office, *, orders, contacts):
    """Open a customer's file with so many documents of another add-on and so many follow-ups; return its id."""
    from addons.reception.services import create_customer
    from app.documents.models import DocumentRef

    li = create_customer(
        actor=office.user("amy"), now=at("10:00"), name="Li", phone="13812345678", source_id=office.source()
    )
    for number in range(1, contacts + 1):
        log(office, li, now=at(f"1{number}:00"))
    for number in range(1, orders + 1):
        office.session.add(
            DocumentRef(
                resource="orders.Order",
                record_id=number,
                number=f"SO-{number}",
                title=f"SO-{number} Li",
                partner_id=li.partner_id,
                state="draft",
            )
        )
    office.session.flush()
    return li.id
