"""`flask backup` and `flask db copy`: what an operator types, and what he is told."""

import pytest
import sqlalchemy as sa

from app.addon_loader.archive import ArchiveReader, BackupContents
from app.backups import list_files
from app.release import owner_engine
from tests.app.release.emptying import make_empty, told_rows


@pytest.fixture
def engine(installation):
    made = owner_engine(installation.settings())
    yield made
    made.dispose()


@pytest.mark.rule("S:CORE-16")
def test_create_list_verify_and_restore(installation, engine, flask):
    data = installation.folder / "data"
    before = told_rows(engine)
    written = flask("backup", "create").output
    (path,) = list_files(data)
    with ArchiveReader(path, BackupContents) as backup:
        rows = f"{backup.contents.rows:,}"
    assert f"Written: {path}" in written
    assert f"{rows} rows in {len(before)} tables, 0 files" in written
    assert path.name in flask("backup", "list").output
    assert f"{path.name}: whole; {rows} rows, 0 files" in flask("backup", "verify").output
    assert "There is no such backup." in flask("backup", "verify", "nosuch.zip", fails=True).output

    refused = flask("backup", "restore", path.name, "--yes", fails=True)
    assert "is not empty" in refused.output
    make_empty(installation, engine)
    flask("backup", "restore", path.name, answer="n\n", fails=True)
    assert sa.inspect(engine).get_table_names() == []
    restored = flask("backup", "restore", str(path), answer="y\n").output
    assert f"Restored: every table has as many rows as the backup, {rows} in all, with equal checksums." in restored
    assert told_rows(engine) == before

    path.with_name("backup-20260101T000000000000.zip").write_bytes(path.read_bytes()[:-1])
    damaged = flask("backup", "verify", fails=True)
    assert "backup-20260101T000000000000.zip: this is not a backup, or it is damaged" in damaged.output
    assert "1 of 2 backups are damaged" in damaged.output


def test_what_cannot_be_done_is_said_in_one_line(installation, engine, flask, tmp_path):
    target = f"sqlite:///{tmp_path}/copy.sqlite"
    source = engine.url.render_as_string(hide_password=False)
    copied = flask("db", "copy", "--from", source, "--to", target).output
    before = told_rows(engine)
    assert f"Copied: {sum(map(len, before.values())):,} rows in {len(before)} tables, with equal numbers" in copied
    made = sa.create_engine(target)
    assert told_rows(made) == before
    made.dispose()
    again = flask("db", "copy", "--from", source, "--to", target, fails=True).output
    assert f"is not empty: it has {len(before)} tables" in again
    make_empty(installation, engine)
    assert "the database is empty: there is nothing to read" in flask("backup", "create", fails=True).output
