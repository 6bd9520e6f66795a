"""Switched on again, an add-on makes good what happened while it was off."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa


@pytest.fixture
def confirm(world, login, run_in):
    """Return a function that plans a visit and confirms it over REST."""
    from app.database.session import session
    from app.parameters.models import ParameterValue

    run_in(
        world.one,
        lambda: session.add(ParameterValue(key="bonus.per_visit", value="30", valid_from=dt.date(2026, 1, 1))),
    )
    client = login("ann", world.one)

    def call(customer):
        body = {"customer": customer, "visited_on": "2026-05-01", "minutes": 10}
        made = client.post("/api/v1/visits/visit/", json=body)
        assert made.status_code == 201, made.text
        done = client.post(f"/api/v1/visits/visit/{made.json['id']}/confirm", json={"minutes": 20})
        assert done.status_code == 200, done.text
        return made.json["id"]

    return call


def entries(run_in, company):
    from addons.bonus.models import BonusEntry
    from app.database.session import session

    return run_in(company, lambda: {row.visit_id: row.amount for row in session.scalars(sa.select(BonusEntry))})


def test_what_happened_while_an_addon_was_off_leaves_no_hole(world, login, run_in, confirm):
    heard = confirm("Heard")
    root = login("root", world.one)
    assert root.post("/apps/bonus", data={"on": "0"}).status_code == 302
    missed = [confirm("Missed"), confirm("Missed too")]
    assert set(entries(run_in, world.one)) == {heard}

    preview = root.get("/apps/bonus/preview").text
    assert "2 things to catch up with" in preview
    answer = root.post("/apps/bonus", data={"on": "1"}, follow_redirects=True)
    assert "What happened meanwhile is being caught up with." in answer.text
    assert entries(run_in, world.one) == dict.fromkeys([heard, *missed], Decimal("30.00"))
    assert entries(run_in, world.two) == {}

    root.post("/apps/bonus", data={"on": "0"})
    root.post("/apps/bonus", data={"on": "1"})
    assert entries(run_in, world.one) == dict.fromkeys([heard, *missed], Decimal("30.00"))
    assert heard_again(run_in, world.one) == []


def heard_again(run_in, company):
    from app.companies.models import DisabledAddon
    from app.database.session import session

    return run_in(company, lambda: list(session.scalars(sa.select(DisabledAddon.addon))))


def test_a_pause_that_was_not_caught_up_with_counts_on(world, login, run_in, confirm, monkeypatch):
    from addons.bonus import services
    from app.companies.models import DisabledAddon
    from app.database.session import session

    root = login("root", world.one)
    root.post("/apps/bonus", data={"on": "0"})
    missed = confirm("Missed")
    (since,) = run_in(world.one, lambda: list(session.scalars(sa.select(DisabledAddon.since))))
    monkeypatch.setattr(services, "accrue_for_visit", lambda *_a, **_o: 1 / 0)
    root.post("/apps/bonus", data={"on": "1"})
    assert entries(run_in, world.one) == {}
    monkeypatch.undo()
    root.post("/apps/bonus", data={"on": "0"})
    assert run_in(world.one, lambda: list(session.scalars(sa.select(DisabledAddon.since)))) == [since]
    root.post("/apps/bonus", data={"on": "1"})
    assert set(entries(run_in, world.one)) == {missed}
