"""Every change of a company row is recorded, with both values, by whom and from where (S:CORE-07)."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from app.audit import AuditAction, AuditEntry, insert_rows, list_entries, record_bulk, set_origin
from app.database.columns import utc_now
from app.database.session import commit, db, session
from tests.app.jobs.notes import DummyNoise, DummyNote, DummyNoteLine, write_note

Run = Callable[..., Any]


@pytest.fixture
def entries(run_in: Run, world: SimpleNamespace) -> Run:
    """Return a function that reads (action, table, changes) of company one, in order."""

    def read() -> list[tuple[str, str, dict[str, Any]]]:
        columns = (AuditEntry.action, AuditEntry.table_name, AuditEntry.changes)
        return [tuple(row) for row in session.execute(sa.select(*columns).order_by(AuditEntry.id))]

    return lambda: run_in(world.one, read)


@pytest.fixture
def note_id(run_in: Run, world: SimpleNamespace) -> int:
    """A note of company one that ann wrote."""

    def add() -> int:
        note = DummyNote(text="old", amount=Decimal("100.00"), phone="13812345678", pin="1111")
        session.add(note)
        session.flush()
        return note.id

    found: int = run_in(world.one, add, user="ann")
    return found


@pytest.mark.rule("S:CORE-07")
def test_a_change_shows_both_values_who_when_and_from_where(run_in: Run, world: SimpleNamespace, note_id: int) -> None:
    def change() -> None:
        set_origin("192.0.2.7", "request-1")
        try:
            session.get_one(DummyNote, note_id).amount = Decimal("90.00")
            session.flush()
        finally:
            set_origin(None, None)

    run_in(world.one, change, user="bob")

    def read() -> list[tuple[Any, ...]]:
        return [
            (found.action, found.changes, found.user_id, found.ip, found.request_id, found.at)
            for found in list_entries("dummy_note", note_id)
        ]

    changed, inserted = run_in(world.one, read)
    assert changed[:-1] == (
        AuditAction.UPDATE,
        {"amount": ["100.00", "90.00"]},
        world.users["bob"],
        "192.0.2.7",
        "request-1",
    )
    assert inserted[2:-1] == (world.users["ann"], None, None)
    assert dt.timedelta(0) <= utc_now() - changed[-1] < dt.timedelta(minutes=1)
    assert run_in(world.two, lambda: list_entries("dummy_note", note_id)) == []


def test_secrets_are_never_written_down(run_in: Run, world: SimpleNamespace, note_id: int, entries: Run) -> None:
    def change() -> None:
        note = session.get_one(DummyNote, note_id)
        note.phone, note.pin = "13900000000", None

    run_in(world.one, change)

    assert entries() == [
        (
            AuditAction.INSERT,
            "dummy_note",
            {
                "text": [None, "old"],
                "amount": [None, "100.00"],
                "phone": [None, "•••"],
                "pin": [None, "•••"],
                "custom": [None, {}],
            },
        ),
        (AuditAction.UPDATE, "dummy_note", {"phone": ["•••", "•••"], "pin": ["•••", None]}),
    ]


def test_a_value_set_without_being_loaded_still_shows_the_old_one(
    run_in: Run, world: SimpleNamespace, note_id: int, entries: Run
) -> None:
    def change() -> None:
        note = session.get_one(DummyNote, note_id)
        session.expire(note)
        note.text = "new"

    run_in(world.one, change)

    assert entries()[1:] == [(AuditAction.UPDATE, "dummy_note", {"text": ["old", "new"]})]


def test_a_value_computed_by_the_database_is_read_back(
    run_in: Run, world: SimpleNamespace, note_id: int, entries: Run
) -> None:
    def change() -> None:
        session.get_one(DummyNote, note_id).text = DummyNote.text + "er"

    run_in(world.one, change)

    assert entries()[1:] == [(AuditAction.UPDATE, "dummy_note", {"text": ["old", "older"]})]


def test_setting_the_same_value_is_no_change(run_in: Run, world: SimpleNamespace, note_id: int, entries: Run) -> None:
    def change() -> None:
        note = session.get_one(DummyNote, note_id)
        note.text, note.amount = "old", Decimal(100)

    run_in(world.one, change)

    assert len(entries()) == 1


def test_a_deleted_row_and_its_orphans_leave_their_values(
    run_in: Run, world: SimpleNamespace, note_id: int, entries: Run
) -> None:
    def add_line() -> None:
        note = session.get_one(DummyNote, note_id)
        note.lines.append(DummyNoteLine(text="line"))

    def orphan() -> None:
        note = session.get_one(DummyNote, note_id)
        note.lines.clear()

    def delete() -> None:
        session.delete(session.get_one(DummyNote, note_id))

    for change in (add_line, orphan, delete):
        run_in(world.one, change)

    assert entries()[1:] == [
        (
            AuditAction.INSERT,
            "dummy_note_line",
            {"note_id": [None, note_id], "text": [None, "line"], "custom": [None, {}]},
        ),
        (
            AuditAction.DELETE,
            "dummy_note_line",
            {"note_id": [note_id, None], "text": ["line", None], "custom": [{}, None]},
        ),
        (
            AuditAction.DELETE,
            "dummy_note",
            {
                "text": ["old", None],
                "amount": ["100.00", None],
                "phone": ["•••", None],
                "pin": ["•••", None],
                "custom": [{}, None],
            },
        ),
    ]


def test_a_failed_flush_and_a_rollback_record_nothing(
    run_in: Run, world: SimpleNamespace, note_id: int, entries: Run
) -> None:
    def undone() -> None:
        savepoint = session.begin_nested()
        session.add_all([DummyNote(text="lost"), DummyNote(text=None)])
        with pytest.raises(IntegrityError):
            session.flush()
        savepoint.rollback()
        write_note("kept")

    run_in(world.one, undone)

    assert [changes["text"][1] for _action, _table, changes in entries()] == ["old", "kept"]


def test_technical_tables_are_left_out(run_in: Run, world: SimpleNamespace, entries: Run) -> None:
    run_in(world.one, lambda: session.add(DummyNoise(text="noise")))

    assert entries() == []


def test_an_update_statement_is_recorded_row_by_row(
    run_in: Run, world: SimpleNamespace, note_id: int, entries: Run
) -> None:
    def change() -> int:
        write_note("other")
        result = session.execute(
            sa.update(DummyNote).where(DummyNote.text == "old").values(text="new", amount=DummyNote.amount - 1)
        )
        return result.rowcount

    assert run_in(world.one, change) == 1
    assert run_in(world.two, change) == 0

    assert entries()[2:] == [
        (AuditAction.UPDATE, "dummy_note", {"text": ["old", "new"], "amount": ["100.00", "99.00"]})
    ]


def test_a_delete_statement_is_recorded_row_by_row(
    run_in: Run, world: SimpleNamespace, note_id: int, entries: Run
) -> None:
    run_in(world.one, lambda: write_note("other") and None)

    run_in(world.one, lambda: session.execute(sa.delete(DummyNote)) and None)

    assert [(action, changes["text"]) for action, _table, changes in entries()[2:]] == [
        (AuditAction.DELETE, ["old", None]),
        (AuditAction.DELETE, ["other", None]),
    ]


def test_bulk_inserts_are_recorded(run_in: Run, world: SimpleNamespace, entries: Run) -> None:
    def insert() -> list[tuple[int, str]]:
        ids = insert_rows(DummyNote, [{"text": text, "pin": "1"} for text in ("a", "b", "c")])
        return list(zip(ids, session.scalars(sa.select(DummyNote.text).order_by(DummyNote.id)), strict=True))

    inserted = run_in(world.one, insert)

    assert [text for _id, text in sorted(inserted)] == ["a", "b", "c"]
    assert [changes for _action, _table, changes in entries()] == [
        {"text": [None, text], "pin": [None, "•••"]} for text in ("a", "b", "c")
    ]
    assert run_in(world.one, lambda: [len(list_entries("dummy_note", record)) for record, _text in inserted]) == [1] * 3
    assert run_in(world.one, lambda: insert_rows(DummyNote, [])) == []


def test_rows_of_technical_tables_are_not_recorded_in_bulk(run_in: Run, world: SimpleNamespace, entries: Run) -> None:
    run_in(world.one, lambda: insert_rows(DummyNoise, [{"text": "noise"}]))
    run_in(world.one, lambda: record_bulk(DummyNoise, [{"id": 1, "text": "noise"}]))

    assert entries() == []


def test_a_transaction_writes_its_entries_in_one_statement(run_in: Run, world: SimpleNamespace, entries: Run) -> None:
    statements = []

    def count(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if "audit_entry" in statement:
            statements.append(statement)

    def write() -> None:
        event.listen(db.engine, "before_cursor_execute", count)
        for _time in range(2):
            session.add_all(DummyNote(text=str(number)) for number in range(25))
            session.flush()
        assert not statements
        commit()
        event.remove(db.engine, "before_cursor_execute", count)

    run_in(world.one, write)

    assert len(statements) == 1
    assert len(entries()) == 50
