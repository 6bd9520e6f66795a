"""A walk over every route there is, as the holder of each role, with ids of the other company."""

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.security.permissions import EVERY_MEMBER
from tests.every_view.samples import ABROAD
from tests.every_view.views import page, pages, resources, rest

pytestmark = pytest.mark.timeout(600)  # Seconds; thousands of doors take minutes, and the product grows.
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
ENOUGH_KEYS = 2  # Of those to one door: behind it they all stand before the same wall.
IDS = (1, 2)  # Of records that have no generated view: jobs, users, roles.
OF_ADDRESS = {page(one): one for one in (*resources(), *pages())}
Findings = list[tuple[str, int]]
# A refusal says the same in a page of the whole shell, which takes twice as long.
BRIEFLY = {"Accept": "application/json"}


def rules(app: Any, method: str) -> list[Rule]:
    """Return the routes for a method that are walked."""
    return [one for one in app.url_map.iter_rules() if method in one.methods and one.endpoint not in NOT_WALKED]


def resource_of(rule: Rule) -> str | None:
    """Return the view that a route belongs to."""
    return OF_ADDRESS.get("/".join(str(rule).removeprefix("/api/v1").split("/", 3)[:3]))


def addresses(house: Any, rule: Rule) -> Iterator[str]:
    """Yield the addresses of a route: with the other company's ids where it takes one."""
    resource = resource_of(rule)
    keys = house.foreign[resource][:1] if resource in house.foreign else IDS
    for key in keys if rule.arguments else (0,):
        given = {name: _argument(name, str(key)) for name in rule.arguments}
        address = str(rule)
        for name, value in given.items():
            start = address.rindex("<", 0, address.index(f"{name}>"))
            address = address[:start] + value + address[address.index(">", start) + 1 :]
        yield address


def _argument(name: str, key: str) -> str:
    return {"version": "v1", "locale": "en", "name": "x", "filename": "x", "filter_name": "x"}.get(name, key)


def walk_as_others(house: Any, method: str, *people: str) -> dict[str, Findings]:
    """Walk as the administrator, as `nobody`, who tries every lock, or as a stranger; return who found something."""
    clients = {"Admin": house.root, "nobody": house.eve, "stranger": house.stranger}
    shut = {"Admin": frozenset(), "nobody": closed_to(house, "Public"), "stranger": frozenset(resources())}
    every = rules(house.app, method)
    found = {who: walk(house, clients[who], method, every, shut[who]) for who in people}
    return {who: told for who, told in found.items() if told}


def walk_as_holders(house: Any, method: str) -> dict[str, Findings]:
    """Walk as a holder of each role; return who found something.

    A holder tries what his role has a key to, unless others with such a key have tried it before him. Other doors are
    for him what they are for `nobody`: he tries some, all holders together all of them. On a database server one walks.
    """
    found, every, keys_tried = {}, rules(house.app, method), Counter[str]()
    for number, (role, client) in enumerate(walkers(house).items()):
        granted = granted_by(house, role)
        own = {str(one) for one in every if resource_of(one) in granted and keys_tried[str(one)] < ENOUGH_KEYS}
        keys_tried.update(own)
        tried = [
            one for place, one in enumerate(every) if str(one) in own or (place + number) % len(house.holders) == 0
        ]
        found[role] = walk(house, client, method, tried, closed_to(house, role))
    return {who: told for who, told in found.items() if told}


def walkers(house: Any) -> dict[str, FlaskClient]:
    """Return a holder of each role; on a database server one of them, for the roads are the same."""
    return dict(islice(house.holders.items(), 1 if house.app.config["DATABASE_URL"] else None))


def granted_by(house: Any, role: str) -> set[str]:
    """Return the views and pages of which a role grants something."""
    held = (one for setup in house.app.extensions["setups"] for one in setup.roles if one.name == role)
    return {resource for one in held for resource in one.grants} | {resource for _verb, resource in EVERY_MEMBER}


def closed_to(house: Any, role: str) -> frozenset[str]:
    """Return the views of which a role grants nothing."""
    return frozenset(resources()) - granted_by(house, role)


def walk(house: Any, client: FlaskClient, method: str, tried: Collection[Rule], closed: Collection[str]) -> Findings:
    """Return each address that failed, told something of the other company, or should be closed and is not."""
    found = []
    for rule in tried:
        for address in addresses(house, rule):
            body = {"json": {}} if "/api/" in address and method != "GET" else {}
            with client.open(address, method=method, headers=BRIEFLY, **body) as got:
                told = got.mimetype in READ and ABROAD in got.text
                if got.status_code >= 500 or told or (resource_of(rule) in closed and got.status_code < 300):
                    found.append((f"{method} {address}", got.status_code))
    return found


def test_nobody_reads_the_other_company(house: Any) -> None:
    """The administrator's walk, the longest, is taken where row-level security does not stand behind the first wall."""
    people = ("nobody",) if house.app.config["DATABASE_URL"] else ("Admin", "nobody", "stranger")
    assert walk_as_others(house, "GET", *people) == {}


def test_no_holder_of_a_role_reads_the_other_company(house: Any) -> None:
    assert walk_as_holders(house, "GET") == {}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nobody_changes_the_other_company(house: Any, method: str) -> None:
    before = {resource: house.abroad.get(f"{rest(resource)}/?q=(page_size:1000)").json for resource in resources()}

    assert walk_as_others(house, method, "nobody", "stranger") == {}
    assert walk_as_holders(house, method) == {}

    after = {resource: house.abroad.get(f"{rest(resource)}/?q=(page_size:1000)").json for resource in resources()}
    assert after == before


def test_the_walk_would_notice(house: Any) -> None:
    told = [resource for resource in resources() if ABROAD in house.abroad.get(f"{page(resource)}/list/").text]

    assert len(told) > len(resources()) // 2
