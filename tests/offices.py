"""Fixtures that the tests of add-ons share: an office in a database of its own, work in it, and refusals."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.databases import KINDS, Database, furnished


def office_database(name: str, make: Callable[[Flask], dict[str, Any]], *addons: str) -> Any:
    """Return the fixture `database` with the office that `make` sets up in it, to be copied; each has its own name."""

    @pytest.fixture(scope="session", params=KINDS, name="database")
    def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
        """One kind of database."""
        with furnished(request.param, tmp_path_factory, name, make, addons=addons) as made:
            yield made

    return database


@pytest.fixture
def world(database: Database) -> Iterator[SimpleNamespace]:
    """A fresh copy, for tests that commit."""
    database.forget()  # The pool must not keep connections to the copy that goes.
    database.restore()
    yield SimpleNamespace(app=database.app, **database.facts)
    database.forget()
    database.restore()


def place_to_work(name: str, kind: Callable[[SimpleNamespace], Any]) -> Any:
    """Return the fixture of this name: an object of that kind inside company one. Nothing is committed: no copy."""

    @pytest.fixture(name=name)
    def place(database: Database) -> Iterator[Any]:
        """Where a test works, as the person it names."""
        from app.database.session import as_company, rollback

        world = SimpleNamespace(app=database.app, **database.facts)
        with world.app.app_context(), as_company(world.one):
            yield kind(world)
            rollback()

    return place


def refusing(name: str) -> Any:
    """Return the fixture `refused` for the place of this name; what it must not change its `facts()` say."""

    @pytest.fixture(name="refused")
    def refused(request: pytest.FixtureRequest) -> Callable[..., Any]:
        """Return a function that calls a service, expects its refusal, checks that nothing changed, and returns it."""
        place = request.getfixturevalue(name)
        return lambda call, /, *arguments, **values: refusal_of(place, call, *arguments, **values)

    return refused


def refusal_of(place: Any, call: Callable[..., Any], /, *arguments: Any, **values: Any) -> Any:
    """Call a service, expect its refusal, check that nothing changed, and return it."""
    from app.errors import AppError

    place.session.flush()
    before = place.facts()
    with pytest.raises(AppError) as caught, place.session.begin_nested():
        call(*arguments, **values)
    place.session.expire_all()
    assert place.facts() == before
    return caught.value
