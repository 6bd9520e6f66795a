"""Lists that a company edits without code (S:CORE-14)."""

import pytest
import sqlalchemy as sa

from app.database.session import session
from app.errors import ConfigurationError, Conflict, ValidationError
from app.masterdata import options
from app.masterdata.models import Option
from app.masterdata.options import (
    OptionListDefinition,
    add_option,
    archive_option,
    delete_option,
    find_option,
    list_options,
    open_list,
    register_option_list,
    rename_option,
    used_by,
)
from tests.app.masterdata.people import NOW

SOURCES = OptionListDefinition("test.source", "Sources", ("展会", "网络"))


@pytest.fixture
def sources(world):
    register_option_list(world.app, SOURCES)
    yield SOURCES.key
    del world.app.extensions["option_lists"][SOURCES.key]


def names(key):
    return [option.name for option in list_options(key)]


@pytest.mark.rule("S:CORE-14")
def test_a_list_starts_with_the_add_ons_values_and_is_edited(world, run_in, sources):
    def check():
        assert names(sources) == []
        opened = open_list(sources)
        assert open_list(sources) is opened
        assert names(sources) == ["展会", "网络"]

        added = add_option(opened, name=" 电话 ")
        rename_option(list_options(sources)[1], name="网上")
        assert names(sources) == ["展会", "网上", "电话"]
        for refused, error in (("展会", Conflict), ("", ValidationError), ("长" * 101, ValidationError)):
            with pytest.raises(error) as refusal:
                add_option(opened, name=refused)
            assert refusal.value.field == "name"
        with pytest.raises(Conflict):
            rename_option(added, name="展会")
        rename_option(added, name="电话")

        archive_option(added, now=NOW)
        assert names(sources) == ["展会", "网上"]
        assert add_option(opened, name="电话") is added
        assert names(sources) == ["展会", "网上", "电话"]

    run_in(world.one, check)
    assert run_in(world.two, lambda: names(sources)) == []


@pytest.mark.rule("S:CORE-14")
def test_an_unused_value_is_deleted_and_a_used_one_archived(world, run_in, sources, monkeypatch):
    def check():
        open_list(sources)
        exhibition, web = list_options(sources)
        assert used_by(exhibition) == 0
        monkeypatch.setattr(options, "used_by", lambda option: 12 if option is exhibition else 0)

        assert delete_option(exhibition, now=NOW) == 12
        assert delete_option(web, now=NOW) == 0
        assert names(sources) == []
        assert session.scalars(sa.select(Option.name)).all() == ["展会"]
        assert find_option(sources, "展会") is exhibition

    run_in(world.one, check)


def test_keys_are_declared_once(world):
    register_option_list(world.app, SOURCES)
    with pytest.raises(ConfigurationError, match=r"test\.source"):
        register_option_list(world.app, SOURCES)
    del world.app.extensions["option_lists"][SOURCES.key]
    with world.app.app_context(), pytest.raises(ConfigurationError, match="nowhere"):
        options.definition_of("nowhere")
