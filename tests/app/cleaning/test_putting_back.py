"""Putting cleaned records back: by a job, as they were, once, all or none, and only while the archive is kept."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.cleaning.steps import REST, RUNS, confirm, numbers, preview, put_back, rows
from tests.app.crud.orders import add, add_many, shown

Login = Callable[..., FlaskClient]


def test_what_was_deleted_is_put_back_as_it_was(root: FlaskClient, world: Any, run_in: Any) -> None:
    add(root, **{"lines-0-item": "Chair", "lines-0-quantity": "2", "lines-1-item": "Desk", "lines-1-quantity": "1"})
    add_many(run_in, world.one, range(3))
    tables = ("market_order", "market_line", "search_token")
    before = [rows(world, run_in, table) for table in tables]
    assert confirm(root, preview(root), 4).status_code == 302
    assert rows(world, run_in, "market_line") == []

    page = put_back(root)

    assert (">Done<" in page, "<b>4</b>put back" in page) == (True, True)
    assert [rows(world, run_in, table) for table in tables] == before
    assert shown(root)["number"] == "A-1"
    assert root.get(f"{REST}/1").json["result"]["state"] == "put_back"
    again = root.post(f"{RUNS}/transition/put_back/1")
    assert again.status_code == 422
    assert len(numbers(world, run_in)) == 4


def test_attached_files_go_and_come_back(root: FlaskClient, world: Any, run_in: Any, data_folder: Path) -> None:
    from app.cleaning.parts import attachments_of
    from app.database.session import session
    from app.documents.attachments import attach_file
    from app.documents.references import ref_of

    add_many(run_in, world.one, range(1))
    from flask_appbuilder.security.sqla.models import User

    from addons.market.models import Order

    def attach() -> None:
        actor = session.get_one(User, world.users["root"])
        ref = ref_of(session.get_one(Order, 1), "market.Order")
        now = dt.datetime.now(dt.UTC)
        attach_file(ref, name="note.txt", stream=io.BytesIO(b"hello"), actor=actor, now=now, today=now.date())

    def names() -> list[str]:
        return run_in(world.one, lambda: [one.name for one in attachments_of("market.Order", 1)])

    run_in(world.one, attach)
    (path,) = [one for one in (data_folder / "attachments").rglob("*") if one.is_file()]
    assert confirm(root, preview(root), 1).status_code == 302
    assert not path.exists()
    assert names() == []

    put_back(root)

    assert path.read_bytes() == b"hello"
    assert names() == ["note.txt"]


def test_a_value_taken_meanwhile_stops_putting_back(root: FlaskClient, world: Any, run_in: Any) -> None:
    add_many(run_in, world.one, range(2))
    assert confirm(root, preview(root), 2).status_code == 302
    add_many(run_in, world.one, range(1, 2))

    assert "this value is already taken" in put_back(root)
    assert numbers(world, run_in) == ["N-0001"]
    assert root.get(f"{REST}/1").json["result"]["state"] == "cleaned"


def test_the_archive_is_removed_in_time(root: FlaskClient, world: Any, run_in: Any, data_folder: Path) -> None:
    from app.cleaning.putting_back import delete_old_archives

    add_many(run_in, world.one, range(2))
    assert confirm(root, preview(root), 2).status_code == 302
    kept = data_folder / "archives" / "cleaning" / str(world.one)
    (file,) = kept.iterdir()
    (kept / "clean-99.zip").touch()
    assert oct(file.stat().st_mode)[-3:] == "600"
    now = dt.datetime.now(dt.UTC)
    run_in(world.one, lambda: delete_old_archives(now + dt.timedelta(days=89)))
    assert file.exists()

    run_in(world.one, lambda: delete_old_archives(now + dt.timedelta(days=92)))

    assert list(kept.iterdir()) == []
    refused = root.post(f"{RUNS}/transition/put_back/1")
    assert (refused.status_code, "There is no archive of it any more." in refused.text) == (422, True)


def test_records_come_back_once_however_often_it_is_pressed(
    root: FlaskClient, world: Any, run_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.jobs import queue, run_job

    add_many(run_in, world.one, range(2))
    assert confirm(root, preview(root), 2).status_code == 302
    waiting: list[dict[str, int]] = []
    monkeypatch.setattr(queue, "dispatch", lambda _name, **arguments: waiting.append(arguments))

    begun = root.post(f"{RUNS}/transition/put_back/1")
    assert (begun.status_code, begun.location) == (302, f"/jobs/{waiting[0]['job_id']}")
    assert "Begun: Put back" in root.get(begun.location).text
    again = root.post(f"{RUNS}/transition/put_back/1")
    assert (again.status_code, "A job is putting these records back." in again.text) == (422, True)
    assert (len(waiting), numbers(world, run_in)) == (1, [])

    with world.app.app_context():
        run_job(**waiting[0])
    assert numbers(world, run_in) == ["N-0000", "N-0001"]


def test_whoever_lost_the_right_meanwhile_puts_nothing_back(root: FlaskClient, world: Any, run_in: Any) -> None:
    from flask_appbuilder.security.sqla.models import User

    from app.cleaning.putting_back import JOB
    from app.database.session import session
    from app.jobs import Job, enqueue

    add_many(run_in, world.one, range(2))
    assert confirm(root, preview(root), 2).status_code == 302

    job = run_in(world.one, lambda: enqueue(JOB, actor=session.get_one(User, world.users["bea"]), run=1))

    kept = run_in(world.one, lambda: session.get_one(Job, job.id))
    assert (kept.state.value, kept.details["error"]) == ("failed", "security.refused")
    assert numbers(world, run_in) == []
    assert root.get(f"{REST}/1").json["result"]["state"] == "cleaned"


def test_a_damaged_archive_puts_nothing_back(root: FlaskClient, world: Any, run_in: Any, data_folder: Path) -> None:
    add_many(run_in, world.one, range(2))
    assert confirm(root, preview(root), 2).status_code == 302
    (file,) = (data_folder / "archives" / "cleaning" / str(world.one)).iterdir()
    file.write_bytes(file.read_bytes()[:-40])

    assert "missing or damaged" in put_back(root)
    assert numbers(world, run_in) == []
