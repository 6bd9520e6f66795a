"""The palette: records of every kind that one may see, what one may create, and what one opened last."""

import datetime as dt

import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.by_turns

DAY = dt.date(2026, 3, 2)


@pytest.fixture
def visits(world, run_in):
    """Three visits of ann's in company one, one in company two."""
    from addons.visits.models import Visit
    from app.companies.models import Employee
    from app.database.session import session

    def plan(*customers):
        def call():
            ann = session.scalar(sa.select(Employee).where(Employee.user_id == world.users["ann"]))
            made = [Visit(customer=one, visited_on=DAY, minutes=30, owner_id=ann.id) for one in customers]
            session.add_all(made)
            session.flush()
            return [one.id for one in made]

        return call

    run_in(world.two, plan("Zhao abroad"))
    return run_in(world.one, plan("Zhao Lei", "Zhao Min", "Qian"))


def test_it_finds_what_one_may_see_and_nothing_of_another_company(login, world, visits):
    ann = login("ann", world.one)

    page = ann.get("/palette/?q=zhao").text
    assert "Zhao Lei" in page
    assert "Zhao Min" in page
    assert "Qian" not in page
    assert "abroad" not in page
    assert f'data-url="/visits/visit/show/{visits[0]}"' in page
    assert "Zhao abroad" in login("ann", world.two).get("/palette/?q=zhao").text


@pytest.mark.rule("S:CORE-08")
@pytest.mark.parametrize("name", ["rob", "eve"])
def test_scope_and_rights_hold_in_it(login, world, visits, name):
    assert "Zhao" not in login(name, world.one).get("/palette/?q=zhao").text


def test_what_one_may_create_is_offered(login, world, visits):
    ann, rob = login("ann", world.one), login("rob", world.one)

    assert 'data-url="/visits/visit/add"' in ann.get("/palette/").text
    assert 'data-url="/visits/visit/add"' in ann.get("/palette/?q=new vis").text
    assert 'data-url="/visits/visit/add"' not in rob.get("/palette/").text


def test_the_number_of_statements_does_not_grow_with_the_kinds_of_records(login, world, visits, statements):
    root = login("root", world.one)
    root.get("/palette/?q=zhao")

    found = statements(lambda: root.get("/palette/?q=zhao"))

    assert len([one for one in found if "search_token" in one]) == 1
    assert len(found) <= 12


@pytest.mark.parametrize("text", ["%", "'", "\x00", "a" * 500, "<script>", "\u200b", "  "])
def test_nonsense_finds_nothing(login, world, visits, text):
    answer = login("ann", world.one).get("/palette/", query_string={"q": text})

    assert answer.status_code == 200
    assert "Zhao" not in answer.text


def test_what_was_opened_last_comes_first_and_at_most_ten(login, world, visits, run_in):
    from addons.visits.models import Visit
    from app.database.session import session

    def more():
        made = [Visit(customer=f"Li {number}", visited_on=DAY, minutes=1) for number in range(11)]
        session.add_all(made)
        session.flush()
        return [one.id for one in made]

    ids = run_in(world.one, more)
    ann = login("ann", world.one)
    for key in [*ids, ids[5]]:
        assert ann.post(f"/palette/opened/visits.Visit/{key}").status_code == 204

    page = ann.get("/palette/recent").text
    shown = [part.partition('"')[0] for part in page.split("/visits/visit/show/")[1:]]
    expected = [ids[5], *(key for key in reversed(ids[1:]) if key != ids[5])]
    assert shown == [str(key) for key in expected][:10]
    assert "Li 5" in ann.get("/palette/").text


def test_what_one_may_not_open_is_not_noted(login, world, visits, count):
    from app.crud.models import RecentRecord

    for name, company in (("rob", world.one), ("eve", world.one), ("ann", world.two)):
        assert login(name, company).post(f"/palette/opened/visits.Visit/{visits[0]}").status_code == 204
    assert login("ann", world.one).post("/palette/opened/nothing.Nothing/1").status_code == 204

    assert count(RecentRecord) == count(RecentRecord, world.two) == 0


def test_a_right_that_is_lost_takes_the_title_away(login, world, visits, run_in):
    from app.companies.models import Membership
    from app.database.session import session

    ann = login("ann", world.one)
    ann.post(f"/palette/opened/visits.Visit/{visits[0]}")
    assert "Zhao Lei" in ann.get("/palette/recent").text

    lesser = sa.update(Membership).where(Membership.user_id == world.users["ann"], Membership.company_id == world.one)
    with world.app.app_context():
        public_id = world.app.appbuilder.sm.find_role("Public").id
    run_in(None, lambda: session.execute(lesser.values(role_id=public_id)) and None)

    assert "Zhao Lei" not in login("ann", world.one).get("/palette/recent").text
