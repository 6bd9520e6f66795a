"""Sealing the audit log, and finding what the owner of the tables changed afterwards (S:CORE-07)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit import AuditEntry
from app.audit.models import AuditSeal
from app.audit.sealing import BATCH, seal_entries, verify_entries
from app.companies.models import Employee
from app.database.columns import utc_now
from app.database.session import session
from tests.databases import Database

Run = Callable[..., Any]
LATER = dt.timedelta(hours=1)


def hire(number: int) -> None:
    """Write rows that are audited."""
    first = (session.scalar(sa.select(sa.func.count(Employee.id))) or 0) + 1000
    day = dt.date(2025, 1, 1)
    session.add_all(Employee(number=f"N{first + one}", name="Somebody", hired_on=day) for one in range(number))
    session.flush()


@pytest.fixture
def sealed(world: Any, run_in: Run) -> list[int]:
    """The ids of the sealed entries of company one, in two seals."""
    run_in(world.one, lambda: hire(3))
    run_in(world.one, lambda: seal_entries(utc_now()))
    run_in(world.one, lambda: hire(2))
    run_in(world.one, lambda: seal_entries(utc_now()))
    return run_in(world.one, lambda: list(session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id))))


def tamper(database: Database, *statements: str) -> None:
    """Do it as the owner of the tables, with the guards of the log taken away."""
    if database.settings()["DATABASE_OWNER_URL"]:
        engine = sa.create_engine(database.settings()["DATABASE_OWNER_URL"], poolclass=sa.NullPool)
        guards = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ("audit_entry", "audit_seal")]
    else:
        engine = sa.create_engine(f"sqlite:///{database.file}", poolclass=sa.NullPool)
        names = [f"{table}_no_{action}" for table in ("audit_entry", "audit_seal") for action in ("update", "delete")]
        guards = [f"DROP TRIGGER {name}" for name in names]
    with engine.begin() as connection:
        for statement in (*guards, *statements):
            connection.exec_driver_sql(statement)


def verify(world: Any) -> Any:
    """Run the command."""
    from app.cli.audit_commands import audit

    return world.app.test_cli_runner().invoke(audit, ["verify"])


@pytest.mark.rule("S:CORE-07")
def test_what_nobody_touched_is_whole(world: Any, run_in: Run, sealed: list[int]) -> None:
    run_in(world.one, lambda: hire(4))

    found = run_in(world.one, verify_entries)
    answer = verify(world)

    assert (found.seals, found.entries, found.unsealed, found.broken) == (2, len(sealed), 4, None)
    assert answer.exit_code == 0
    assert f"one: {len(sealed)} entries in 2 seals; 4 not sealed yet, the oldest of " in answer.output


@pytest.mark.rule("S:CORE-07")
def test_the_first_entry_that_the_owner_changed_is_named(world: Any, sealed: list[int], database: Database) -> None:
    changed = sealed[-2:]
    tamper(database, *(f"UPDATE audit_entry SET user_id = NULL, ip = '192.0.2.9' WHERE id = {key}" for key in changed))

    answer = verify(world)

    assert answer.exit_code == 1
    assert f"one: BROKEN at entry {changed[0]} (seal 2): changed" in answer.output
    assert "two: BROKEN" not in answer.output


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM audit_entry WHERE id = {first}", "entry {first} (seal 1): deleted"),
        ("UPDATE audit_entry SET changes = '{{}}' WHERE id = {first}", "entry {first} (seal 1): changed"),
        ("UPDATE audit_seal SET entries = '[]' WHERE number = 2", "seal 2: changed"),
        ("DELETE FROM audit_seal WHERE number = 1", "seal 1: missing, or not the successor of the one before"),
    ],
)
def test_every_way_to_tamper_is_found(
    world: Any, run_in: Run, sealed: list[int], database: Database, statement: str, words: str
) -> None:
    tamper(database, statement.format(first=sealed[0]))

    assert run_in(world.one, verify_entries).broken == words.format(first=sealed[0])


def test_an_entry_slipped_in_afterwards_is_found(
    world: Any, run_in: Run, sealed: list[int], database: Database
) -> None:
    columns = "company_id, user_id, table_name, record_id, action, changes, ip, request_id"
    long_ago = (
        "'2020-01-01 00:00:00+00'" if database.settings()["DATABASE_OWNER_URL"] else "'2020-01-01 00:00:00.000000'"
    )
    tamper(
        database,
        f"INSERT INTO audit_entry (id, at, {columns}) SELECT 0, {long_ago}, {columns} FROM audit_entry "
        f"WHERE id = {sealed[0]}",
    )

    assert run_in(world.one, verify_entries).broken == "entry 0: inserted afterwards"


def test_sealing_again_adds_nothing(world: Any, run_in: Run, sealed: list[int]) -> None:
    run_in(world.one, lambda: seal_entries(utc_now() + LATER))

    assert run_in(world.one, lambda: session.scalar(sa.select(sa.func.count(AuditSeal.id)))) == 2


def test_many_entries_are_sealed_in_batches(world: Any, run_in: Run, sealed: list[int]) -> None:
    run_in(world.one, lambda: hire(BATCH + 1))

    run_in(world.one, lambda: seal_entries(utc_now()))
    found = run_in(world.one, verify_entries)

    assert (found.seals, found.entries, found.unsealed, found.broken) == (4, len(sealed) + BATCH + 1, 0, None)


def test_an_entry_committed_late_with_a_lower_id_is_sealed_with_the_next(
    world: Any, run_in: Run, sealed: list[int], database: Database
) -> None:
    columns = "company_id, at, user_id, table_name, record_id, action, changes, ip, request_id"
    tamper(
        database, f"INSERT INTO audit_entry (id, {columns}) SELECT 0, {columns} FROM audit_entry WHERE id = {sealed[0]}"
    )
    assert run_in(world.one, verify_entries).unsealed == 1

    run_in(world.one, lambda: seal_entries(utc_now() + LATER))

    found = run_in(world.one, verify_entries)
    assert (found.entries, found.unsealed, found.broken) == (len(sealed) + 1, 0, None)
