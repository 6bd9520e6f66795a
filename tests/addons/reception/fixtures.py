"""Fixtures of the front desk's tests; those of tests/conftest.py work on its database."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.databases import Database


class Office:
    """What a test does in company one: with the rows of its own transaction, as the person it names."""

    def __init__(self, world: SimpleNamespace) -> None:
        from app.database.session import session

        self.world, self.session = world, session

    def user(self, name: str) -> Any:
        """Return a user."""
        from flask_appbuilder.security.sqla.models import User

        return self.session.get_one(User, self.world.users[name])

    def employee(self, name: str) -> Any:
        """Return an employee."""
        import sqlalchemy as sa

        from app.companies.models import Employee

        return self.session.scalars(sa.select(Employee).where(Employee.name == name.title())).one()

    def queue(self) -> Any:
        """Return the desk's queue."""
        from addons.reception.models import TurnQueue

        return self.session.get_one(TurnQueue, self.world.queue)

    def seat(self, name: str) -> Any:
        """Return a consultant's place in the queue."""
        return next(one for one in self.queue().members if one.employee.name == name.title())

    def source(self, name: str = "Visit") -> int:
        """Return the id of a customer source."""
        from app.masterdata.options import find_option, open_list

        open_list("reception.source")
        found = find_option("reception.source", name)
        assert found is not None
        return found.id

    def count(self, *models: Any) -> list[int]:
        """Return how many rows each of the models has, to see that a refusal changed nothing."""
        import sqlalchemy as sa

        return [self.session.scalar(sa.select(sa.func.count(model.id))) or 0 for model in models]


@pytest.fixture
def world(database: Database) -> Iterator[SimpleNamespace]:
    """A fresh copy of the office, for tests that commit."""
    database.forget()  # The pool must not keep connections to the copy that goes.
    database.restore()
    yield SimpleNamespace(app=database.app, **database.facts)
    database.forget()
    database.restore()


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """The office inside an application context of company one; nothing is committed, so no copy is needed."""
    from app.database.session import as_company, rollback

    world = SimpleNamespace(app=database.app, **database.facts)
    with world.app.app_context(), as_company(world.one):
        yield Office(world)
        rollback()


@pytest.fixture
def refused(office: Office) -> Callable[..., Any]:
    """Return a function that calls a service, expects its refusal, checks that nothing changed, and returns it."""
    import sqlalchemy as sa

    from addons.reception.models import Customer, Inquiry, Promise, Reception, Turn
    from app.errors import AppError
    from app.masterdata.models import Partner, PartnerPoint

    watched = (Customer, Reception, Inquiry, Promise, Turn, Partner, PartnerPoint)

    def attempt(call: Callable[..., Any], *arguments: Any, **values: Any) -> AppError:
        office.session.flush()
        before = office.count(*watched)
        states = office.session.execute(sa.select(Reception.id, Reception.state, Reception.number)).all()
        with pytest.raises(AppError) as caught, office.session.begin_nested():
            call(*arguments, **values)
        office.session.expire_all()
        assert office.count(*watched) == before
        assert office.session.execute(sa.select(Reception.id, Reception.state, Reception.number)).all() == states
        return caught.value

    return attempt
