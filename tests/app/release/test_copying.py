"""Copying a whole database, from SQLite to PostgreSQL and back: the same rows, ids and checksums, or nothing."""

import hashlib

import pytest
import sqlalchemy as sa

from app.errors import ConfigurationError
from app.factory import create_app
from app.release import copy_database, create_backup, owner_engine, release, restore_backup
from tests.app.release.emptying import add_customer, next_id, told_rows
from tests.conftest import ADDONS_PATH
from tests.databases import APP, OWNER
from tests.empty_database import EmptyPostgres
from tests.world import PASSWORD

pytestmark = pytest.mark.needs("postgresql")


class TargetPostgres(EmptyPostgres):
    """A database beside the one that is copied."""

    @property
    def name(self):
        """Its name."""
        return f"{super().name}_target"


@pytest.fixture
def target(installation, tmp_path):
    """An empty database of the other kind than the installation's: its address, and the settings of an app on it."""
    folder = tmp_path / "target"
    (folder / "data").mkdir(parents=True)
    postgres = TargetPostgres(folder, "main", ADDONS_PATH)
    settings = {**installation.settings(), "DATA_FOLDER": str(folder / "data")}
    if installation.settings()["DATABASE_URL"]:
        yield f"sqlite:///{folder}/data/zhanggui.sqlite", {**settings, "DATABASE_URL": "", "DATABASE_OWNER_URL": ""}
        return
    postgres.create()
    addresses = {name: postgres.settings()[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    yield postgres.url(OWNER).replace("+psycopg", ""), {**settings, **addresses}
    postgres.drop()


@pytest.fixture
def origin(installation):
    made = owner_engine(installation.settings())
    yield made
    made.dispose()


@pytest.fixture
def copied(target):
    made = owner_engine(target[1])
    yield made
    made.dispose()


def address_of(engine):
    return engine.url.render_as_string(hide_password=False)


def copy(origin, target):
    told = []
    keys = {name: target[1][name] for name in ("DATA_FOLDER", "SECRET_KEY", "PERSONAL_DATA_KEY")}
    found = copy_database(
        address_of(origin),
        target[0],
        app_role=None if target[0].startswith("sqlite") else APP,
        progress=lambda *what: told.append(what),
        ADDONS_PATH=ADDONS_PATH,
        **keys,
    )
    return found, told


def test_every_row_comes_along_with_its_id(installation, origin, target, copied):
    first = add_customer(installation, "13800001111")
    with origin.begin() as connection:
        connection.execute(sa.text("UPDATE companies_legal_entity SET custom = '17' WHERE id = 1"))
        connection.execute(sa.text("UPDATE companies_legal_entity SET custom = '{\"甲\": 1.50}' WHERE id = 2"))
    assert (next_id(origin, kept=True), next_id(origin, kept=False)) == (1, 2)
    before = told_rows(origin)

    found, told = copy(origin, target)

    assert told_rows(copied) == before == told_rows(origin)
    assert {table: digest.rows for table, digest in found.items()} == {name: len(rows) for name, rows in before.items()}
    assert {digest.sha256 for digest in found.values() if not digest.rows} == {hashlib.sha256().hexdigest()}
    assert [table for _done, _total, table in told] == sorted(before)
    assert next_id(copied, kept=False) == 3  # Of a row that is gone, no id is given again.
    release(**target[1])
    app = create_app(**target[1])
    assert app.test_client().post("/login/", data={"username": "ann", "password": PASSWORD}).status_code == 302
    assert add_customer(installation, "13900002222", app) == first + 1


@pytest.mark.rule("S:CORE-16")
def test_a_backup_of_one_kind_of_database_fits_the_other(installation, origin, target, copied):
    add_customer(installation, "13800001111")
    before = told_rows(origin)
    path, _contents = create_backup(**installation.settings())

    restored = restore_backup(path, **target[1])

    assert {table.name: table.rows for table in restored.tables} == {name: len(rows) for name, rows in before.items()}
    assert told_rows(copied) == before
    assert app_logs_in(target[1])


def app_logs_in(settings):
    login = create_app(**settings).test_client().post("/login/", data={"username": "ann", "password": PASSWORD})
    return login.status_code == 302


def test_a_target_with_tables_is_refused(installation, origin, target, copied):
    with copied.begin() as connection:
        connection.execute(sa.text("CREATE TABLE mine (id INTEGER PRIMARY KEY)"))

    with pytest.raises(ConfigurationError, match="is not empty: it has 1 tables"):
        copy(origin, target)

    assert sa.inspect(copied).get_table_names() == ["mine"]


def test_a_source_of_another_revision_is_refused(installation, origin, target, copied):
    with origin.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version_platform SET version_num = 'platform_0013'"))
    with pytest.raises(ConfigurationError, match="run `flask release`"):
        copy(origin, target)
    with origin.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version_platform SET version_num = 'platform_9999'"))
    with pytest.raises(ConfigurationError, match="because it is older"):
        copy(origin, target)
    assert sa.inspect(copied).get_table_names() == []


def test_an_empty_source_and_an_address_that_is_none_are_refused(installation, origin, target, copied, tmp_path):
    for source, message in (
        (f"sqlite:///{tmp_path}/nosuch.sqlite", "--from: there is no file"),
        ("mysql://a:b@c/d", "--from: is an address such as"),
        ("what", "--from: is an address such as"),
        (target[0], "--from: .* is empty" if "postgresql" in target[0] else "--from: there is no file"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "the database cannot be used"),
    ):
        with pytest.raises(ConfigurationError, match=message) as refused:
            copy_database(source, target[0], progress=print, **target[1])
        assert "secret" not in str(refused.value)
    assert sa.inspect(copied).get_table_names() == []


def test_a_text_too_long_for_postgresql_is_refused_and_nothing_stays(installation, origin, target, copied):
    if origin.dialect.name == "postgresql":
        with origin.begin() as connection:  # What SQLite cannot tell exactly, the comparison finds.
            connection.execute(sa.text("ALTER TABLE companies_company ADD COLUMN spare INTEGER"))
        expected = "the tables of this code are others than those that came: companies_company"
    else:
        with origin.begin() as connection:
            connection.execute(sa.text("UPDATE companies_company SET mark = '王王王' WHERE id = 1"))
        expected = "companies_company: the database refuses its rows: value too long for type character varying"

    with pytest.raises(ConfigurationError, match=expected):
        copy(origin, target)

    assert sa.inspect(copied).get_table_names() == []
