"""Backups of the whole installation: what is in them, what is refused, and that a restored one has every row."""

import json
import zipfile

import pytest
import sqlalchemy as sa

from app.addon_loader.manifest import PLATFORM_VERSION
from app.backups import list_files
from app.errors import ConfigurationError
from app.factory import create_app
from app.release import check_backup, create_backup, owner_engine, restore_backup
from tests.app.release.emptying import add_customer, make_empty, next_id, told_rows
from tests.world import PASSWORD

PHONE = "13800001111"


@pytest.fixture
def engine(installation):
    made = owner_engine(installation.settings())
    yield made
    made.dispose()


@pytest.fixture
def folder(installation):
    """The data folder, with an attached file, and the whole and the half work of jobs in it."""
    data = installation.folder / "data"
    for name, content in (
        ("attachments/1/ab/abcdef", b"\x00picture\xff"),
        ("jobs/7/list.xlsx", b"sheet"),
        ("jobs/8/half.part", b"half"),
        ("uploads/1/list.xlsx", b"gone by tomorrow"),
    ):
        (data / name).parent.mkdir(parents=True)
        (data / name).write_bytes(content)
    return data


@pytest.mark.rule("S:CORE-16")
def test_a_restored_backup_has_equal_row_counts_and_works(installation, engine, folder):
    customer = add_customer(installation, PHONE)
    assert (next_id(engine, kept=True), next_id(engine, kept=False)) == (1, 2)
    before = told_rows(engine)
    path, contents = create_backup(**installation.settings())
    assert {table.name: table.rows for table in contents.tables} == {name: len(rows) for name, rows in before.items()}
    assert contents.rows == sum(map(len, before.values())) > 500
    assert contents.versions == {"platform": PLATFORM_VERSION, "bonus": "1.0.0", "visits": "1.0.0"}
    assert sorted(file.path for file in contents.files) == ["attachments/1/ab/abcdef", "jobs/7/list.xlsx"]

    make_empty(installation, engine)
    (folder / "attachments/1/ab/abcdef").unlink()
    assert restore_backup(path, **installation.settings()) == contents

    assert told_rows(engine) == before
    assert next_id(engine, kept=False) == 3  # Of a row that is gone, no id is given again.
    assert (folder / "attachments/1/ab/abcdef").read_bytes() == b"\x00picture\xff"
    app = create_app(**installation.settings())
    login = app.test_client().post("/login/", data={"username": "ann", "password": PASSWORD})
    assert login.status_code == 302
    with engine.begin() as connection, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        connection.execute(sa.text("DELETE FROM audit_security_event"))
    assert add_customer(installation, "13900002222", app) == customer + 1


@pytest.mark.rule("S:CORE-16")
def test_only_this_systems_user_may_read_a_backup_and_no_number_is_plain_in_it(installation, engine, folder):
    add_customer(installation, PHONE)
    path, contents = create_backup(**installation.settings())
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with zipfile.ZipFile(path) as backup:
        texts = [backup.read(name) for name in backup.namelist()]
        points = backup.read("tables/masterdata_partner_point.jsonl").decode()
        about = json.loads(backup.read("archive.json"))
    assert not any(PHONE.encode() in text for text in texts)
    assert f'"{contents.key_id}:' in points
    key = installation.settings()["PERSONAL_DATA_KEY"].encode()
    assert not any(key in text for text in texts)
    assert about["revisions"]["platform"] == contents.revisions["platform"]
    assert all(len(table["sha256"]) == 64 for table in about["tables"])


@pytest.mark.rule("S:CORE-16")
def test_a_torn_or_changed_backup_is_found_and_not_restored(installation, engine, folder):
    path, _contents = create_backup(**installation.settings())
    check_backup(path)
    make_empty(installation, engine)
    whole = path.read_bytes()
    torn = path.with_name("torn.zip")

    def refuse(message):
        for call in (check_backup, lambda file: restore_backup(file, **installation.settings())):
            with pytest.raises(ConfigurationError, match=message):
                call(torn)
        assert sa.inspect(engine).get_table_names() == []

    torn.write_bytes(whole[: len(whole) // 2])
    refuse(r"torn\.zip: this is not a backup, or it is damaged")
    with zipfile.ZipFile(path) as backup:
        start = backup.getinfo("tables/ab_user.jsonl").header_offset + 80
    torn.write_bytes(whole[:start] + bytes(byte ^ 0xFF for byte in whole[start : start + 8]) + whole[start + 8 :])
    refuse(r"torn\.zip: tables/ab_user\.jsonl is missing or damaged")
    rewrite_bytes(path, torn, {"tables/ab_user.jsonl": lambda text: text.replace(b"ann", b"eva")})
    refuse(r"the checksum of tables/ab_user\.jsonl differs")
    rewrite_bytes(path, torn, {"files/jobs/7/list.xlsx": lambda _text: b"other"})
    refuse(r"the checksum of files/jobs/7/list\.xlsx differs")


@pytest.mark.rule("S:CORE-16")
def test_a_backup_that_does_not_fit_is_refused(installation, engine, folder):
    path, contents = create_backup(**installation.settings())
    changed = path.with_name("changed.zip")
    before = told_rows(engine)

    with pytest.raises(ConfigurationError, match=r"is not empty: it has \d+ tables"):
        restore_backup(path, **installation.settings())
    assert told_rows(engine) == before
    make_empty(installation, engine)

    def refuse(message, old, new, **settings):
        rewrite_bytes(path, changed, {"archive.json": lambda text: text.replace(old.encode(), new.encode())})
        with pytest.raises(ConfigurationError, match=message):
            restore_backup(changed, **{**installation.settings(), **settings})
        assert sa.inspect(engine).get_table_names() == []

    newest = contents.revisions["platform"]
    refuse("and this code is older", f'"platform": "{newest}"', '"platform": "platform_9999"')
    refuse("and this code is older", '"visits": "1.0.0"', '"visits": "1.0.1"')
    refuse("and this code is newer", f'"platform": "{newest}"', '"platform": "platform_0013"')
    refuse("it has rows of shop 1.0.0, whose files are missing", '"visits": "', '"shop": "')
    refuse("need another PERSONAL_DATA_KEY", "x", "x", PERSONAL_DATA_KEY="another key " * 4)
    refuse("nothing was kept|the checksum", '"rows": 2,', '"rows": 3,')


def test_a_backup_that_fails_leaves_nothing_and_the_ones_before(installation, engine, folder, monkeypatch):
    path, _contents = create_backup(**installation.settings())
    (path.parent / "backup-20200101T000000000000.part").write_bytes(b"of a process that was stopped")

    def break_off(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.addon_loader.archive.os.fsync", break_off)
    with pytest.raises(ConfigurationError, match="No space left on device"):
        create_backup(**installation.settings())
    assert list(path.parent.iterdir()) == [path]
    with engine.connect() as connection:
        runs = connection.execute(sa.text("SELECT file, ok, error FROM backups_run ORDER BY id")).all()
    assert [tuple(run) for run in runs] == [(path.name, True, None), (None, False, "No space left on device")]
    assert list_files(folder) == [path]


def test_rows_that_the_database_refuses_leave_it_empty(installation, engine, folder, monkeypatch):
    path, _contents = create_backup(**installation.settings())
    make_empty(installation, engine)
    monkeypatch.setattr("app.release.filling.protect_audit", lambda _connection: 1 / 0)
    (folder / "attachments/1/ab/abcdef").unlink()
    with pytest.raises(ZeroDivisionError):
        restore_backup(path, **installation.settings())
    assert sa.inspect(engine).get_table_names() == []
    assert not (folder / "attachments/1/ab/abcdef").exists()


def rewrite_bytes(source, target, changes):
    """Write a backup again with some of its members changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            new.writestr(member, changes.get(member, lambda content: content)(old.read(member)))
