"""Cleaning old records: what would go, the double confirmation, what is deleted and what stays."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.app.cleaning.steps import DESK, REST, RUNS, confirm, counts, numbers, preview, put_back
from tests.app.crud.orders import VIEW, add_many, shown
from tests.world import PASSWORD

Login = Callable[..., FlaskClient]


@pytest.mark.rule("S:CORE-15")
def test_forty_drafts_go_and_two_audited_orders_stay(root: FlaskClient, world: Any, run_in: Any, login: Login) -> None:
    from addons.market.models import OrderState

    add_many(run_in, world.one, range(40))
    add_many(run_in, world.one, range(40, 42), state=OrderState.SENT)
    add_many(run_in, world.two, range(3))

    page = preview(root)
    assert counts(page) == [42, 40, 2, 0]
    assert len(numbers(world, run_in)) == 42
    done = confirm(root, page, 40)
    assert done.status_code == 302, done.text

    assert numbers(world, run_in) == ["N-0040", "N-0041"]
    assert counts(root.get(done.location).text) == [40, 2, 0]
    run = root.get(f"{REST}/1").json["result"]
    told = ("state", "found", "deleted", "kept_confirmed", "kept_referenced", "kept_refused")
    assert [run[name] for name in told] == ["cleaned", 42, 40, 2, 0, 0]
    assert login("bea", world.two).get(f"{VIEW}/list/").text.count('name="rowid"') == 3
    assert "Data cleaned" in root.get("/audit/securityevents/").text


@pytest.mark.parametrize(
    ("count", "password", "told"),
    [
        ("2", PASSWORD, "Type the number of records that will be deleted."),
        ("", PASSWORD, "Type the number of records that will be deleted."),
        ("3", "something else", "This is not your present password."),
        ("3", "", "This is not your present password."),
    ],
)
def test_without_both_confirmations_nothing_is_deleted(
    root: FlaskClient, world: Any, run_in: Any, count: str, password: str, told: str
) -> None:
    add_many(run_in, world.one, range(3))
    refused = confirm(root, preview(root), count, password)
    assert (refused.status_code, told in refused.text) == (422, True)
    assert (
        f'id="clean-count" name="count" inputmode="numeric" autocomplete="off" required value="{count}"' in refused.text
    )
    assert "something else" not in refused.text
    assert len(numbers(world, run_in)) == 3
    assert root.get(f"{REST}/").json["count"] == 0


def test_records_that_changed_after_the_preview_stop_it(root: FlaskClient, world: Any, run_in: Any) -> None:
    add_many(run_in, world.one, range(3))
    page = preview(root)
    add_many(run_in, world.one, range(3, 4))
    refused = confirm(root, page, 3)
    assert (refused.status_code, "Records have changed meanwhile." in refused.text) == (409, True)
    assert len(numbers(world, run_in)) == 4


def test_the_job_looks_again(root: FlaskClient, world: Any, run_in: Any) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.cleaning.running import JOB
    from app.database.session import session
    from app.jobs import Job, enqueue

    add_many(run_in, world.one, range(3))

    def ask() -> Any:
        actor = session.get_one(User, world.users["root"])
        asked = {"resource": "market.Order", "state": "", "days": None, "query": "", "as_of": dt.datetime.now(dt.UTC)}
        return enqueue(JOB, actor=actor, seal="of other records", **asked)

    job = run_in(world.one, ask)
    kept = run_in(world.one, lambda: session.get_one(Job, job.id))
    assert (kept.state.value, kept.details["error"]) == ("failed", "clean.changed")
    assert len(numbers(world, run_in)) == 3


def test_state_age_and_a_saved_filter_narrow_it_down(root: FlaskClient, world: Any, run_in: Any) -> None:
    from addons.market.models import Order, OrderState
    from app.database.session import session

    add_many(run_in, world.one, range(5))
    add_many(run_in, world.one, range(5, 7), state=OrderState.CANCELLED)
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=40)
    old = sa.update(Order).where(Order.number.in_(["N-0000", "N-0001", "N-0006"])).values(updated_at=long_ago)
    run_in(world.one, lambda: session.execute(old) and None)
    root.post(f"{VIEW}/filters/save", data={"name": "Ones", "query": "_flt_0_number=000&_flt_3_number=N-0001"})

    assert counts(preview(root)) == [7, 7, 0, 0]
    assert counts(preview(root, state="cancelled")) == [2, 2, 0, 0]
    assert counts(preview(root, days="30")) == [3, 3, 0, 0]
    assert counts(preview(root, days="30", state="draft")) == [2, 2, 0, 0]
    assert counts(preview(root, filter="1")) == [6, 6, 0, 0]
    assert counts(preview(root, filter="1", days="30")) == [2, 2, 0, 0]
    for field, value, told in (
        ("days", "-1", "A whole number of days"),
        ("days", "x", "A whole number of days"),
        ("state", "lost", "There is no such state here."),
        ("filter", "99", "There is no such record."),
        ("resource", "companies.Employee", "This list cannot be cleaned."),
    ):
        page = preview(root, **{field: value})
        assert told in page, (field, value)
        assert 'class="counts"' not in page


def test_a_filter_on_personal_data_is_refused(root: FlaskClient, world: Any, run_in: Any) -> None:
    add_many(run_in, world.one, range(2), phone="13812345678")
    root.post(f"{VIEW}/filters/save", data={"name": "Phone", "query": "_flt_2_phone=1381"})
    page = preview(root, filter="1")
    assert "There is no filter phone." in page
    assert 'class="counts"' not in page


def test_what_was_ever_confirmed_stays_and_the_stricter_value_keeps_more(
    root: FlaskClient, world: Any, run_in: Any
) -> None:
    add_many(run_in, world.one, range(4))
    for key in (1, 2):
        root.post(f"{VIEW}/transition/cancel/{key}")
    root.post(f"{VIEW}/transition/send/3", data={"reason": "x", "on": "2026-03-05"})
    root.post(f"{VIEW}/transition/cancel/3")
    assert [shown(root, key)["state"] for key in (1, 2, 3, 4)] == ["cancelled"] * 3 + ["draft"]

    assert counts(preview(root)) == [4, 3, 1, 0]

    stricter = {"key": "core.clean_protect", "value": "started", "valid_from": "2026-01-01"}
    root.post("/parameters/values/set", data=stricter)
    assert counts(preview(root)) == [4, 1, 3, 0]


def test_what_others_point_at_stays_unless_they_go_too(root: FlaskClient, world: Any, run_in: Any) -> None:
    from app.database.session import session
    from app.masterdata.models import Product, ProductCategory, UnitOfMeasure

    def fill() -> None:
        unit = UnitOfMeasure(code="pcs", name="Piece", dimension="count", factor=1)
        top = ProductCategory(code="1", name="Top")
        session.add_all([unit, top])
        session.flush()
        middle = ProductCategory(code="11", name="Middle", parent_id=top.id)
        lonely = ProductCategory(code="2", name="Lonely")
        below = ProductCategory(code="3", name="Above")
        session.add_all([middle, lonely, below])
        session.flush()
        child = ProductCategory(code="31", name="Below", parent_id=below.id)
        session.add_all([child, Product(code="P", name="Chair", category_id=middle.id, base_uom_id=unit.id)])

    run_in(world.one, fill)
    page = preview(root, resource="masterdata.ProductCategory")
    assert counts(page) == [5, 3, 0, 2]
    assert "Other records point at it" in page

    assert confirm(root, page, 3).status_code == 302
    left = run_in(world.one, lambda: list(session.scalars(sa.select(ProductCategory.code).order_by("code"))))
    assert left == ["1", "11"]
    assert "<b>3</b>put back" in put_back(root)
    back = run_in(world.one, lambda: list(session.scalars(sa.select(ProductCategory.code).order_by("code"))))
    assert back == ["1", "11", "2", "3", "31"]


def test_only_administrators_may(login: Login, world: Any, run_in: Any) -> None:
    add_many(run_in, world.one, range(2))
    bea = login("bea", world.one)
    assert bea.get(DESK).status_code == 403
    assert bea.post(f"{DESK}start", data={"resource": "market.Order"}).status_code == 403
    assert bea.get(f"{RUNS}/list/").status_code == 403
    assert len(numbers(world, run_in)) == 2


@pytest.mark.parametrize("service", ["refuses", "does_more"])
def test_what_its_own_rules_keep_stays_and_is_counted(
    root: FlaskClient, world: Any, run_in: Any, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    from app.crud.records import delete_record
    from app.errors import Conflict

    def refuses(record: Any, *, actor: Any) -> None:
        if record.number == "N-0001":
            raise Conflict("market.dear", "It is dear to us.")
        delete_record(record, actor=actor)

    def does_more(record: Any, *, actor: Any) -> None:
        if record.number == "N-0001":
            record.note = "put away"
        else:
            delete_record(record, actor=actor)

    add_many(run_in, world.one, range(3))
    view = type(world.app.extensions["crud_views"]["market.Order"])
    monkeypatch.setattr(view, "delete_with", staticmethod({"refuses": refuses, "does_more": does_more}[service]))

    done = confirm(root, preview(root), 3)

    assert numbers(world, run_in) == ["N-0001"]
    page = root.get(done.location).text
    reasons = {"refuses": "1 × It is dear to us.", "does_more": "1 × Its own rules do not let it be deleted"}
    assert counts(page) == [2, 0, 0]
    assert reasons[service] in page
    assert shown(root, 2)["note"] is None
    run = root.get(f"{REST}/1").json["result"]
    assert [run["deleted"], run["kept_refused"]] == [2, 1]
