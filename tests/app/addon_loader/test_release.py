"""From an empty database to a running one by the command line, and again after the code has changed."""

import logging
import os
import re
import subprocess
import sys

import pytest
import sqlalchemy as sa

from app.addon_loader.discovery import find_addons
from app.addon_loader.installation import installed, revisions
from app.addon_loader.migrations import Migrator
from app.errors import ConfigurationError
from app.factory import create_app
from app.release import owner_engine, release
from app.release.lock import LOCK
from tests.architecture.source import ROOT

COMMAND = (sys.executable, "-m", "flask", "--app", "app.cli:create_app")


@pytest.fixture
def engine(empty):
    """Look at the empty database as its owner."""
    made = owner_engine(empty.settings())
    yield made
    made.dispose()


def contents(engine):
    """Return the columns and the number of rows of every table."""
    inspector = sa.inspect(engine)
    with engine.connect() as connection:
        return {
            table: (
                [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)],
                connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))),
            )
            for table in inspector.get_table_names()
        }


def open_company(app, code):
    from app.companies.opening import open_company as open_one
    from app.database.session import commit
    from tests.world import FIRST_DAY

    with app.app_context():
        open_one(code.title(), code=code, on=FIRST_DAY)
        commit()


def test_installing_upgrading_and_switching_from_the_command_line(flask, empty, engine, caplog):
    assert re.search(r"^visits +1\.0\.0 +- ", flask("addon", "list").output, re.MULTILINE)
    assert "The database is empty: run `flask release` first" in flask("db", "check", fails=True).output
    assert flask("release").output == "The database is up to date.\n"
    assert "flask fab" not in caplog.text, "The framework's command would make a user whom no company knows."
    assert set(revisions(engine)) == {"platform"}
    flask("addon", "install", "bonus")
    assert set(revisions(engine)) == {"platform", "visits", "bonus"}
    assert re.search(r"^bonus +1\.0\.0 +installed ", flask("addon", "list").output, re.MULTILINE)

    before = contents(engine)
    flask("addon", "install", "visits", "bonus")
    assert contents(engine) == before
    flask("db", "check")

    app = create_app(**empty.settings())
    open_company(app, "one")
    enabled = flask("addon", "enable", "bonus", "--company", "one")
    assert enabled.output == "One: bonus, visits\n"
    refused = flask("addon", "disable", "visits", "--company", "one", fails=True)
    assert "bonus needs visits" in refused.output
    assert flask("addon", "disable", "bonus", "--company", "one").output == "One: visits\n"
    for words, problem in (
        (("addon", "enable", "visits", "--company", "nosuch"), "No company 'nosuch'."),
        (("addon", "enable", "nosuch", "--company", "one"), "No installed add-on 'nosuch'."),
        (("addon", "install", "nosuch"), "no add-on 'nosuch'; there are "),
    ):
        assert problem in flask(*words, fails=True).output
    assert broken_references(engine) == []


MODEL = '''"""Tables of drafts."""

from sqlalchemy.orm import Mapped

from app.sdk.models import CompanyModel, reference


class Draft(CompanyModel):
    """A draft."""

    __tablename__ = "drafts_draft"

    visit_id: Mapped[int] = reference("visits_visit")
    title: Mapped[str]
'''


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_the_first_migration_of_a_new_addon_is_written_for_its_author(addons, engine, environment):
    addons.addon("drafts", depends=("visits",), setup="addon.add_models(models.Draft)")
    addons.write("drafts", "models.py", MODEL)
    file = addons.path / "drafts/addon.py"
    file.write_text("from addons.drafts import models\n" + file.read_text("utf-8"), "utf-8")
    revision = ("db", "revision", "drafts", "--message", "first tables", "--id", "drafts_0001")
    for words, output in (
        (("addon", "install", "visits"), "Installed: visits."),
        (revision, ""),
        (("addon", "install", "drafts"), "Installed: drafts."),
        (("db", "check"), "drafts: models and migrations are equal"),
    ):
        # In processes of their own, so that the table is not there for other tests.
        ran = subprocess.run(
            COMMAND + words, check=False, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
        )
        assert output in ran.stdout + ran.stderr, ran.stderr
        assert ran.returncode == 0, ran.stderr
    assert "drafts_draft" in contents(engine)


def broken_references(engine):
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        return list(connection.exec_driver_sql("PRAGMA foreign_key_check"))


def test_the_demonstration_is_made_once(flask, engine):
    first = flask("demo").output
    before = contents(engine)
    assert first.count("\n") > 5
    assert "admin" in first
    assert flask("demo").output == first
    assert contents(engine) == before
    assert broken_references(engine) == []
    flask("db", "check")


def test_two_releases_at_once_wait_for_each_other(empty, engine, environment):
    with _holding_the_lock(empty, engine):
        running = [_start_release(environment) for _ in "ab"]
        for process in running:
            assert "Another release is running; waiting for it" in process.stderr.readline()
        assert revisions(engine) == {}
    for process in running:
        _out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert set(revisions(engine)) == {"platform"}


def _holding_the_lock(empty, engine):
    from app.release.lock import one_at_a_time

    return one_at_a_time(engine, empty.settings())


def _start_release(environment):
    return subprocess.Popen(
        (*COMMAND, "release"),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_release_that_dies_leaves_no_lock(empty, engine):
    with pytest.raises(RuntimeError), _holding_the_lock(empty, engine):
        raise RuntimeError
    with _holding_the_lock(empty, engine):
        pass
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            locks = connection.scalar(
                sa.text(
                    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
                    "WHERE datname = current_database() AND locktype = 'advisory' AND objid = :low"
                ),
                {"low": LOCK & 0xFFFFFFFF},
            )
        assert locks == 0


def test_a_database_older_than_the_code_stops_the_start(empty, addons, flask):
    addons.addon("older")
    addons.migration("older", 1)
    release(["older"], **empty.settings())
    addons.migration("older", 2)
    with pytest.raises(
        ConfigurationError, match="older is at 'older_0001', and this code needs older_0002: run `flask"
    ):
        create_app(**empty.settings())
    assert "run `flask release`" in flask("addon", "list", fails=True).output
    flask("release")
    create_app(**empty.settings())


def test_a_database_newer_than_the_code_stops_the_start(empty, engine, addons, flask):
    addons.addon("newer")
    addons.migration("newer", 1)
    release(["newer"], **empty.settings())
    for owner in ("newer", "platform"):
        with engine.begin() as connection:
            connection.execute(sa.text(f"UPDATE alembic_version_{owner} SET version_num = '{owner}_9999'"))
        with pytest.raises(ConfigurationError, match=f"{owner} is at '{owner}_9999', which this code does not know"):
            create_app(**empty.settings())
    assert "start the newer code" in flask("release", fails=True).output


def test_an_empty_database_starts_and_says_what_to_do(empty, caplog):
    create_app(**empty.settings())
    assert "The database is empty: run `flask release`" in caplog.messages


def test_an_addon_whose_files_are_gone_is_named_and_its_data_kept(empty, engine, addons, flask, caplog):
    addons.addon("gone")
    addons.migration("gone", 1)
    release(["gone"], **empty.settings())
    (addons.path / "gone").rename(addons.path.parent / "elsewhere")
    caplog.clear()
    create_app(**empty.settings())
    assert [
        record.levelno
        for record in caplog.records
        if "'gone' is installed, but its files are missing" in record.getMessage()
    ] == [logging.WARNING]
    assert re.search(r"^gone .*files missing", flask("addon", "list").output, re.MULTILINE)
    flask("release")
    assert "gone_thing_1" in contents(engine)
    assert revisions(engine)["gone"] == "gone_0001"
    (addons.path.parent / "elsewhere").rename(addons.path / "gone")
    assert "gone" in create_app(**empty.settings()).extensions["manifests"]


@pytest.fixture
def migrator(empty, engine, addons):
    """Return a function that reads the folders anew, and gives what migrates their add-ons."""
    return lambda: Migrator(engine, find_addons([str(addons.path)]))


def test_a_migration_waits_for_what_it_requires(addons, migrator, engine):
    addons.addon("lower")
    addons.migration("lower", 1)
    addons.addon("upper", depends=("lower",))
    addons.migration("upper", 1, requires={"lower": "lower_0001", "platform": "platform_0001"})
    migrator().upgrade(["upper"])
    assert revisions(engine)["upper"] == "upper_0001"
    addons.migration("upper", 2, requires={"lower": "lower_0002"})
    with pytest.raises(
        ConfigurationError,
        match=(r"upper_0002\.py: requires: lower has no revision 'lower_0002'; its files are older than upper needs"),
    ):
        migrator().upgrade(["upper"])
    assert revisions(engine)["upper"] == "upper_0001"
    addons.migration("lower", 2)
    migrator().upgrade(["upper"])
    assert (revisions(engine)["lower"], revisions(engine)["upper"]) == ("lower_0002", "upper_0002")


def test_a_migration_cannot_require_what_its_addon_does_not_depend_on(addons, migrator, engine):
    addons.addon("lower")
    addons.migration("lower", 1)
    addons.addon("upper")
    addons.migration("upper", 1, requires={"lower": "lower_0001"})
    with pytest.raises(ConfigurationError, match=r"upper_0001\.py: requires: upper does not depend on 'lower'; add it"):
        migrator().upgrade(["upper"])
    assert installed(engine, migrator().manifests) == []


def test_what_an_optional_dependency_must_have_is_required_where_it_is_installed(addons, migrator, engine):
    addons.addon("lower")
    addons.migration("lower", 1)
    addons.addon("upper", more=', "optional_depends": ["lower"]')
    addons.migration("upper", 1, requires={"lower": "lower_0001"})
    migrator().upgrade(["upper"])
    assert installed(engine, migrator().manifests) == ["upper"]
    migrator().upgrade(["lower"])
    addons.migration("lower", 2)
    addons.migration("upper", 2, requires={"lower": "lower_0002"})
    with pytest.raises(ConfigurationError, match="lower must be at 'lower_0002' or later first: run `flask release`"):
        migrator().upgrade(["upper"])
    migrator().upgrade(["upper", "lower"])
    assert installed(engine, migrator().manifests) == ["lower", "upper"]


def test_tables_that_others_stand_on_are_not_dropped(addons, migrator, engine):
    addons.addon("lower")
    addons.migration("lower", 1)
    addons.addon("upper", depends=("lower",))
    addons.migration("upper", 1)
    migrator().upgrade(["upper"])
    before = contents(engine)
    for owner, above in (("lower", "upper"), ("platform", "lower, upper")):
        with pytest.raises(ConfigurationError, match=f"{owner}: its tables are needed by {above}"):
            migrator().downgrade(owner, "base")
    assert contents(engine) == before
    migrator().downgrade("upper", "base")
    migrator().downgrade("lower", "base")
    assert installed(engine, migrator().manifests) == []


def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(addons, migrator, engine):
    if engine.dialect.name != "sqlite":  # PostgreSQL keeps foreign keys on during migrations.
        return
    addons.addon("loose")
    addons.migration("loose", 1)
    migrator().upgrade(["loose"])
    addons.migration("loose", 2)
    file = addons.path / "loose/migrations/versions/loose_0002.py"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace(
            "primary_key=True))",
            'sa.ForeignKey("loose_thing_1.id"), primary_key=True))\n'
            '    op.execute("INSERT INTO loose_thing_2 VALUES (7)")',
        ),
        "utf-8",
    )
    with pytest.raises(RuntimeError, match="the migration leaves rows that point nowhere"):
        migrator().upgrade(["loose"])
    assert revisions(engine)["loose"] == "loose_0001"
    assert "loose_thing_2" not in contents(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
