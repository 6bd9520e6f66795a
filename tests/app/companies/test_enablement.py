"""Switching add-ons on and off, and how fast it is seen."""

import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from app.companies import enablement, snapshot
from app.companies.enablement import enabled_addons, is_enabled, switch
from app.companies.models import CacheVersion, EnabledAddon
from app.database.session import commit, db, rollback, session
from app.errors import Conflict

Run = Callable[..., Any]
DEPENDS = {"orders": [], "contracts": ["orders"], "commission": ["contracts"]}


@pytest.fixture
def switched(world: SimpleNamespace) -> Iterator[int]:
    """Company one, with nothing switched on."""
    with world.app.app_context():
        session.execute(sa.delete(EnabledAddon))
        commit()
        enablement.enablement().expire()
        yield world.one
        rollback()


def stored(company_id: int) -> set[str]:
    """Return what the database says."""
    return set(session.scalars(sa.select(EnabledAddon.addon).where(EnabledAddon.company_id == company_id)))


def test_switching_on_closes_over_what_is_needed(world: SimpleNamespace, switched: int) -> None:
    changed = switch("commission", switched, on=True, depends=DEPENDS)
    commit()

    assert changed == ["commission", "contracts", "orders"]
    assert enabled_addons(switched) == {"commission", "contracts", "orders"}
    assert enabled_addons(world.two) == frozenset()
    assert not is_enabled("orders", None)
    assert switch("contracts", switched, on=True, depends=DEPENDS) == []


def test_switching_off_is_refused_while_something_needs_it(switched: int) -> None:
    switch("commission", switched, on=True, depends=DEPENDS)
    commit()

    with pytest.raises(Conflict) as refusal:
        switch("orders", switched, on=False, depends=DEPENDS)
    assert refusal.value.data == {"addon": "orders", "needed_by": "commission, contracts"}
    assert str(refusal.value) == "commission, contracts needs orders. Switch it off first."
    rollback()
    assert stored(switched) == {"commission", "contracts", "orders"}

    assert switch("commission", switched, on=False, depends=DEPENDS) == ["commission"]
    assert switch("commission", switched, on=False, depends=DEPENDS) == []
    commit()
    assert enabled_addons(switched) == {"contracts", "orders"}


def test_what_is_rolled_back_was_never_on(switched: int) -> None:
    switch("orders", switched, on=True, depends=DEPENDS)
    rollback()

    assert not is_enabled("orders", switched)


def test_the_number_counts_each_switch(switched: int) -> None:
    def number() -> int:
        return session.scalar(sa.select(CacheVersion.number).where(CacheVersion.name == enablement.CACHE)) or 0

    before = number()
    for on in (True, False):
        switch("orders", switched, on=on, depends=DEPENDS)
        commit()

    assert number() == before + 2


def test_a_process_asks_at_most_once_a_second(switched: int, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(snapshot.time, "monotonic", lambda: clock[0])
    statements: list[str] = []
    switch("orders", switched, on=True, depends=DEPENDS)
    commit()
    sa.event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    for _ in range(1000):
        assert enabled_addons(switched) == {"orders"}
    assert len(statements) == 2  # The number and the add-ons.

    clock[0] += 1.0
    assert enabled_addons(switched) == {"orders"}
    assert len(statements) == 3  # The number alone: it has not moved.

    with db.engine.begin() as elsewhere:
        elsewhere.execute(sa.delete(EnabledAddon))
        elsewhere.execute(sa.update(CacheVersion).values(number=CacheVersion.number + 1))
    assert enabled_addons(switched) == {"orders"}
    clock[0] += 1.0
    assert enabled_addons(switched) == frozenset()


def test_the_cache_sees_past_the_transaction_of_its_request(switched: int) -> None:
    enablement.enablement().expire()
    assert stored(switched) == set()  # The request's transaction has begun and reads.
    with db.engine.begin() as elsewhere:
        elsewhere.execute(sa.insert(EnabledAddon), [{"company_id": switched, "addon": "orders"}])
        elsewhere.execute(sa.update(CacheVersion).values(number=CacheVersion.number + 1))

    assert enabled_addons(switched) == {"orders"}


def test_another_process_sees_the_switch(switched: int) -> None:
    script = textwrap.dedent("""
        import sys, time, flask
        from app.companies.enablement import is_enabled
        from app.database.session import db
        app = flask.Flask("other")
        app.config["SQLALCHEMY_DATABASE_URI"] = sys.argv[1]
        db.init_app(app)
        with app.app_context():
            print(is_enabled("orders", int(sys.argv[2])), flush=True)
            sys.stdin.readline()
            began = time.monotonic()
            while not is_enabled("orders", int(sys.argv[2])) and time.monotonic() - began < 5:
                time.sleep(0.05)
            print(is_enabled("orders", int(sys.argv[2])), flush=True)
    """)
    url = db.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", script, url, str(switched)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "False"
        switch("orders", switched, on=True, depends=DEPENDS)
        commit()
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline().strip() == "True"
