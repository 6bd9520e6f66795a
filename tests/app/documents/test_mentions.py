"""An @ in a comment tells the colleague, and no more than that there is such a record."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.notices.models import Notice

DAY = dt.date(2026, 3, 2)


@pytest.fixture
def visit(world, run_in):
    from addons.visits.models import Visit
    from app.companies.models import Employee
    from app.database.session import session

    def plan():
        ann = session.scalar(sa.select(Employee).where(Employee.user_id == world.users["ann"]))
        made = Visit(customer="Zhao", visited_on=DAY, minutes=30, owner_id=ann.id, note="secret note")
        session.add(made)
        session.flush()
        return made.id

    return run_in(world.one, plan)


def told(run_in, world):
    from app.database.session import session

    rows = sa.select(Notice.user_id).order_by(Notice.id)
    names = {key: name for name, key in world.users.items()}
    return run_in(world.one, lambda: [names[one] for one in session.scalars(rows)])


@pytest.mark.rule("S:CORE-24")
def test_whoever_lacks_the_right_sees_the_title_only(login, world, visit, run_in):
    ann, eve = login("ann", world.one), login("eve", world.one)
    body = {"body": "@Eve look at this, the price is 1,000", "mentions": [str(world.users["eve"])]}

    assert ann.post(f"/visits/visit/comment/{visit}", data=body).status_code == 302

    page = eve.get("/notices/").text
    assert "Ann mentioned you in a comment on “Zhao”." in page
    assert "1,000" not in page
    assert "secret" not in page
    assert eve.get(f"/visits/visit/show/{visit}").status_code == 403


def test_rest_mentions_too(login, world, visit, run_in):
    ann = login("ann", world.one)

    answer = ann.post(f"/api/v1/visits/visit/{visit}/comment", json={"body": "@Rob?", "mentions": [world.users["rob"]]})

    assert answer.status_code == 201
    assert told(run_in, world) == ["rob"]
    wrong = ann.post(f"/api/v1/visits/visit/{visit}/comment", json={"body": "@Rob?", "mentions": "rob"})
    assert (wrong.status_code, wrong.json["field"]) == (422, "mentions")


def test_only_colleagues_who_are_named_are_told(login, world, visit, run_in):
    ann, users = login("ann", world.one), world.users
    ids = [users["eve"], users["ann"], users["rob"], 999, "x", "-1", "9" * 30]

    ann.post(f"/visits/visit/comment/{visit}", data={"body": "@Rob and @Ann and @Nobody", "mentions": ids})

    assert told(run_in, world) == ["rob"]


def test_too_many_are_refused_and_nothing_is_said(login, world, visit, run_in):
    ann = login("ann", world.one)

    answer = ann.post(f"/visits/visit/comment/{visit}", data={"body": "@Rob", "mentions": list(range(1, 22))})

    assert answer.status_code == 422
    assert ann.get(f"/visits/visit/show/{visit}").text.count("@Rob") == 0
    assert told(run_in, world) == []


def test_the_picker_finds_members_of_this_company(login, world, run_in):
    from app.companies.models import Membership
    from app.database.session import session

    gone = sa.delete(Membership).where(Membership.user_id == world.users["rob"], Membership.company_id == world.one)
    run_in(None, lambda: session.execute(gone) and None)
    ann = login("ann", world.one)

    assert [one["name"] for one in ann.get("/colleagues/").json] == ["Ann", "Eve", "Root"]
    assert ann.get("/colleagues/?q=ev").json == [{"id": world.users["eve"], "name": "Eve", "username": "eve"}]
    assert ann.get("/colleagues/?q=%25").json == []
    assert world.app.test_client().get("/colleagues/").status_code == 302
