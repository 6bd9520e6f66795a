"""Deadlines of reception tried on a month, on the screen, and a category tree that stands in the way of its digits."""

import datetime as dt
import html

import pytest
import sqlalchemy as sa

from tests.addons.reception.office import at
from tests.addons.reception.test_customers import opened
from tests.addons.reception.texting import open_file

PAGE = "/parameters/values/"
KEY = "reception.prospect_submit_days"
DRAFT = {"key": KEY, "value": "2", "valid_from": "2199-03-01"}


@pytest.fixture
def late(world, run_in):
    """The id of a file that was handed in three days after the visitor came, on 2026-03-02."""
    from addons.reception.models import Customer
    from app.database.session import session

    customer = open_file(world, run_in)
    handed_in = {"received_on": dt.date(2026, 3, 2), "submitted_at": at("09:00", dt.date(2026, 3, 5))}
    run_in(world.one, lambda: session.execute(sa.update(Customer).values(handed_in)) and None)
    return customer


@pytest.fixture
def decided(world, run_in):
    """Return a function that counts what the company has decided."""
    from app.database.session import session
    from app.parameters.models import ParameterValue

    return lambda: run_in(world.one, lambda: session.scalar(sa.select(sa.func.count(ParameterValue.id))))


@pytest.mark.rule("P:COR-03", "P:CRM-01")
def test_a_deadline_is_tried_on_a_month_and_then_set(login, world, late, decided):
    root = login("root", world.one)
    sent = root.post(f"{PAGE}try", data=DRAFT)
    assert sent.status_code == 302
    assert "0 of 0 customers" in root.get(sent.location).text  # Last month.

    page = root.get(f"{PAGE}rehearsal", query_string={**DRAFT, "month": "2026-03"})

    assert "1 of 1 customers would turn out otherwise" in page.text
    assert "late · 3" in page.text
    assert "<b>late</b> · 1" in page.text
    assert "Amy · E-amy" in page.text
    assert f'<a href="/reception/customer/show/{late}">' in page.text
    file = root.get("/list-files/policy-rehearsal.csv", query_string={**DRAFT, "month": "2026-03"}).text
    assert file.splitlines()[1].endswith(",Amy · E-amy,late,3,late,1,-2")
    assert decided() == 0
    assert root.post(f"{PAGE}set", data=DRAFT).status_code == 302
    assert decided() == 1


@pytest.mark.parametrize(
    ("changes", "status", "wrong"),
    [
        ({"value": "366"}, 422, "must be at most 365"),
        ({"valid_from": ""}, 422, "This field is required"),
        ({"month": "2199-01"}, 422, "Choose a month up to"),
        ({"month": "0000-13"}, 422, "Choose a month up to"),
        ({"key": "reception.turn_mode", "value": "manual"}, 404, "cannot be tried"),
        ({"key": "no.such"}, 404, "There is no policy value"),
    ],
)
def test_a_bad_draft_is_named_and_changes_nothing(login, world, decided, changes, status, wrong):
    answer = login("root", world.one).get(f"{PAGE}rehearsal", query_string={**DRAFT, **changes})

    assert (answer.status_code, wrong in html.unescape(answer.text)) == (status, True)
    assert decided() == 0


def test_what_cannot_be_tried_says_so_and_others_try_nothing(login, world, late):
    page = login("root", world.one).get(PAGE, query_string={"q": "turn_mode"}).text
    assert "This value cannot be tried on past documents." in page
    amy = login("amy", world.one)
    assert amy.get(f"{PAGE}rehearsal", query_string=DRAFT).status_code == 403
    assert amy.get("/list-files/policy-rehearsal.csv", query_string={**DRAFT, "month": "2026-03"}).status_code == 403


@pytest.mark.rule("S:REC-07")
def test_the_digits_of_a_tree_stay_as_its_codes_are(office, refused):
    from addons.reception.parameters import CATEGORY_CODE_LEN
    from addons.reception.services import create_category

    top = create_category(actor=office.user("max"), code="001", name="Homes")
    create_category(actor=office.user("max"), code="001001", name="Flats", parent_id=top.id)
    given = {"valid_from": dt.date(2026, 3, 2), "actor": office.user("max")}

    error = refused(CATEGORY_CODE_LEN.set, 2, **given)

    assert (error.code, error.field) == ("parameter.broken", "value")
    assert str(error).endswith("it would break 2 stored categories: 001 Homes, 001001 Flats")
    CATEGORY_CODE_LEN.set(3, **given)


@pytest.mark.rule("S:REC-18")
def test_grants_are_not_made_too_long_by_a_lower_maximum(office, refused):
    from addons.reception.parameters import GRANT_DAYS
    from addons.reception.services import grant_customer
    from app.companies.org import employee_of

    customer, day = opened(office), dt.date(2026, 3, 2)
    bob = employee_of(office.world.users["bob"])
    grant_customer(customer, actor=office.user("max"), colleague=bob, now=at("10:00"), until=dt.date(2026, 3, 20))

    error = refused(GRANT_DAYS.set, 17, valid_from=day, actor=office.user("max"))

    assert str(error).endswith(f"1 stored customers whose grant lasts longer: {customer}")
    GRANT_DAYS.set(18, valid_from=day, actor=office.user("max"))


@pytest.mark.rule("P:CRM-05", "P:CRM-11", "P:CRM-21", "S:REC-13")
def test_each_deadline_is_judged_by_its_own_rule(office):
    from addons.reception.choices import Intent
    from addons.reception.models import Customer
    from addons.reception.parameters import (
        FILE_SUBMIT_HOURS,
        FIRST_CONTACT_HOURS,
        FOLLOWUP_DAYS,
        OWNER_PROTECT_DAYS,
        STALE_DAYS,
    )
    from app.parameters.rehearsal import rehearse_value

    customer: Customer = opened(office, notice_given=True)
    customer.intent = Intent.A
    customer.file_opened_at = customer.opened_at = customer.last_contact_at = at("09:00")
    customer.submitted_at, customer.followed_up_at = at("14:00"), at("15:30")
    customer.reviewed_on = dt.date(2026, 3, 2)
    office.session.flush()

    def tried(parameter, value):
        days = {"first": dt.date(2026, 3, 1), "last": dt.date(2026, 3, 31)}
        trial = rehearse_value(parameter, value, actor=office.user("max"), **days)
        return [(one.before.path, one.after.path, one.difference) for one in trial.affected]

    assert tried(FILE_SUBMIT_HOURS, 5) == [("late", "in time", -60)]
    assert tried(FIRST_CONTACT_HOURS, 6) == [("in time", "late", 30)]
    assert tried(FOLLOWUP_DAYS["A"], 5) == [("next contact on 2026-03-05", "next contact on 2026-03-07", 2)]
    assert tried(FOLLOWUP_DAYS["B"], 5) == []
    assert tried(OWNER_PROTECT_DAYS, 28) == [("protected until 2026-04-01", "free since 2026-03-31", -2)]
    assert tried(STALE_DAYS, 28) == [("up to date", "stale", 0)]
