"""What the walls must let through: everything that code does with its own company's rows, and what it costs."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased, joinedload, selectinload, undefer, with_parent

from app.companies.models import Company
from app.database.session import as_company, db, session
from tests.app.database.conftest import Walls
from tests.app.database.models import DummyChild as Child
from tests.app.database.models import DummyLoose as Loose
from tests.app.database.models import DummyParent as Parent
from tests.app.database.models import DummyTag as Tag


def scalars(statement: Any) -> list[Any]:
    """Return what the statement finds, in order."""
    return sorted(session.scalars(statement).unique())


def add(row: Any) -> Any:
    """Write the row and return it."""
    session.add(row)
    session.flush()
    return row


def insert_many() -> list[str]:
    """Insert rows in bulk, with the very dicts a caller keeps."""
    rows: list[dict[str, Any]] = [{"name": "b"}, {"name": "a"}]
    session.execute(sa.insert(Tag), rows)
    assert rows == [{"name": "b"}, {"name": "a"}]
    return scalars(sa.select(Tag.name).where(Tag.company_id == 1))


def upsert() -> list[Any]:
    """Insert a row whose key is taken: the row there changes."""
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Child).on_conflict_do_update(
        index_elements=["company_id", "code"], set_={"name": "changed"}
    )
    session.execute(statement, [{"code": "own code", "name": "new"}])
    return scalars(sa.select(Child.name))


def insert_unless_there() -> int:
    """Insert a row unless its key is taken."""
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(Child).on_conflict_do_nothing(index_elements=["company_id", "code"]),
        [{"code": "own code", "name": "new"}],
    )
    return session.scalar(sa.select(sa.func.count()).select_from(Child)) or 0


def increment() -> Any:
    """Draw a number in SQL."""
    return session.execute(
        sa.update(Child).where(Child.id == 1).values(total=Child.total + 5).returning(Child.total)
    ).scalar_one()


def savepoint() -> int:
    """Undo a part."""
    with session.begin_nested() as part:
        add(Tag(name="a"))
        part.rollback()
    return session.query(Tag).count()


def retag() -> list[str]:
    """Replace the tags of a child."""
    child = session.get_one(Child, 1)
    child.tags = [add(Tag(name="a"))]
    session.flush()
    session.expire_all()
    return [tag.name for tag in child.tags]


def edit() -> tuple[int, str]:
    """Change a row twice: the version counts."""
    child = session.get_one(Child, 1)
    child.name = "a"
    session.flush()
    child.name = "b"
    session.flush()
    session.expire(child)
    return child.version, child.name


LEGITIMATE: list[tuple[str, Callable[[], Any], Any]] = [
    ("add, filling in the company", lambda: add(Tag(name="a")).company_id, 1),
    ("add with one's own company", lambda: add(Tag(name="a", company_id=1)).company_id, 1),
    (
        "add many",
        lambda: (session.add_all([Tag(name="a"), Tag(name="b")]), session.flush(), session.query(Tag).count())[2],
        3,
    ),
    ("edit, counting versions", edit, (3, "b")),
    (
        "delete",
        lambda: (session.delete(session.get_one(Loose, 1)), session.flush(), session.query(Loose).count())[2],
        0,
    ),
    ("point by key", lambda: add(Child(code="a", name="a", parent_id=1)).parent.name, "own parent"),
    ("point by object", lambda: add(Child(code="a", name="a", parent=Parent(name="p"))).parent_id > 2, True),
    ("point at nothing", lambda: add(Child(code="a", name="a", parent_id=None)).parent, None),
    (
        "append to a parent",
        lambda: (
            parent := session.get_one(Parent, 1),
            parent.children.append(Child(code="a", name="a")),
            session.flush(),
            session.query(Child).count(),
        )[3],
        2,
    ),
    ("replace tags", retag, ["a"]),
    ("insert in bulk", insert_many, ["a", "b", "own tag"]),
    ("insert one", lambda: (session.execute(sa.insert(Tag), {"name": "a"}), session.query(Tag).count())[1], 2),
    (
        "insert in bulk, returning",
        lambda: [tag.name for tag in session.scalars(sa.insert(Tag).returning(Tag), [{"name": "a"}])],
        ["a"],
    ),
    ("upsert by a key of the company", upsert, ["changed"]),
    ("insert unless there", insert_unless_there, 1),
    (
        "update by criteria",
        lambda: session.execute(sa.update(Child).where(Child.code == "own code").values(name="a")).rowcount,
        1,
    ),
    (
        "update by criteria, row in memory",
        lambda: (child := session.get_one(Child, 1), session.execute(sa.update(Child).values(name="a")), child.name)[2],
        "a",
    ),
    (
        "update from one's own rows",
        lambda: (
            session.execute(
                sa.update(Child).values(
                    name=sa.select(Parent.name).where(Parent.id == Child.parent_id).scalar_subquery()
                )
            ),
            scalars(sa.select(Child.name)),
        )[1],
        ["own parent"],
    ),
    (
        "update where a related row is",
        lambda: (
            session.execute(
                sa.update(Child).where(Child.parent.has(Parent.name == "own parent")).values(name="a")
            ).rowcount
        ),
        1,
    ),
    ("draw a number", increment, Decimal("15.00")),
    (
        "delete by criteria",
        lambda: session.execute(sa.delete(Loose).where(Loose.id.in_(sa.select(Loose.id)))).rowcount,
        1,
    ),
    ("sum", lambda: session.scalar(sa.select(sa.func.sum(Child.total))), Decimal("10.00")),
    (
        "count of a subquery",
        lambda: session.scalar(sa.select(sa.func.count()).select_from(sa.select(Child.id).limit(10_001).subquery())),
        1,
    ),
    ("exists", lambda: session.query(session.query(Child).exists()).scalar(), True),
    ("common table expression", lambda: scalars(sa.select(sa.select(Child.name).cte("found").c.name)), ["own child"]),
    (
        "page by keys",
        lambda: [
            row.name
            for row in session.scalars(
                sa.select(Child).where(Child.id.in_([1])).options(joinedload(Child.parent), selectinload(Child.tags))
            )
        ],
        ["own child"],
    ),
    (
        "outer join and sort",
        lambda: session.execute(
            sa.select(Child.name, Parent.name).outerjoin(Child.parent).order_by(Parent.name.desc(), Child.id)
        ).all(),
        [("own child", "own parent")],
    ),
    (
        "join an alias",
        lambda: (
            session.execute(
                sa.select(Child.name)
                .join(parent := aliased(Parent), parent.id == Child.parent_id)
                .where(parent.name == "own parent")
            )
            .scalars()
            .all()
        ),
        ["own child"],
    ),
    (
        "order by the mapper's key column",
        lambda: scalars(sa.select(Child.name).order_by(sa.inspect(Child).primary_key[0])),
        ["own child"],
    ),
    ("any", lambda: scalars(sa.select(Child.name).where(Child.tags.any(Tag.name == "own tag"))), ["own child"]),
    (
        "contains",
        lambda: scalars(sa.select(Child.name).where(Child.tags.contains(session.get_one(Tag, 1)))),
        ["own child"],
    ),
    (
        "join many-to-many",
        lambda: session.execute(sa.select(Child.name, Tag.name).join(Child.tags)).all(),
        [("own child", "own tag")],
    ),
    (
        "rows of a parent",
        lambda: scalars(sa.select(Child.name).where(with_parent(session.get_one(Parent, 1), Parent.children))),
        ["own child"],
    ),
    ("undeferred", lambda: session.scalars(sa.select(Loose).options(undefer("*"))).one().name, "own loose"),
    (
        "core on a table of no company",
        lambda: session.execute(sa.select(Company.__table__.c.code)).scalars().all(),
        ["c1", "c2"],
    ),
    ("a function alone", lambda: session.scalar(sa.select(sa.func.abs(-1))), 1),
    (
        "merge of one's own",
        lambda: (session.merge(Child(id=1, code="a", name="a")), session.flush(), session.get_one(Child, 1).name)[2],
        "a",
    ),
    ("refresh", lambda: (child := session.get_one(Child, 1), session.refresh(child), child.name)[2], "own child"),
    ("lock", lambda: session.get_one(Child, 1, with_for_update={"key_share": True}).name, "own child"),
    ("savepoint", savepoint, 1),
]


@pytest.mark.parametrize(("function", "expected"), [row[1:] for row in LEGITIMATE], ids=[row[0] for row in LEGITIMATE])
def test_allowed(walls: Walls, function: Callable[[], Any], expected: Any) -> None:
    with walls.app.app_context(), as_company(1):
        assert function() == expected
        session.commit()


def test_the_check_of_references_costs_one_statement_per_table(walls: Walls) -> None:
    statements: list[str] = []
    with walls.app.app_context(), as_company(1):
        parents = [add(Parent(name=f"p{number}")).id for number in range(20)]
        session.commit()
        sa.event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

        session.add_all(Child(code=f"c{parent}", name="c", parent_id=parent) for parent in parents)
        session.flush()

    assert sum("FROM dummy_parent" in statement for statement in statements) == 1
