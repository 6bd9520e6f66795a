"""A walk over every route there is, as the holder of each role, with ids of the other company."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.every_view.samples import ABROAD
from tests.every_view.views import page, resources, rest

# Left out, each for its reason: they end the walk, or are not of this product's making.
NOT_WALKED = {
    "LoginView.login": "the walker is inside",
    "LoginView.logout": "it would end the walk",
    "TokenApi.logout": "it would end the walk",
    "AccountView.end_others": "it would end the walks of the others",
    "CompanyView.switch": "tests/app/companies walks through it",
    "appbuilder.static": "files of the framework",
    "assets.static": "files",
    "static": "files",
}
READ = {"text/html", "application/json", "text/plain"}  # Not spreadsheets, which tests/app/crud opens.
IDS = (1, 2)  # Of records that have no generated view: jobs, users, roles.
# A refusal says the same in a page of the whole shell, which takes twice as long: `nobody` and `Admin` get those.
BRIEFLY = {"Accept": "application/json"}


def rules(app: Any, method: str) -> list[Rule]:
    """Return the routes for a method that are walked."""
    return [one for one in app.url_map.iter_rules() if method in one.methods and one.endpoint not in NOT_WALKED]


def addresses(house: Any, rule: Rule) -> Iterator[str]:
    """Yield the addresses of a route: with the other company's ids where it takes one."""
    resource = next((one for one in resources() if str(rule).startswith((f"{page(one)}/", f"{rest(one)}/"))), None)
    keys = house.foreign[resource][:1] if resource else IDS
    for key in keys if rule.arguments else (0,):
        given = {name: _argument(name, str(key)) for name in rule.arguments}
        address = str(rule)
        for name, value in given.items():
            start = address.rindex("<", 0, address.index(f"{name}>"))
            address = address[:start] + value + address[address.index(">", start) + 1 :]
        yield address


def _argument(name: str, key: str) -> str:
    return {"version": "v1", "locale": "en", "name": "x", "filename": "x", "filter_name": "x"}.get(name, key)


def walkers(house: Any) -> dict[str, FlaskClient]:
    """Return a holder of each role; on a database server one of them, for the roads are the same."""
    return dict(islice(house.holders.items(), 1 if house.app.config["DATABASE_URL"] else None))


def walk(house: Any, client: FlaskClient, method: str) -> list[tuple[str, int]]:
    """Return each address that failed or that told something of the other company."""
    headers = {} if client in (house.root, house.eve) else BRIEFLY
    found = []
    for rule in rules(house.app, method):
        for address in addresses(house, rule):
            body = {"json": {}} if "/api/" in address and method != "GET" else {}
            with client.open(address, method=method, headers=headers, **body) as got:
                told = got.mimetype in READ and ABROAD in got.text
                if got.status_code >= 500 or told:
                    found.append((f"{method} {address}", got.status_code))
    return found


def test_nobody_reads_the_other_company(house: Any) -> None:
    people = {**walkers(house), "Admin": house.root, "nobody": house.eve, "stranger": house.stranger}

    assert {who: walk(house, client, "GET") for who, client in people.items()} == {who: [] for who in people}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nobody_changes_the_other_company(house: Any, method: str) -> None:
    before = {resource: house.abroad.get(f"{rest(resource)}/?q=(page_size:1000)").json for resource in resources()}
    people = {**walkers(house), "nobody": house.eve, "stranger": house.stranger}

    assert {who: walk(house, client, method) for who, client in people.items()} == {who: [] for who in people}

    after = {resource: house.abroad.get(f"{rest(resource)}/?q=(page_size:1000)").json for resource in resources()}
    assert after == before


def test_the_walk_would_notice(house: Any) -> None:
    told = [resource for resource in resources() if ABROAD in house.abroad.get(f"{page(resource)}/list/").text]

    assert len(told) > len(resources()) // 2
