"""Switching an add-on on and off for a company: everything of it comes and goes, and nothing is deleted."""

import datetime as dt
import os
import subprocess
import sys
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.companies.enablement import enabled_addons, switch
from app.crud.home_card import Figure, HomeCard
from app.database.columns import utc_now
from app.database.session import session
from app.errors import Conflict
from app.jobs import run_due
from app.jobs.registry import add_schedule, registry
from tests.architecture.source import ROOT

DAY = dt.date(2026, 3, 2)
FORM = {"customer": "Li Si", "visited_on": "2026-03-02", "minutes": "30", "note": ""}
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def turn(world, run_in):
    """Return a function that switches add-ons of a company, one after the other."""

    def one_after_the_other(company_id, *names, on):
        for name in names:
            run_in(company_id, lambda name=name: switch(name, company_id, on=on, depends=world.depends))

    return one_after_the_other


def rows_of(app):
    """Return the number of rows in each table of the dummy add-ons."""
    from app.database.session import db

    with app.app_context():
        names = [name for name in sa.inspect(db.engine).get_table_names() if name.startswith(("visits_", "bonus_"))]
        with db.engine.connect() as connection:
            if connection.dialect.name == "postgresql":  # Row-level security hides what no company owns.
                ids = connection.scalar(sa.text("SELECT string_agg(id::text, ',') FROM companies_company"))
                connection.execute(sa.text("SELECT set_config('app.company_ids', :ids, false)"), {"ids": ids})
            return {name: connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in names}


GATES = (
    ("get", "/visits/visit/list/"),
    ("get", "/visits/visit/add"),
    ("post", "/visits/visit/add"),
    ("get", "/visits/visit/show/1"),
    ("get", "/visits/visit/edit/1"),
    ("post", "/visits/visit/edit/1"),
    ("post", "/visits/visit/delete/1"),
    ("post", "/visits/visit/transition/cancel/1"),
    ("post", "/visits/visit/comment/1"),
    ("get", "/visits/visit/lookup/owner_id"),
    ("get", "/visits/visit/export/"),
    ("get", "/api/v1/visits/visit/"),
    ("post", "/api/v1/visits/visit/"),
    ("get", "/api/v1/visits/visit/1"),
    ("put", "/api/v1/visits/visit/1"),
    ("delete", "/api/v1/visits/visit/1"),
    ("get", "/reports/visits.per_day"),
    ("get", "/reports/visits.per_day/excel"),
    ("get", "/reports/visits.per_day/pdf"),
)


def test_an_addon_that_is_off_has_no_menu_and_no_address_and_loses_nothing(world, login, turn):
    ann, stranger = login("ann", world.one), world.app.test_client()
    assert ann.post("/visits/visit/add", data=FORM).status_code == 302
    assert ann.get("/visits/visit/show/1").status_code == 200
    assert "/visits/visit/list/" in ann.get("/").text
    before = rows_of(world.app)
    assert before["visits_visit"] == 1

    turn(world.one, "bonus", "visits", on=False)
    for verb, address in GATES:
        assert getattr(ann, verb)(address, data={}).status_code == 404, (verb, address)
    home = ann.get("/").text
    assert "/visits/visit/list/" not in home
    assert "/reports/visits.per_day" not in home
    assert rows_of(world.app) == before

    asked = stranger.get("/visits/visit/list/")
    assert (asked.status_code, asked.location.partition("?")[0]) == (302, "/login/")
    assert stranger.get("/api/v1/visits/visit/").status_code == 401

    assert ann.post(f"/company/{world.two}").status_code == 302
    assert ann.get("/visits/visit/list/").status_code == 200
    assert ann.post(f"/company/{world.one}").status_code == 302

    turn(world.one, "visits", on=True)
    assert "Li Si" in ann.get("/visits/visit/show/1").text
    assert "/visits/visit/list/" in ann.get("/").text
    assert rows_of(world.app) == before


def test_what_an_addon_adds_to_another_goes_with_it(world, login, turn, run_in):
    _pay_for_visits(world, run_in)
    ann = login("ann", world.one)
    ann.post("/visits/visit/add", data=FORM)
    ann.post("/visits/visit/transition/confirm/1", data={"minutes": "20"})
    listed, shown = ann.get("/visits/visit/list/").text, ann.get("/visits/visit/show/1").text
    assert "Bonus" in listed
    assert "12.50" in listed
    assert "Bonus" in shown

    turn(world.one, "bonus", on=False)
    for page in (ann.get("/visits/visit/list/").text, ann.get("/visits/visit/show/1").text):
        assert "Bonus" not in page
        assert "12.50" not in page
        assert "Li Si" in page
    turn(world.one, "bonus", on=True)
    assert "12.50" in ann.get("/visits/visit/list/").text


def _pay_for_visits(world, run_in):
    from addons.bonus.parameters import PER_VISIT

    def decide():
        PER_VISIT.set(Decimal("12.50"), valid_from=DAY, actor=session.get_one(User, world.users["ann"]))

    for company_id in (world.one, world.two):
        run_in(company_id, decide)


def test_an_addon_that_is_off_hears_nothing(world, login, run_in):
    _pay_for_visits(world, run_in)
    for company_id in (world.one, world.two):  # Only company one has bonus on.
        ann = login("ann", company_id)
        ann.post("/visits/visit/add", data=FORM)
        key = ann.get("/api/v1/visits/visit/").json["result"][0]["id"]
        assert ann.post(f"/visits/visit/transition/confirm/{key}", data={"minutes": "20"}).status_code == 302
        assert ann.get(f"/api/v1/visits/visit/{key}").json["result"]["state"] == "done"
    assert rows_of(world.app) == {"visits_visit": 2, "bonus_entry": 1}


def test_an_addon_that_is_off_does_no_scheduled_work(world, turn):
    from app.database.context import active_company

    ran = []
    with world.app.app_context():
        add_schedule("bonus.daily", dt.timedelta(days=1), lambda _now: ran.append(active_company()), addon="bonus")
        try:
            run_due(NOON)
            assert ran == [world.one]
            turn(world.one, "bonus", on=False)
            run_due(NOON + dt.timedelta(days=2))
            assert ran == [world.one]
        finally:
            del registry().schedules["bonus.daily"]


def test_an_addon_that_is_off_has_no_card_on_the_home_page(world, login, turn):
    cards = world.app.extensions["home_cards"]
    asked = []
    cards.append(
        HomeCard(
            "visits.today",
            "Visits of today",
            "users",
            "visits.Visit",
            lambda _actor, _today: asked.append(1) or Figure(7),
        )
    )
    try:
        ann = login("ann", world.one)
        assert "Visits of today" in ann.get("/").text
        assert asked == [1]
        turn(world.one, "bonus", "visits", on=False)
        asked.clear()
        page = ann.get("/").text
        assert "Visits of today" not in page
        assert asked == []
    finally:
        cards.pop()


def test_the_apps_page_brings_what_is_needed_and_keeps_what_others_need(world, login, turn, run_in):
    root = login("root", world.two)
    turn(world.two, "visits", on=False)

    preview = root.get("/apps/bonus/preview")
    assert preview.status_code == 200
    assert "visits" in preview.text
    assert root.post("/apps/bonus", data={"on": "1"}).status_code == 302
    assert run_in(world.two, lambda: enabled_addons(world.two)) == {"bonus", "visits"}

    refused = root.post("/apps/visits", data={"on": "0"}, follow_redirects=True)
    assert "bonus needs visits" in refused.text
    assert run_in(world.two, lambda: enabled_addons(world.two)) == {"bonus", "visits"}
    root.post("/apps/bonus", data={"on": "0"})
    root.post("/apps/visits", data={"on": "0"})
    assert run_in(world.two, lambda: enabled_addons(world.two)) == set()
    assert run_in(world.one, lambda: enabled_addons(world.one)) == {"bonus", "visits"}

    assert root.get("/apps/nosuch/preview").status_code == 404
    assert root.post("/apps/nosuch", data={"on": "1"}).status_code == 404
    assert login("ann", world.two).post("/apps/visits", data={"on": "1"}).status_code in (302, 403)
    assert run_in(world.two, lambda: enabled_addons(world.two)) == set()


def test_switching_off_what_is_needed_is_refused_by_name(world, run_in, turn):
    with pytest.raises(Conflict) as refused:
        turn(world.one, "visits", on=False)
    assert (refused.value.code, refused.value.data) == ("addon.needed", {"addon": "visits", "needed_by": "bonus"})
    assert run_in(world.one, lambda: enabled_addons(world.one)) == {"bonus", "visits"}


PROCESSES = 4
PROMISE = 5.0  # Seconds.


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))], indirect=True)
def test_a_switch_reaches_every_process_in_time_and_no_other_company(world, database, turn):
    turn(world.one, "bonus", "visits", on=False)
    turn(world.two, "visits", on=False)
    watchers = [_watch(database, world) for _ in range(PROCESSES)]
    try:
        assert [watcher.stdout.readline() for watcher in watchers] == ["ready 404\n"] * PROCESSES
        for turned_on, status in ((True, "200"), (False, "404")):
            turn(world.one, "visits", on=turned_on)
            switched_at = utc_now().timestamp()
            for watcher in watchers:
                seen, seen_at, *of_other = watcher.stdout.readline().split()
                assert (seen, of_other) == (status, ["404"])
                assert float(seen_at) - switched_at < PROMISE
    finally:
        for watcher in watchers:
            watcher.terminate()
            watcher.communicate(timeout=30)


def _watch(database, world):
    settings = {
        name: value for name, value in database.settings().items() if name not in ("TESTING", "WTF_CSRF_ENABLED")
    }
    environment = {
        f"ZHANGGUI_{name}": ",".join(value) if isinstance(value, list) else str(value)
        for name, value in settings.items()
    }
    words = [sys.executable, "-m", "tests.app.addon_loader.watch_switch", str(world.one), str(world.two)]
    return subprocess.Popen(words, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
