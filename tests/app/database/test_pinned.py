"""What we override or call in SQLAlchemy and Flask-SQLAlchemy beyond their public promise.

If an upgrade changes one of these, read the change, make sure that the walls hold, and pin the new text.
"""

import hashlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.loading import _load_on_pk_identity
from sqlalchemy.orm.session import SessionTransaction
from sqlalchemy.orm.strategies import _LazyLoader
from sqlalchemy.sql.annotation import Annotated

from tests.app.database.models import DummyChild, DummyTag

PINNED: dict[Callable[..., Any], str] = {
    Session.get: "da09819f3f85",
    Session._get_impl: "546fda483ea3",
    Session._identity_lookup: "5c951766be2f",
    _LazyLoader._load_for_state: "5726ea210e94",
    _load_on_pk_identity: "8eb688b6d996",
    Session.bulk_save_objects: "88b31ee8357e",
    Session.bulk_insert_mappings: "4c9e7e3493b1",
    Session.bulk_update_mappings: "f0aae71c7d34",
    SessionTransaction.parent.fget: "0e4fb855d4aa",  # type: ignore[attr-defined]
    FlaskSession.get_bind: "60ffdab8b9b7",
    SQLAlchemy._make_scoped_session: "724bd613de6f",
    sa.Select.get_children: "b6923e828c5a",
}


def fingerprint(function: Callable[..., Any]) -> str:
    """Return a short hash of the function's text."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12]


@pytest.mark.parametrize("function", PINNED, ids=lambda function: function.__qualname__)
def test_unchanged(function: Callable[..., Any]) -> None:
    assert fingerprint(function) == PINNED[function]


def test_the_private_attributes_that_we_read_are_there() -> None:
    insert, update = sa.insert(DummyChild), sa.update(DummyChild).values(name="a")

    assert insert._values is None
    assert insert._multi_values == ()
    assert insert._post_values_clause is None
    assert {column.key for column in update._values or ()} == {"name"}
    assert sa.select(DummyChild).select_from(DummyChild)._from_obj
    assert "parententity" in sa.inspect(DummyChild).attrs.name.class_attribute.__clause_element__()._annotations
    assert issubclass(type(sa.inspect(DummyChild).attrs.name.class_attribute.__clause_element__()), Annotated)


def test_a_statement_on_a_table_has_another_cache_key_than_one_on_its_class() -> None:
    # The session remembers by these keys which statements the company filter reaches.
    table, alias = DummyChild.__table__, aliased(DummyChild)
    reached_and_missed: list[tuple[Any, Any]] = [
        (sa.select(DummyChild), sa.select(table)),
        (sa.select(DummyChild.name), sa.select(table.c.name)),
        (sa.select(alias.name), sa.select(table.alias().c.name)),
        (sa.select(sa.func.count()).select_from(DummyChild), sa.select(sa.func.count()).select_from(table)),
        (sa.select(sa.exists(sa.select(DummyChild.id))), sa.select(sa.exists(table.select()))),
        (sa.select(DummyTag.id).where(sa.true()), sa.select(DummyTag.id).where(sa.text("1 = 1"))),
        (sa.select(sa.literal_column("1")), sa.select(sa.literal_column("(SELECT name FROM dummy_child)"))),
        (sa.update(DummyChild).values(name="a"), sa.update(table).values(name="a")),
        (sa.delete(DummyChild), sa.delete(table)),
    ]
    for reached, missed in reached_and_missed:
        assert reached._generate_cache_key() != missed._generate_cache_key()
        assert reached._generate_cache_key() == reached.where()._generate_cache_key()
