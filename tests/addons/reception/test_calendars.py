"""The calendars of the sales office: receptions by when the visitor came, follow-ups by when the next one is due."""

import datetime as dt
import re

import pytest

from addons.reception.models import FollowUp, Reception

pytestmark = pytest.mark.by_turns

CALENDAR = "/reception/reception/calendar/?at=2026-03-10"


@pytest.fixture
def reception(world, run_in):
    """The id of a reception of Amy's that begins in the evening and ends on the day after."""
    from app.companies.models import Employee
    from app.database.session import session

    def make():
        amy = session.query(Employee).filter_by(user_id=world.users["amy"]).one()
        made = Reception(
            visitor_name="王小明",
            phone="13812345678",
            owner_id=amy.id,
            doc_date=dt.date(2026, 3, 9),
            arrived_at=dt.datetime(2026, 3, 9, 14, tzinfo=dt.UTC),
            left_at=dt.datetime(2026, 3, 9, 17, tzinfo=dt.UTC),
        )
        session.add(made)
        session.flush()
        return made.id

    return run_in(world.one, make)


def words(client, address=CALENDAR):
    """Return the words of the entries of each day that has any."""
    page = client.get(address)
    assert page.status_code == 200, page.text
    parts = re.split(r'<td data-day="([^"]*)"', page.text)[1:]
    found = {
        day: [
            re.sub(r"<[^>]*>", "", one) for one in re.findall(r'<li class="calendar-entry.*?<a [^>]*>(.*?)</a>', text)
        ]
        for day, text in zip(parts[::2], parts[1::2], strict=True)
    }
    return {day: entries for day, entries in found.items() if entries}


def test_a_reception_stands_on_each_of_its_days_and_moves_as_a_whole(world, login, run_in, reception):
    from app.database.session import session

    amy = login("amy", world.one)
    assert words(amy) == {"2026-03-09": ["22:00 王小明"], "2026-03-10": ["王小明"]}
    assert amy.get(CALENDAR).text.count('draggable="true"') == 1

    sent = {"to": "2026-03-16", "version": "1"}
    assert amy.post(f"/reception/reception/reschedule/{reception}", data=sent).status_code == 302
    assert words(amy) == {"2026-03-16": ["22:00 王小明"], "2026-03-17": ["王小明"]}

    def times():
        found = session.get_one(Reception, reception)
        return found.arrived_at, found.left_at, found.doc_date

    assert run_in(world.one, times) == (
        dt.datetime(2026, 3, 16, 14, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 16, 17, tzinfo=dt.UTC),
        dt.date(2026, 3, 16),
    )


def test_a_reception_that_is_assessed_stays_where_it_is(world, login, run_in, reception):
    from addons.reception.choices import ReceptionState
    from app.database.session import session

    run_in(world.one, lambda: setattr(session.get_one(Reception, reception), "state", ReceptionState.ASSESSED))
    amy = login("amy", world.one)

    page = amy.post(f"/reception/reception/reschedule/{reception}", data={"to": "2026-03-16", "version": "2"})
    assert page.status_code == 422
    assert "can no longer be changed" in page.text
    assert [*words(amy)] == ["2026-03-09", "2026-03-10"]


def test_follow_ups_stand_where_the_next_one_is_due(world, login, run_in):
    from flask_appbuilder.security.sqla.models import User

    from addons.reception import services
    from addons.reception.choices import ContactMethod
    from app.companies.models import Employee
    from app.database.session import session
    from app.masterdata.options import find_option, open_list

    def make():
        open_list("reception.source")
        amy = session.get_one(User, world.users["amy"])
        source_id = find_option("reception.source", "Visit").id
        customer = services.create_customer(actor=amy, name="王小明", phone="13812345678", source_id=source_id)
        owner = session.query(Employee).filter_by(user_id=amy.id).one()
        at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
        made = FollowUp(customer_id=customer.id, owner_id=owner.id, at=at, method=ContactMethod.PHONE, note="Called")
        made.next_on = dt.date(2026, 3, 10)
        session.add(made)

    run_in(world.one, make)
    amy = login("amy", world.one)
    page = amy.get("/reception/followup/calendar/?at=2026-03-10")

    assert [*words(amy, "/reception/followup/calendar/?at=2026-03-10")] == ["2026-03-10"]
    assert "calendar-move" not in page.text
    assert "calendar-add" not in page.text
    sent = {"to": "2026-03-16", "version": "1"}
    assert amy.post("/reception/followup/reschedule/1", data=sent).status_code == 404


@pytest.mark.parametrize("name", ["inquiry", "negotiation"])
def test_inquiries_and_negotiations_have_one_too(world, login, name):
    assert words(login("amy", world.one), f"/reception/{name}/calendar/") == {}
