"""A bare database with two companies in it, one of which attacks the other; SQLite and PostgreSQL."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEntry
from app.companies.models import Company
from app.database.base import Model
from app.database.row_security import secure_tables
from app.database.session import db
from tests.app.database import models
from tests.databases import APP, OWNER, POSTGRES, create_database, drop_database, make_roles

DATABASE = f"zhanggui_test_walls_{os.getpid()}"  # Two runs on one machine do not meet.
TABLES = [
    models.loose_tag,
    models.child_tag,
    models.DummyLoose.__table__,
    models.DummyTag.__table__,
    models.DummyChild.__table__,
    models.DummyParent.__table__,
    Company.__table__,
]


@dataclass
class Walls:
    """An app whose session and connections stand behind the walls, and an engine that stands above them."""

    app: Flask
    above: sa.Engine
    kind: str

    @property
    def is_postgres(self) -> bool:
        """Tell whether the second wall stands too."""
        return self.kind == "postgresql"

    def reset(self) -> None:
        """Put the two companies and their rows back."""
        with self.above.begin() as connection:
            for table in (AuditEntry.__table__, *TABLES):
                connection.execute(sa.delete(table))
            for table, rows in _rows():
                connection.execute(sa.insert(table), rows)
                if self.is_postgres and "id" in table.columns:
                    connection.execute(sa.text(f"SELECT setval('{table.name}_id_seq', 100)"))

    def rows_of(self, company_id: int) -> list[tuple[object, ...]]:
        """Return every business row of a company, seen from above the walls."""
        with self.above.connect() as connection:
            return [
                (table.name, *row)
                for table in TABLES
                if "company_id" in table.columns
                for row in connection.execute(
                    sa.select(table).where(table.c.company_id == company_id).order_by(*table.primary_key.columns)
                )
            ]


def _rows() -> Iterator[tuple[sa.Table, list[dict[str, object]]]]:
    both = ((1, "own"), (2, "FOREIGN"))
    yield (
        Company.__table__,
        [{"id": id_, "name": f"Company {id_}", "code": f"c{id_}", "mark": f"C{id_}"} for id_, _ in both],
    )
    yield (
        models.DummyParent.__table__,
        [{"id": id_, "company_id": id_, "version": 1, "name": f"{whose} parent"} for id_, whose in both],
    )
    yield (
        models.DummyChild.__table__,
        [
            {
                "id": id_,
                "company_id": id_,
                "version": 1,
                "code": f"{whose} code",
                "name": f"{whose} child",
                "total": 10**id_,
                "parent_id": id_,
            }
            for id_, whose in both
        ],
    )
    yield (
        models.DummyTag.__table__,
        [{"id": id_, "company_id": id_, "version": 1, "name": f"{whose} tag"} for id_, whose in both],
    )
    yield (
        models.DummyLoose.__table__,
        [  # Each points into the other company.
            {"id": id_, "company_id": id_, "version": 1, "name": f"{whose} loose", "child_id": 3 - id_}
            for id_, whose in both
        ],
    )
    yield models.child_tag, [{"company_id": id_, "child_id": id_, "tag_id": id_} for id_, _ in both]
    yield models.loose_tag, [{"loose_id": loose, "tag_id": tag} for loose in (1, 2) for tag in (1, 2)]


def _postgres(role: str) -> str:
    return POSTGRES.set(username=role, database=DATABASE).render_as_string(hide_password=False)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def built_walls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walls]:
    """Build the tables once on each database."""
    kind: str = request.param
    if kind == "sqlite":
        path: Path = tmp_path_factory.mktemp("walls") / "walls.db"
        owner = above = url = f"sqlite:///{path}"
    else:
        make_roles()
        create_database(DATABASE, f"OWNER {OWNER}")
        owner, above, url = (_postgres(role) for role in (OWNER, POSTGRES.username or "postgres", APP))
    owner_engine = sa.create_engine(owner)
    with owner_engine.begin() as connection:
        Model.metadata.create_all(connection)
        secure_tables(connection, Model.metadata, APP)
    owner_engine.dispose()
    app = Flask("walls")
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 2, "max_overflow": 3})
    db.init_app(app)
    walls = Walls(app, sa.create_engine(above), kind)
    yield walls
    with app.app_context():
        db.engine.dispose()
    walls.above.dispose()
    if walls.is_postgres:
        drop_database(DATABASE)


@pytest.fixture
def walls(built_walls: Walls) -> Walls:
    """Two companies, fresh; company one is about to attack company two."""
    built_walls.reset()
    return built_walls
