"""Every way we know to reach another company's rows, and what each of them meets.

Company 1 attacks company 2. A path either sees its own rows only or is refused; afterwards, whatever it did is
committed, and company 2 must hold exactly what it held before. Each path runs on SQLite, where the session is the
only wall, and on PostgreSQL as the app role, where row-level security is the second. `OPEN` marks what SQLite,
having no second wall, cannot close.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.orm import (
    Bundle,
    aliased,
    contains_eager,
    exc,
    joinedload,
    make_transient_to_detached,
    selectinload,
    subqueryload,
    with_loader_criteria,
)

from app.companies.models import Company
from app.database import isolation
from app.database.context import remember_company
from app.database.isolation import IsolationError
from app.database.row_security import announce_company
from app.database.session import as_company, db, session
from tests.app.database.conftest import Walls
from tests.app.database.models import DummyChild as Child
from tests.app.database.models import DummyLoose as Loose
from tests.app.database.models import DummyParent as Parent
from tests.app.database.models import DummyTag as Tag
from tests.app.database.models import child_tag

REFUSED = IsolationError
DETACHED = exc.DetachedInstanceError
GONE = (exc.ObjectDeletedError, InvalidRequestError, IsolationError)
CHILD, PARENT = Child.__table__, Parent.__table__
RAW = "SELECT name FROM dummy_child ORDER BY id"
OPEN = "open: SQLite has no second wall"


@dataclass(frozen=True)
class ByDatabase:
    """An expectation that differs: SQLite stands behind one wall, PostgreSQL behind two."""

    sqlite: Any
    postgresql: Any


def names(statement: Any) -> list[Any]:
    """Return the names that the statement finds, or the first column where it finds no rows of a model."""
    return sorted(getattr(row, "name", row) for row in session.scalars(statement).unique())


def held(model: Any = Child) -> Any:
    """Return company 2's row, left in the session by an edge that forgot to clear it."""
    remember_company(2)
    announce_company(session.connection())
    row = session.get(model, 2)
    remember_company(1)
    announce_company(session.connection())
    assert row is not None
    return row


def flushed(row: Any) -> None:
    """Write the row."""
    session.add(row)
    session.flush()


def change(row: Any, **values: Any) -> None:
    """Change the row and write it."""
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()


def forged() -> Any:
    """Return an object that claims to be company 1's stored row, with company 2's key."""
    row = Child(id=2, company_id=1, version=1, code="x", name="x")
    make_transient_to_detached(row)
    session.add(row)
    return row


def fresh(**values: Any) -> Child:
    """Return a new child."""
    return Child(code="new", name="new", **values)


def upsert(**options: Any) -> Any:
    """Return an INSERT that becomes an UPDATE where the key is taken."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(Child).on_conflict_do_update(**options)  # type: ignore[attr-defined]


def stale(after: Callable[[Any], Any]) -> Any:
    """Keep a row over a proper change of company, then do something with it."""
    with as_company(2):
        row = session.get(Child, 2)
        assert row is not None
    return after(row)


def alone() -> list[Any]:
    """Read in a thread of its own, which knows no company."""
    found: list[Any] = []

    def read(app: Any) -> None:
        with app.app_context():
            try:
                found.append(names(sa.select(Child)))
            except IsolationError:
                found.append("refused")

    from flask import current_app

    thread = threading.Thread(target=read, args=[current_app._get_current_object()])  # type: ignore[attr-defined]
    thread.start()
    thread.join()
    return found


# Reading whole rows, columns and aggregates.
READS: list[tuple[str, Callable[[], Any], Any]] = [
    ("select rows", lambda: names(sa.select(Child)), ["own child"]),
    ("select by the other's id", lambda: names(sa.select(Child).where(Child.id == 2)), []),
    ("select columns", lambda: names(sa.select(Child.name)), ["own child"]),
    ("select mapped columns by label", lambda: names(sa.select(Child.name.label("x"))), ["own child"]),
    ("legacy query", lambda: [row.name for row in session.query(Child)], ["own child"]),
    ("legacy query, columns", lambda: [row.name for row in session.query(Child.name)], ["own child"]),
    ("legacy query, filter_by", lambda: session.query(Child).filter_by(id=2).first(), None),
    ("legacy query, count", lambda: session.query(Child).count(), 1),
    ("legacy query, one_or_none", lambda: session.query(Child).filter(Child.id == 2).one_or_none(), None),
    ("sum", lambda: session.scalar(sa.select(sa.func.sum(Child.total))), Decimal(10)),
    ("count, select_from", lambda: session.scalar(sa.select(sa.func.count()).select_from(Child)), 1),
    ("max without rows", lambda: session.scalar(sa.select(sa.func.max(Child.id))), 1),
    (
        "group by",
        lambda: session.execute(sa.select(Child.name, sa.func.count()).group_by(Child.name)).all(),
        [("own child", 1)],
    ),
    ("window function", lambda: session.execute(sa.select(sa.func.count().over()).select_from(Child)).all(), [(1,)]),
    ("distinct", lambda: names(sa.select(Child.name).distinct()), ["own child"]),
    ("alias", lambda: names(sa.select(aliased(Child))), ["own child"]),
    ("bundle", lambda: names(sa.select(Bundle("bundle", Child.name))), ["own child"]),
    ("join", lambda: names(sa.select(Parent.name).join(Child)), ["own parent"]),
    (
        "outer join on a false condition",
        lambda: sorted(session.execute(sa.select(Child.name, Parent.name).outerjoin(Parent, sa.true())).all()),
        [("own child", "own parent")],
    ),
    ("cartesian product", lambda: session.execute(sa.select(Child.name, Tag.name)).all(), [("own child", "own tag")]),
    (
        "self join through an alias",
        lambda: session.execute(sa.select(Child.name, (other := aliased(Child)).name).join(other, sa.true())).all(),
        [("own child", "own child")],
    ),
    (
        "union",
        lambda: sorted(session.scalars(sa.union(sa.select(Child.name), sa.select(Tag.name)))),
        ["own child", "own tag"],
    ),
    (
        "union as rows",
        lambda: names(sa.select(Child).from_statement(sa.union_all(sa.select(Child), sa.select(Child)))),
        ["own child"],
    ),
    ("subquery", lambda: names(sa.select(sa.select(Child.name).subquery().c.name)), ["own child"]),
    ("aliased subquery", lambda: names(sa.select(aliased(Child, sa.select(Child).subquery()))), ["own child"]),
    ("common table expression", lambda: names(sa.select(sa.select(Child.name).cte().c.name)), ["own child"]),
    ("recursive common table expression", lambda: names(sa.select(recursion().c.name)), ["own child"]),
    (
        "lateral",
        lambda: names(sa.select(sa.select(Child.name).lateral().c.name)),
        ByDatabase(DBAPIError, ["own child"]),
    ),
    (
        "scalar subquery in a column",
        lambda: session.scalar(sa.select(sa.select(sa.func.max(Child.id)).scalar_subquery())),
        1,
    ),
    (
        "scalar subquery in a condition",
        lambda: names(sa.select(Tag).where(Tag.id < sa.select(sa.func.max(Child.id)).scalar_subquery())),
        [],
    ),
    ("exists", lambda: session.scalar(sa.select(sa.select(Child.id).where(Child.id == 2).exists())), False),
    ("bare exists", lambda: session.scalar(sa.select(sa.exists().where(Child.id == 2))), REFUSED),
    (
        "exists over a non-company model",
        lambda: session.scalars(sa.select(Company.id).where(sa.exists().where(Child.company_id == Company.id))).all(),
        [1],
    ),
    (
        "in a subquery of a non-company model",
        lambda: names(sa.select(Company.name).where(Company.id.in_(sa.select(Child.company_id)))),
        ["Company 1"],
    ),
    ("column property with a subquery", lambda: session.scalars(sa.select(Loose)).one().tag_count, 1),  # type: ignore[attr-defined]
    ("any() over a loose pointer", lambda: names(sa.select(Child).where(Child.looses.any())), []),
    ("has() over a loose pointer", lambda: names(sa.select(Loose).where(Loose.child.has())), []),
    ("any() over a loose many-to-many", lambda: names(sa.select(Loose).where(Loose.tags.any(Tag.id == 2))), []),
    (
        "streaming",
        lambda: [row.name for row in session.scalars(sa.select(Child).execution_options(yield_per=1))],
        ["own child"],
    ),
    (
        "partitions",
        lambda: [list(part) for part in session.scalars(sa.select(Child.name)).partitions(1)],
        [["own child"]],
    ),
    ("lambda statement", lambda: names(sa.lambda_stmt(lambda: sa.select(Child))), ["own child"]),
    ("for update", lambda: names(sa.select(Child).with_for_update()), ["own child"]),
    (
        "a criterion of one's own on top",
        lambda: names(sa.select(Child).options(with_loader_criteria(Child, Child.id == 2))),
        [],
    ),
]

# One row by its key, and rows that are already in memory.
BY_KEY: list[tuple[str, Callable[[], Any], Any]] = [
    ("get", lambda: session.get(Child, 2), None),
    ("get_one", lambda: session.get_one(Child, 2), exc.NoResultFound),
    ("get, populating again", lambda: session.get(Child, 2, populate_existing=True), None),
    ("get, for update", lambda: session.get(Child, 2, with_for_update=True), None),
    ("legacy query get", lambda: session.query(Child).get(2), None),
    ("get of a row in memory", lambda: (held(), session.get(Child, 2))[1], None),
    ("legacy query get of a row in memory", lambda: (held(), session.query(Child).get(2))[1], None),
    ("select of a row in memory", lambda: (held(), names(sa.select(Child)))[1], ["own child"]),
    ("refresh of a row in memory", lambda: session.refresh(held()), GONE),
    ("expired attribute of a row in memory", lambda: (row := held(), session.expire(row), row.name), GONE),
    ("deferred attribute of a row in memory", lambda: (row := held(), session.expire(row, ["name"]), row.name), GONE),
    ("lazy load from a row in memory", lambda: held().parent, None),
    (
        "merge of the other's key",
        lambda: (session.merge(Child(id=2, code="x", name="x")), session.flush()),
        (IsolationError, DBAPIError),
    ),
    ("merge without loading", lambda: stale(lambda row: session.merge(row, load=False)), REFUSED),
    ("row kept over a change of company", lambda: stale(lambda row: row in session), False),
    ("lazy load of a kept row", lambda: stale(lambda row: row.parent), DETACHED),
    ("refresh of a kept row", lambda: stale(session.refresh), InvalidRequestError),
    ("adding a kept row again", lambda: stale(session.add), REFUSED),
    (
        "merging a kept row",
        lambda: stale(lambda row: (session.merge(row), session.flush())),
        (IsolationError, DBAPIError),
    ),
    ("row loaded with the wall open, used after", lambda: (opened(), session.get(Child, 2))[1], None),
    ("a forged stored row, read", lambda: (row := forged(), session.expire(row), row.name), GONE),
]

# Relationships: loose pointers that do point abroad.
RELATIONS: list[tuple[str, Callable[[], Any], Any]] = [
    ("many-to-one, lazy", lambda: session.get_one(Loose, 1).child, None),
    ("many-to-one, row in memory", lambda: (held(), session.get_one(Loose, 1).child)[1], None),
    (
        "many-to-one, joined",
        lambda: session.scalars(sa.select(Loose).options(joinedload(Loose.child))).one().child,
        None,
    ),
    (
        "many-to-one, select in",
        lambda: session.scalars(sa.select(Loose).options(selectinload(Loose.child))).one().child,
        None,
    ),
    (
        "many-to-one, joined from the other side",
        lambda: (
            session.scalars(sa.select(Loose).outerjoin(Loose.child).options(contains_eager(Loose.child))).one().child
        ),
        None,
    ),
    ("one-to-many, lazy", lambda: session.get_one(Child, 1).looses, []),
    (
        "one-to-many, joined",
        lambda: session.scalars(sa.select(Child).options(joinedload(Child.looses))).unique().one().looses,
        [],
    ),
    (
        "one-to-many, select in",
        lambda: session.scalars(sa.select(Child).options(selectinload(Child.looses))).one().looses,
        [],
    ),
    (
        "one-to-many, subquery",
        lambda: session.scalars(sa.select(Child).options(subqueryload(Child.looses))).one().looses,
        [],
    ),
    ("one-to-many, dynamic", lambda: [row.name for row in session.get_one(Parent, 1).dynamic_children], ["own child"]),
    ("one-to-many, write only", lambda: names(session.get_one(Parent, 1).written_children.select()), ["own child"]),
    ("many-to-many, lazy", lambda: [tag.name for tag in session.get_one(Loose, 1).tags], ["own tag"]),
    (
        "many-to-many, joined",
        lambda: [
            tag.name for tag in session.scalars(sa.select(Loose).options(joinedload(Loose.tags))).unique().one().tags
        ],
        ["own tag"],
    ),
    (
        "many-to-many, select in",
        lambda: [tag.name for tag in session.scalars(sa.select(Loose).options(selectinload(Loose.tags))).one().tags],
        ["own tag"],
    ),
    (
        "many-to-many, subquery",
        lambda: [tag.name for tag in session.scalars(sa.select(Loose).options(subqueryload(Loose.tags))).one().tags],
        ["own tag"],
    ),
    (
        "join along a loose pointer",
        lambda: session.execute(sa.select(Loose.name, Child.name).outerjoin(Loose.child)).all(),
        [("own loose", None)],
    ),
]

# Writing.
WRITES: list[tuple[str, Callable[[], Any], Any]] = [
    ("add with the other company", lambda: flushed(fresh(company_id=2)), REFUSED),
    ("add with the other company's object", lambda: flushed(fresh(company=session.get(Company, 2))), REFUSED),
    ("move one's own row abroad", lambda: change(session.get_one(Child, 1), company_id=2), REFUSED),
    (
        "move one's own row abroad by object",
        lambda: change(session.get_one(Child, 1), company=session.get(Company, 2)),
        REFUSED,
    ),
    ("change a row in memory", lambda: change(held(), name="hacked"), REFUSED),
    ("take a row in memory over", lambda: change(held(), company_id=1), REFUSED),
    ("delete a row in memory", lambda: (session.delete(held()), session.flush()), REFUSED),
    ("point abroad by key", lambda: change(session.get_one(Child, 1), parent_id=2), REFUSED),
    ("point abroad by key in a new row", lambda: flushed(fresh(parent_id=2)), REFUSED),
    (
        "point abroad by object",
        lambda: change(session.get_one(Child, 1), parent=held(Parent)),
        (IsolationError, DBAPIError),
    ),
    (
        "tag with the other's tag",
        lambda: change(session.get_one(Child, 1), tags=[held(Tag)]),
        (IsolationError, DBAPIError),
    ),
    ("adopt the other's child", lambda: change(session.get_one(Parent, 1), children=[held()]), REFUSED),
    ("update by criteria", lambda: session.execute(sa.update(Child).values(name="renamed")).rowcount, 1),
    (
        "update of the other's id",
        lambda: session.execute(sa.update(Child).where(Child.id == 2).values(name="hacked")).rowcount,
        0,
    ),
    ("update, moving the company", lambda: session.execute(sa.update(Child).values(company_id=2)), REFUSED),
    (
        "update, moving the company by column",
        lambda: session.execute(sa.update(Child).values({Child.company_id: 2})),
        REFUSED,
    ),
    (
        "update, moving the company by table column",
        lambda: session.execute(sa.update(Child).values({CHILD.c.company_id: 2})),
        REFUSED,
    ),
    (
        "update, moving the company in order",
        lambda: session.execute(sa.update(Child).ordered_values(("company_id", 2))),
        REFUSED,
    ),
    (
        "update, moving the company by parameter",
        lambda: session.execute(sa.update(Child).where(Child.id == 1), {"company_id": 2}),
        REFUSED,
    ),
    ("update, pointing abroad", lambda: session.execute(sa.update(Child).values(parent_id=2)), DBAPIError),
    ("update by primary key", lambda: session.execute(sa.update(Child), [{"id": 2, "name": "hacked"}]), REFUSED),
    (
        "update, returning",
        lambda: session.execute(sa.update(Child).values(total=7).returning(Child.name)).scalars().all(),
        ["own child"],
    ),
    (
        "update from the other's row",
        lambda: session.execute(
            sa.update(Child).values(name=sa.select(Parent.name).where(Parent.id == 2).scalar_subquery())
        ),
        DBAPIError,
    ),
    (
        "update from the other's table",
        lambda: session.execute(
            sa.update(Child).values(name=sa.select(PARENT.c.name).where(PARENT.c.id == 2).scalar_subquery())
        ),
        REFUSED,
    ),
    (
        "update joined to the other's row",
        lambda: session.execute(sa.update(Child).values(name=Parent.name).where(Parent.id == 2)),
        REFUSED,
    ),
    ("delete joined to the other's row", lambda: session.execute(sa.delete(Loose).where(Parent.id == 2)), REFUSED),
    ("delete joined to the other's table", lambda: session.execute(sa.delete(Loose).where(PARENT.c.id == 2)), REFUSED),
    ("legacy query update", lambda: session.query(Child).update({"name": "renamed"}, synchronize_session=False), 1),
    ("delete by criteria", lambda: session.execute(sa.delete(Loose)).rowcount, 1),
    ("legacy query delete", lambda: session.query(Loose).delete(synchronize_session=False), 1),
    (
        "write only update",
        lambda: session.execute(session.get_one(Parent, 1).written_children.update().values(name="renamed")).rowcount,
        1,
    ),
    (
        "insert with the other company",
        lambda: session.execute(sa.insert(Tag), [{"name": "new", "company_id": 2}]),
        REFUSED,
    ),
    (
        "insert values with the other company",
        lambda: session.execute(sa.insert(Tag).values(name="new", company_id=2)),
        REFUSED,
    ),
    ("insert of many values", lambda: session.execute(sa.insert(Tag).values([{"name": "a"}])), REFUSED),
    (
        "insert from a selection",
        lambda: session.execute(
            sa.insert(Tag).from_select(["name", "company_id"], sa.select(Parent.name, sa.literal(2)))
        ),
        REFUSED,
    ),
    ("insert of the other's id", lambda: session.execute(sa.insert(Tag), [{"id": 2, "name": "new"}]), DBAPIError),
    (
        "insert, pointing abroad",
        lambda: session.execute(sa.insert(Child), [{"code": "a", "name": "a", "parent_id": 2}]),
        DBAPIError,
    ),
    (
        "upsert over the other's id",
        lambda: session.execute(
            upsert(index_elements=["id"], set_={"name": "hacked"}), [{"id": 2, "code": "a", "name": "a"}]
        ),
        REFUSED,
    ),
    (
        "upsert, moving the company",
        lambda: session.execute(
            upsert(index_elements=["company_id", "code"], set_={"company_id": 2}), [{"code": "own code", "name": "a"}]
        ),
        REFUSED,
    ),
    ("bulk_insert_mappings", lambda: session.bulk_insert_mappings(Tag, [{"name": "a", "company_id": 2}]), REFUSED),
    ("bulk_update_mappings", lambda: session.bulk_update_mappings(Tag, [{"id": 2, "name": "hacked"}]), REFUSED),
    ("bulk_save_objects", lambda: session.bulk_save_objects([Tag(name="a", company_id=2)]), REFUSED),
    ("a forged stored row, written", lambda: change(forged(), name="hacked"), ByDatabase(OPEN, exc.StaleDataError)),
]

# Statements that the ORM cannot see through.
RAW_PATHS: list[tuple[str, Callable[[], Any], Any]] = [
    ("text through the session", lambda: session.execute(sa.text(RAW)).all(), REFUSED),
    ("text with columns", lambda: session.execute(sa.text(RAW).columns(Child.name)).all(), REFUSED),
    ("rows from text", lambda: names(sa.select(Child).from_statement(sa.text("SELECT * FROM dummy_child"))), REFUSED),
    ("columns from text", lambda: names(sa.select(Child.name).from_statement(sa.text(RAW))), REFUSED),
    ("legacy query from text", lambda: session.query(Child.name).from_statement(sa.text(RAW)).all(), REFUSED),
    ("text as a source", lambda: names(sa.select(sa.text("name")).select_from(sa.text("dummy_child"))), REFUSED),
    (
        "text in a condition",
        lambda: names(sa.select(Tag).where(sa.text("EXISTS (SELECT 1 FROM dummy_child WHERE id = 2)"))),
        REFUSED,
    ),
    (
        "literal column with a subquery",
        lambda: session.scalar(sa.select(sa.literal_column("(SELECT max(id) FROM dummy_child)"))),
        REFUSED,
    ),
    ("lightweight table", lambda: names(sa.select(sa.table("dummy_child", sa.column("name")).c.name)), REFUSED),
    ("table", lambda: names(sa.select(CHILD.c.name)), REFUSED),
    ("alias of a table", lambda: names(sa.select(CHILD.alias().c.name)), REFUSED),
    ("subquery of a table", lambda: names(sa.select(sa.select(CHILD.c.name).subquery().c.name)), REFUSED),
    ("common table expression of a table", lambda: names(sa.select(sa.select(CHILD.c.name).cte().c.name)), REFUSED),
    ("link table", lambda: session.execute(sa.select(child_tag)).all(), REFUSED),
    ("table beside a model", lambda: session.execute(sa.select(Tag.name, CHILD.c.name)).all(), REFUSED),
    (
        "table joined to a model",
        lambda: session.execute(sa.select(Tag.name, PARENT.c.name).join(PARENT, sa.true())).all(),
        REFUSED,
    ),
    (
        "table in a subquery of a model",
        lambda: names(sa.select(Tag).where(Tag.id < sa.select(sa.func.max(CHILD.c.id)).scalar_subquery())),
        REFUSED,
    ),
    ("table beside a non-company model", lambda: session.execute(sa.select(Company.id, CHILD.c.name)).all(), REFUSED),
    (
        "alias of a table beside a model",
        lambda: session.execute(sa.select(Tag.name, CHILD.alias().c.name)).all(),
        REFUSED,
    ),
    ("update of a table", lambda: session.execute(sa.update(CHILD).values(name="hacked")), REFUSED),
    ("delete from a table", lambda: session.execute(sa.delete(CHILD)), REFUSED),
    ("insert into a table", lambda: session.execute(sa.insert(CHILD), [{"company_id": 2, "name": "x"}]), REFUSED),
    (
        "insert from a table",
        lambda: session.execute(sa.insert(Company).from_select(["name"], sa.select(CHILD.c.name))),
        REFUSED,
    ),
    (
        "connection of the session",
        lambda: session.connection().execute(sa.text(RAW)).scalars().all(),
        ByDatabase(OPEN, ["own child"]),
    ),
    (
        "connection of the session, update",
        lambda: session.connection().execute(sa.text("UPDATE dummy_tag SET name = 'hacked'")).rowcount,
        ByDatabase(OPEN, 1),
    ),
    ("connection of the engine", lambda: on_engine(RAW), ByDatabase(OPEN, [])),
    (
        "connection of the engine, delete",
        lambda: on_engine("DELETE FROM dummy_loose RETURNING name"),
        ByDatabase(OPEN, []),
    ),
    (
        "connection of the engine, insert",
        lambda: on_engine("INSERT INTO dummy_loose_tag SELECT 9, id FROM dummy_child RETURNING tag_id"),
        ByDatabase(OPEN, []),
    ),
]

# Nobody has said which company.
NOWHERE: list[tuple[str, Callable[[], Any], Any]] = [
    ("no company: select", lambda: names(sa.select(Child)), REFUSED),
    ("no company: select columns", lambda: names(sa.select(Child.name)), REFUSED),
    ("no company: count", lambda: session.scalar(sa.select(sa.func.count()).select_from(Child)), 0),
    (
        "no company: scalar subquery",
        lambda: session.scalar(sa.select(sa.select(sa.func.max(Child.id)).scalar_subquery())),
        None,
    ),
    ("no company: exists", lambda: session.scalar(sa.select(sa.select(Child.id).exists())), False),
    ("no company: bare exists", lambda: session.scalar(sa.select(sa.exists().where(Child.id == 2))), REFUSED),
    (
        "no company: in a subquery of a non-company model",
        lambda: names(sa.select(Company.name).where(Company.id.in_(sa.select(Child.company_id)))),
        [],
    ),
    ("no company: get", lambda: session.get(Child, 2), REFUSED),
    ("no company: add", lambda: flushed(fresh()), REFUSED),
    ("no company: update", lambda: session.execute(sa.update(Child).values(name="hacked")), REFUSED),
    ("no company: delete", lambda: session.execute(sa.delete(Child)), REFUSED),
    ("no company: insert", lambda: session.execute(sa.insert(Tag), [{"name": "x"}]), REFUSED),
    ("no company: a thread of its own", alone, ["refused"]),
]

PATHS = [(1, *path) for path in (*READS, *BY_KEY, *RELATIONS, *WRITES, *RAW_PATHS)] + [
    (None, *path) for path in NOWHERE
]


def recursion() -> Any:
    """Return a recursive expression whose second part reads the table again."""
    first = sa.select(Child.id, Child.name).where(Child.id == 1).cte(recursive=True)
    return first.union(sa.select(Child.id, Child.name).where(Child.id == first.c.id + 1))


def opened() -> None:
    """Read company 2's row with the first wall open."""
    with isolation.without_isolation(db.session(), reason="a test"):
        session.scalars(sa.select(Child)).all()


def on_engine(statement: str) -> Any:
    """Run SQL on a connection of its own, outside the session."""
    with db.engine.begin() as connection:
        return connection.execute(sa.text(statement)).scalars().all()


def test_at_least_the_54_paths_of_the_findings_are_listed() -> None:
    labels = [name for _company, name, _function, _expected in PATHS]

    assert len(set(labels)) == len(labels) >= 54


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::sqlalchemy.exc.LegacyAPIWarning")
@pytest.mark.parametrize(
    ("company_id", "function", "expected"), [path[:1] + path[2:] for path in PATHS], ids=[path[1] for path in PATHS]
)
def test_path(walls: Walls, company_id: int | None, function: Callable[[], Any], expected: Any) -> None:
    if isinstance(expected, ByDatabase):
        expected = expected.postgresql if walls.is_postgres else expected.sqlite
    if expected is OPEN:
        return
    before = walls.rows_of(2)

    with walls.app.app_context(), as_company(company_id):
        if isinstance(expected, (type, tuple)):
            with pytest.raises(expected):
                function()
            session.rollback()
        else:
            assert function() == expected
            session.commit()

    assert walls.rows_of(2) == before
