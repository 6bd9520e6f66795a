"""Master data that is used is archived instead of deleted, hidden where one chooses, and can be brought back."""

import pytest
import sqlalchemy as sa

from app.database.columns import utc_now
from app.database.session import session
from app.masterdata.models import Product, UnitOfMeasure
from app.parameters.platform_values import HARD_DELETE

pytestmark = pytest.mark.by_turns

UNITS, REST = "/masterdata/unitofmeasure", "/api/v1/masterdata/unitofmeasure/"


@pytest.fixture
def keys(world, run_in):
    """The ids of a unit that a product uses, and of one that nothing uses."""

    def make() -> list[int]:
        used, free = UnitOfMeasure(code="PCS", name="piece"), UnitOfMeasure(code="BOX", name="box")
        session.add_all([used, free])
        session.flush()
        session.add(Product(code="P1", name="Flat", base_uom_id=used.id))
        return [used.id, free.id]

    return run_in(world.one, make)


def codes(world, run_in):
    return run_in(world.one, lambda: session.scalars(sa.select(UnitOfMeasure.code).order_by(UnitOfMeasure.code)).all())


@pytest.mark.rule("S:REC-14")
def test_a_used_record_is_not_deleted_and_archiving_is_offered(world, login, run_in, keys):
    used, free = keys
    client = login("root", world.one)

    answer = client.post(f"{UNITS}/delete/{used}", data={"version": 1}, follow_redirects=True)

    assert "Used by: 1 Product. Archive it instead." in answer.text
    assert f'action="{UNITS}/archive/{used}"' in answer.text
    assert codes(world, run_in) == ["BOX", "PCS"]
    assert client.delete(f"{REST}{used}", headers=token(client)).json["error"] == "record.used"
    client.post(f"{UNITS}/delete/{free}", data={"version": 1})
    assert codes(world, run_in) == ["PCS"]


def token(client):
    """Return the header that a browser's script sends."""
    return {"X-CSRFToken": client.get(f"{UNITS}/list/").text.partition('csrf-token" content="')[2].partition('"')[0]}


@pytest.mark.rule("S:REC-14")
def test_an_archived_record_is_hidden_and_comes_back(world, login, run_in, keys):
    used, _free = keys
    client = login("root", world.one)
    shown = {}
    for verb in ("", "archive", "restore"):
        if verb:
            client.post(f"{UNITS}/{verb}/{used}")
        lists = [client.get(f"{UNITS}/list/{query}").text for query in ("", "?archived=1")]
        offered = client.get("/masterdata/product/lookup/base_uom_id").json
        rest = [client.get(REST, query_string={"q": q}).json["count"] for q in ("", "(archived:!t)")]
        shown[verb] = (
            *("PCS" in text for text in lists),
            [one["text"] for one in offered],
            rest,
            "PCS" in client.get(f"{UNITS}/show/{used}").text,
        )

    live = (True, False, ["box", "piece"], [2, 0], True)
    assert shown == {"": live, "archive": (False, True, ["box"], [1, 1], True), "restore": live}


@pytest.mark.rule("S:REC-14")
def test_a_company_may_never_delete_master_data(world, login, run_in, keys):
    from flask_appbuilder.security.sqla.models import User

    def decide() -> None:
        HARD_DELETE.set("never", valid_from=utc_now().date(), actor=session.get_one(User, world.users["root"]))

    run_in(world.one, decide)

    answer = login("root", world.one).post(f"{UNITS}/delete/{keys[1]}", data={"version": 1}, follow_redirects=True)

    assert "This company deletes no master data." in answer.text
    assert codes(world, run_in) == ["BOX", "PCS"]


@pytest.mark.rule("S:REC-14")
def test_only_whoever_may_delete_archives_and_only_what_is_master_data(world, login, run_in, keys):
    assert login("rob", world.one).post(f"{UNITS}/archive/{keys[0]}").status_code == 403
    assert run_in(world.one, lambda: session.get_one(UnitOfMeasure, keys[0]).archived_at) is None
    root = login("root", world.one)
    assert root.post(f"{UNITS}/archive/999").status_code == 404
    assert root.post("/companies/employee/archive/1").status_code == 404
    assert root.get(f"{UNITS}/archive/{keys[0]}").status_code == 405
