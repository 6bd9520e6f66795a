"""Whoever looks at somebody else's screens writes nothing, whatever the code tries."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.context import set_viewer
from app.database.read_only import ReadOnlyError
from app.database.session import as_company, commit, db, session
from app.jobs.context import short_transaction

CHANGE = sa.update(User).values(first_name="Changed")


@pytest.fixture
def viewer(world: Any) -> Iterator[None]:
    """Somebody looks on, in company one."""
    with world.app.app_context(), as_company(world.one):
        set_viewer(world.users["root"])
        yield
        set_viewer(None)
        session.rollback()


def names() -> set[str]:
    """Return the first names of all users."""
    session.rollback()
    return set(session.scalars(sa.select(User.first_name)))


def test_the_session_keeps_nothing(viewer: None) -> None:
    session.execute(CHANGE)

    commit()

    assert "Changed" not in names()


def test_no_other_connection_commits(viewer: None) -> None:
    session.rollback()
    with pytest.raises(ReadOnlyError), db.engine.begin() as connection:
        connection.execute(CHANGE)
    with pytest.raises(ReadOnlyError), short_transaction() as connection:
        connection.execute(CHANGE)

    assert "Changed" not in names()


def test_the_trail_is_kept(viewer: None) -> None:
    from app.audit import SecurityEvent, record_security_event

    session.rollback()
    record_security_event("denied", user_id=1, verb="list")
    session.rollback()

    found = session.execute(sa.select(SecurityEvent.user_id, SecurityEvent.details)).all()
    assert [tuple(row) for row in found] == [(4, {"verb": "list", "viewing": 1})]
