"""Backups by the clock and by the page: queued by the web process, made by the owner, and told of when they fail."""

import datetime as dt
import io
import zipfile

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.backups import list_files
from app.jobs.schedule import run_due
from app.release import create_backup, owner_engine, restore_backup
from app.release.maintenance import carry_out
from tests.app.release.emptying import make_empty
from tests.app.release.test_maintenance import enter, make_root_global

DAY = dt.timedelta(days=1)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def coming(hour, minute=0):
    """Return the next time of the company's clock: its schedule begins now, and nothing before is made up for."""
    now = dt.datetime.now(SHANGHAI)
    today = dt.datetime.combine(now.date(), dt.time(hour, minute), SHANGHAI)
    return (today if today > now else today + DAY).astimezone(dt.UTC)


@pytest.fixture
def two():
    """Two in the coming night, by the clock of the test: some run after midnight."""
    return coming(2)


@pytest.fixture
def engine(installation):
    made = owner_engine(installation.settings())
    make_root_global(made)
    yield made
    made.dispose()


def tick(installation, now):
    with installation.app.app_context():
        run_due(now)


def tasks(engine):
    return rows(engine, "SELECT kind, archive, state, error FROM jobs_maintenance_task ORDER BY id")


def rows(engine, statement):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def decide(installation, **values):
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import as_company, commit, session
    from app.parameters.platform_values import BACKUP_AT, BACKUP_KEEP

    with installation.app.app_context(), as_company(installation.facts["one"]):
        root = session.get_one(User, installation.facts["users"]["root"])
        for parameter in (BACKUP_AT, BACKUP_KEEP):
            if parameter.key in values:
                parameter.set(values[parameter.key], valid_from=dt.date(2025, 1, 1), actor=root)
        commit()


def break_writing(monkeypatch):
    def break_off(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.addon_loader.archive.os.fsync", break_off)


@pytest.mark.rule("S:CORE-16")
def test_one_backup_each_night_and_the_oldest_go(installation, engine, two):
    decide(installation, **{"core.backup_keep": 2})
    tick(installation, two - dt.timedelta(hours=3))  # The schedule begins: nights before it are not made up for.
    assert tasks(engine) == []
    tick(installation, two - dt.timedelta(minutes=10))
    assert tasks(engine) == []
    for night in range(3):
        now = two + night * DAY + dt.timedelta(minutes=1)
        tick(installation, now)
        tick(installation, now + dt.timedelta(minutes=7))
        assert [task[:3] for task in tasks(engine)] == [("backup", None, "done")] * night + [("backup", None, "queued")]
        assert carry_out(**installation.settings()) == 1
        tick(installation, now + dt.timedelta(hours=20))
        assert len(tasks(engine)) == night + 1

    newest = list_files(installation.folder / "data")
    kept = rows(engine, "SELECT file, ok FROM backups_run ORDER BY id")
    assert [name for name, _ok in kept[1:]] == [path.name for path in reversed(newest)]
    assert [ok for _name, ok in kept] == [True, True, True]


@pytest.mark.rule("S:CORE-16")
def test_the_time_is_that_of_the_first_company_and_a_missed_night_is_made_up_for(installation, engine):
    decide(installation, **{"core.backup_at": "23:30"})
    evening = coming(23, 30)
    tick(installation, evening - dt.timedelta(minutes=30))
    assert tasks(engine) == []
    tick(installation, evening + dt.timedelta(hours=6))
    assert len(tasks(engine)) == 1  # 23:30 of the evening before.
    assert carry_out(**installation.settings()) == 1
    tick(installation, evening + 3 * DAY)
    assert len(tasks(engine)) == 2


def test_a_time_that_is_none_is_refused(installation, engine):
    from app.errors import ValidationError

    for time in ("25:00", "2:00", "02:60", "noon"):
        with pytest.raises(ValidationError, match="must be written like 02:00"):
            decide(installation, **{"core.backup_at": time})
    assert rows_of_all(engine, "SELECT key FROM parameters_value WHERE key = 'core.backup_at'") == []


@pytest.mark.rule("S:CORE-16")
def test_a_failed_run_alerts_the_administrators(installation, engine, monkeypatch, two):
    tick(installation, two - dt.timedelta(hours=3))
    tick(installation, two)
    break_writing(monkeypatch)
    assert carry_out(**installation.settings()) == 1

    assert tasks(engine) == [("backup", None, "failed", "No space left on device")]
    assert list_files(installation.folder / "data") == []
    notices = "SELECT user_id, company_id, kind, text FROM notices_notice"
    told = (installation.facts["users"]["root"], installation.facts["one"])
    assert rows_of_all(engine, notices) == [(*told, "backups.failed", "The backup failed: %(reason)s")]
    client = enter(installation, "root")
    assert "The backup failed: No space left on device" in client.get("/notices/").text
    page = client.get("/backups/").text
    assert "No space left on device" in page
    assert "tone-red" in client.get("/apps/").text


def rows_of_all(engine, statement):
    from app.database.row_security import read_every_company

    with engine.begin() as connection:
        read_every_company(connection)
        return [tuple(row) for row in connection.execute(sa.text(statement))]


@pytest.mark.rule("S:CORE-16")
def test_a_failure_is_mailed_too(installation, engine, monkeypatch):
    monkeypatch.setenv("ZHANGGUI_SMTP_HOST", "mail.example.test")
    monkeypatch.setenv("ZHANGGUI_SMTP_SENDER", "office@example.test")
    sent = []
    monkeypatch.setattr("app.notices.mail.send_letter", lambda letter: sent.append((letter.to, letter.subject)))
    break_writing(monkeypatch)
    client = enter(installation, "root")
    assert client.post("/backups/").status_code == 302
    assert carry_out(**installation.settings()) == 1
    assert sent == [("root@example.test", "[One Homes] 备份失败：No space left on device")]


def test_a_backup_that_nobody_makes_or_whose_process_died_has_failed(installation, engine, two):
    tick(installation, two - dt.timedelta(hours=3))
    tick(installation, two)
    tick(installation, two + dt.timedelta(minutes=30))
    assert [state for _kind, _file, state, _error in tasks(engine)] == ["queued"]
    tick(installation, two + dt.timedelta(minutes=70))
    assert [state for _kind, _file, state, _error in tasks(engine)] == ["failed"]
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE jobs_maintenance_task SET state = 'running', started_at = requested_at"))
    assert carry_out(**installation.settings()) == 0
    assert [state for _kind, _file, state, _error in tasks(engine)] == ["failed"]
    assert [ok for (ok,) in rows(engine, "SELECT ok FROM backups_run")] == [False, False]
    assert len(rows_of_all(engine, "SELECT id FROM notices_notice")) == 2


@pytest.mark.rule("S:CORE-16")
def test_the_page_makes_checks_and_hands_out(installation, engine):
    client = enter(installation, "root")
    assert "There is no backup yet." in client.get("/backups/").text
    assert client.post("/backups/").status_code == 302
    again = client.post("/backups/")
    assert again.status_code == 409
    assert "Another backup, or the check of one, is not done yet." in again.text
    assert 'hx-trigger="every 2s"' in client.get("/backups/lines").text
    assert carry_out(**installation.settings()) == 1
    (path,) = list_files(installation.folder / "data")
    ((rows_in, size),) = rows(engine, "SELECT rows, size FROM backups_run")
    assert size == path.stat().st_size
    page = client.get("/backups/").text
    assert f"{rows_in:,}" in page
    count = '<span class="pill" id="backups-count"'
    assert f"{count}>1</span>" in page
    assert f'{count} hx-swap-oob="true">1</span>' in client.get("/backups/lines").text
    assert "Complete" in page
    assert "Root Test" in page

    assert client.post(f"/backups/{path.name}/check").status_code == 302
    assert carry_out(**installation.settings()) == 1
    assert tasks(engine)[1] == ("verify", path.name, "done", None)
    assert "Checked</span>" in client.get("/backups/").text
    with client.get(f"/backups/{path.name}") as answer:
        assert answer.data == path.read_bytes()
        assert zipfile.is_zipfile(io.BytesIO(answer.data))
    with client.get("/backups/export") as answer:
        sheet = load_workbook(io.BytesIO(answer.data)).active
        heads, line = list(sheet.iter_rows(values_only=True))[:2]
    assert (heads[1], heads[2], line[1], line[2], line[7]) == ("State", "Rows", "Checked", rows_in, path.name)
    kinds = [kind for (kind,) in rows(engine, "SELECT kind FROM audit_security_event ORDER BY id")]
    assert [kind for kind in kinds if kind.startswith(("backup.", "list."))] == [
        "backup.requested", "backup.made", "backup.check", "backup.checked", "backup.downloaded", "list.exported",
    ]  # fmt: skip


def test_what_was_queued_when_a_backup_was_made_is_closed_by_restoring_it(installation, engine):
    client = enter(installation, "root")
    assert client.post("/maintenance/install/market").status_code == 302
    assert client.post("/backups/").status_code == 302
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE jobs_maintenance_task SET state = 'running' WHERE kind = 'backup'"))
    path, _contents = create_backup(**installation.settings())
    make_empty(installation, engine)
    restore_backup(path, **installation.settings())

    closed = "The installation was restored from a backup meanwhile."
    assert tasks(engine) == [("install", None, "failed", closed), ("backup", None, "failed", closed)]
    assert carry_out(**installation.settings()) == 0
    assert rows_of_all(engine, "SELECT id FROM notices_notice") == []
    assert "Not recorded here" in enter(installation, "root").get("/backups/").text


@pytest.mark.rule("S:CORE-16")
def test_a_torn_file_is_found_by_the_check(installation, engine):
    path, _contents = create_backup(**installation.settings())
    path.write_bytes(path.read_bytes()[:-100])
    client = enter(installation, "root")
    assert client.post(f"/backups/{path.name}/check").status_code == 302
    assert carry_out(**installation.settings()) == 1
    assert tasks(engine) == [("verify", path.name, "failed", f"{path.name}: this is not a backup, or it is damaged")]
    assert "Damaged" in client.get("/backups/").text


@pytest.mark.rule("S:CORE-16")
def test_only_who_administers_the_platform_reaches_backups(installation, engine):
    path, _contents = create_backup(**installation.settings())
    (path.parent / "backup-note.txt").write_text("mine")
    client = enter(installation, "root")
    for name in ("backup-note.txt", "..%2Fsecrets.json", "backup-20200101T000000000000.zip"):
        assert client.get(f"/backups/{name}").status_code == 404, name
        assert client.post(f"/backups/{name}/check").status_code == 404, name
    with engine.begin() as connection:  # Admin in each company, but not of the platform.
        connection.execute(sa.text("DELETE FROM ab_user_role"))
    for username in ("ann", "root"):
        client = enter(installation, username)
        for address in ("", "lines", "export", path.name):
            assert client.get(f"/backups/{address}").status_code in (302, 403), address
        assert client.post("/backups/").status_code in (302, 403)
        assert client.post(f"/backups/{path.name}/check").status_code in (302, 403)
    assert "/backups/" not in client.get("/apps/").text
    assert tasks(engine) == []
