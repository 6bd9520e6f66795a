"""A walk over every route as somebody who sees the screens as another user: not one row changes but the trail of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.databases import Database
from tests.every_view.test_crawl import NOT_WALKED, addresses
from tests.every_view.views import page, resources
from tests.world import PASSWORD

pytestmark = pytest.mark.by_turns

# The two ways out, and what is no page.
LEFT_OUT = {"ViewingEndView.end", "LoginView.logout", "appbuilder.static", "assets.static", "static"}
# Who saw and tried what: these grow, and name the one who looks.
TRAIL = ("audit_access", "audit_security_event")
WRITING = ("POST", "PUT", "PATCH", "DELETE")
Rows = dict[str, list[tuple[Any, ...]]]


@contextmanager
def reading(database: Database) -> Iterator[sa.Connection]:
    """Read every company's rows, past the second wall."""
    url = database.settings()["DATABASE_OWNER_URL"] or f"sqlite:///{database.folder / 'data' / 'zhanggui.sqlite'}"
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def everything(database: Database) -> Rows:
    """Return every row of every table but the trail."""
    with reading(database) as connection:
        names = [name for name in sa.inspect(connection).get_table_names() if name not in TRAIL]
        return {
            name: sorted(map(tuple, connection.execute(sa.text(f'SELECT * FROM "{name}"'))), key=repr) for name in names
        }


def trail(database: Database) -> set[tuple[str, int, int | None]]:
    """Return the table, the id and the user of every row of the trail."""
    with reading(database) as connection:
        return {
            (name, row.id, row.user_id)
            for name in TRAIL
            for row in connection.execute(sa.text(f'SELECT id, user_id FROM "{name}"'))
        }


def changed(before: Rows, after: Rows) -> list[str]:
    """Return the tables whose rows are not the same."""
    return [name for name in {*before, *after} if before.get(name) != after.get(name)]


@pytest.fixture
def viewer(house: Any) -> Iterator[FlaskClient]:
    """The administrator, who sees the screens as the company's administrator of the same rights."""
    client = house.app.test_client()
    assert client.post("/login/", data={"username": "root", "password": PASSWORD}).status_code == 302
    assert client.post(f"/company/{house.world.one}").status_code == 302
    form = {"username": "reception_manager", "reason": "He cannot find a customer"}
    assert client.post("/companies/viewas/begin", data=form).status_code == 302
    assert "You see the screens as reception_manager Holder" in client.get("/").text
    yield client
    assert client.post("/viewing/end").status_code == 302


def walk(house: Any, client: FlaskClient, methods: tuple[str, ...]) -> dict[str, int]:
    """Ask for every address, and return what was answered."""
    found = {}
    for rule in house.app.url_map.iter_rules():
        for method in {*methods} & {*(rule.methods or ())}:
            if rule.endpoint in LEFT_OUT or (method == "GET" and rule.endpoint in NOT_WALKED):
                continue
            for address in addresses(house, rule):
                body = {"json": {}} if "/api/" in address and method != "GET" else {}
                with client.open(address, method=method, headers={"Accept": "application/json"}, **body) as answer:
                    found[f"{method} {address}"] = answer.status_code
    return found


@pytest.mark.rule("S:CORE-05")
def test_every_write_is_refused_and_nothing_is_changed(house: Any, database: Database, viewer: FlaskClient) -> None:
    before, known = everything(database), trail(database)

    answers = walk(house, viewer, WRITING)

    assert {address: status for address, status in answers.items() if status != 403} == {}
    assert len(answers) > 500
    assert changed(before, everything(database)) == []
    root = house.world.users["root"]
    assert {user for _table, _id, user in trail(database) - known} == {root}


@pytest.mark.rule("S:CORE-05")
def test_every_page_is_read_and_nothing_is_changed(house: Any, database: Database, viewer: FlaskClient) -> None:
    before, known = everything(database), trail(database)

    answers = walk(house, viewer, ("GET",))
    for resource in resources():
        for key in house.own[resource][:1]:
            for address in (f"show/{key}", f"edit/{key}", "list/", "add", "export/"):
                with viewer.get(f"{page(resource)}/{address}") as answer:
                    answers[f"{resource} {address}"] = answer.status_code

    assert {address: status for address, status in answers.items() if status >= 500} == {}
    assert list(answers.values()).count(200) > 150
    assert changed(before, everything(database)) == []
    root = house.world.users["root"]
    assert {user for _table, _id, user in trail(database) - known} <= {root}


def test_the_walk_would_notice(house: Any, database: Database) -> None:
    before = everything(database)

    house.root.post(f"{page('masterdata.Partner')}/comment/{house.own['masterdata.Partner'][0]}", data={"body": "x"})

    assert "documents_comment" in changed(before, everything(database))
