"""Each add-on installs with nothing but what it depends on, can be taken back, and its migrations equal its models."""

import pytest
import sqlalchemy as sa

from app.addon_loader.discovery import find_addons
from app.addon_loader.installation import PLATFORM, owner_of, revisions, versions_folder
from app.addon_loader.manifest import closure
from app.addon_loader.migrations import Migrator
from app.factory import create_app
from app.release import app_role, owner_engine, release
from tests.conftest import ADDONS_PATH
from tests.every_addon.conftest import EVERY


@pytest.fixture
def migrator(empty, product):
    """What migrates the empty database, as its owner; the models of every add-on are mapped."""
    engine = owner_engine(empty.settings())
    yield Migrator(engine, product.extensions["manifests"], app_role=app_role(empty.settings()))
    engine.dispose()


def tables(migrator, owner):
    names = sa.inspect(migrator.engine).get_table_names()
    return {name for name in names if owner_of(name, migrator.manifests) == owner}


def mapped(migrator, owner):
    from app.database.base import Model

    return {name for name in Model.metadata.tables if owner_of(name, migrator.manifests) == owner}


@pytest.mark.parametrize("name", EVERY)
def test_an_addon_installs_with_what_it_depends_on_and_leaves_nothing(empty, migrator, name):
    needed = [*closure(migrator.manifests, name), name]
    release([name], **empty.settings())
    started = create_app(**empty.settings())
    assert [setup.name for setup in started.extensions["setups"]] == needed
    assert set(revisions(migrator.engine)) == {PLATFORM, *needed}
    assert tables(migrator, name) == mapped(migrator, name)
    migrator.check(name)

    migrator.downgrade(name, "base")
    assert tables(migrator, name) == set()
    assert set(revisions(migrator.engine)) == {PLATFORM, *needed} - {name}
    migrator.upgrade([name])
    assert tables(migrator, name) == mapped(migrator, name)
    migrator.check(name)


def test_the_platform_can_be_taken_back_and_made_again(empty, migrator):
    migrator.upgrade()
    migrator.check(PLATFORM)
    before = tables(migrator, PLATFORM)
    assert before == mapped(migrator, PLATFORM)
    migrator.downgrade(PLATFORM, "base")
    assert tables(migrator, PLATFORM) == set()
    release(**empty.settings())
    assert tables(migrator, PLATFORM) == before
    migrator.check(PLATFORM)


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_no_table_gives_the_id_of_a_deleted_row_again(migrator):
    migrator.upgrade(EVERY)
    with migrator.engine.connect() as connection:
        made = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
    forgetful = [name for name, sql in made if "\tid INTEGER" in sql and "AUTOINCREMENT" not in sql]
    assert not forgetful, (
        f"{forgetful}: a new row could take the id of a deleted one and show its comments and history. Make the table "
        "with op.create_table or op.batch_alter_table, not with SQL of your own"
    )


@pytest.mark.parametrize("owner", [PLATFORM, *EVERY])
def test_revisions_are_numbered_after_their_owner(owner):
    files = sorted(versions_folder(owner, find_addons(ADDONS_PATH)).glob("*.py"))
    assert files
    for number, file in enumerate(files, start=1):
        assert file.stem.startswith(f"{owner}_{number:04}"), file
        assert f'revision = "{owner}_{number:04}"' in file.read_text("utf-8")
