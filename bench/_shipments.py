"""A PostgreSQL database for benchmarks: released as in production, app role, both walls, twenty companies."""

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any, Self

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SERVER = os.environ.get("ZHANGGUI_BENCH_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
OWNER, APP = "zhanggui_bench_owner", "zhanggui_bench_app"
PASSWORD = "long enough 4 benches"  # noqa: S105  # Of a user that lives for one run.
COMPANIES = 20
FIRST_DAY = dt.date(2025, 1, 1)
_CUSTOMERS = "华清环保工程 西溪医疗器械 江南纺织 长城机电 东方粮油 海天食品 明远物流"
_CITIES = "北京 上海 广州 深圳 杭州 成都 武汉 西安 南京 重庆"
_FILL = """
INSERT INTO {table} (company_id, version, created_at, updated_at, custom, number, customer, city, address, note, pieces,
    weight, freight, shipped_on, delivered_at, state, insured)
SELECT %(company)s, 0, now(), now(), '{{}}', 'SH-' || lpad(n::text, 8, '0'),
    (string_to_array(%(customers)s, ' '))[1 + n %% 7] || '有限公司' || n %% 977,
    (string_to_array(%(cities)s, ' '))[1 + n %% 10], '科技园路' || n %% 500 || '号' || n %% 30 || '栋',
    (%(notes)s::text[])[1 + n %% %(notes_count)s], n %% 50, (n %% 100000) * 12500, (n::bigint * 37) %% 90000000,
    date '2025-01-01' + n %% 400,
    CASE WHEN n %% 4 > 0 THEN timestamptz '2025-01-01 08:00+00' + n * interval '37 seconds' END,
    (ARRAY['packed', 'on_the_way', 'delivered'])[1 + n %% 3], n %% 5 = 0
FROM generate_series(1, %(rows)s) AS n
"""


class ShipmentsDatabase:
    """A database of its own for one run of one benchmark; `with` makes it and drops it."""

    def __init__(self, name: str, folder: Path, *, rows: int, rows_of_others: int) -> None:
        self.name, self.folder, self.rows, self.rows_of_others = name, folder, rows, rows_of_others

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of an app that works here."""
        return {
            "DATA_FOLDER": str(self.folder), "SECRET_KEY": "bench" * 8, "PERSONAL_DATA_KEY": "bench" * 8,
            "ADDONS_PATH": [str(ROOT / "bench" / "addons")], "REDIS_URL": "", "DEFAULT_LANGUAGE": "en",
            "WTF_CSRF_ENABLED": False, "DATABASE_URL": self._url(APP), "DATABASE_OWNER_URL": self._url(OWNER),
        }  # fmt: skip

    def __enter__(self) -> Self:
        """Release into an empty database, open the companies, fill the table."""
        for role in (OWNER, APP):
            self._administer(
                "DO $$ BEGIN CREATE ROLE {0} LOGIN NOSUPERUSER NOBYPASSRLS; "
                "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
                role,
            )
        self._administer("DROP DATABASE IF EXISTS {0} WITH (FORCE)", self.name)
        self._administer("CREATE DATABASE {0} OWNER {1}", self.name, OWNER)
        self._fill(_open_companies(self.settings))
        return self

    def __exit__(self, *_error: object) -> None:
        """Remove everything but the two roles, which other runs may be using."""
        self._administer("DROP DATABASE IF EXISTS {0} WITH (FORCE)", self.name)

    def _fill(self, companies: list[int]) -> None:
        from app.database.encryption import encrypt

        phones = [encrypt(f"138{number:08}") for number in range(2_000)]
        for table, notes in (
            ("shipments_shipment", ["易碎,轻放 & keep dry", "送货前请先电话联系", None]),
            ("shipments_courier", phones),
        ):
            with psycopg.connect(SERVER, dbname=self.name, autocommit=True) as connection:
                for company in companies:
                    rows = self.rows if company == companies[0] else self.rows_of_others
                    values = {"company": company, "rows": rows, "customers": _CUSTOMERS, "cities": _CITIES}
                    statement = sql.SQL(_FILL).format(table=sql.Identifier(table))
                    connection.execute(statement, {**values, "notes": notes, "notes_count": len(notes)})
                connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))

    def _url(self, role: str) -> str:
        address = psycopg.conninfo.conninfo_to_dict(SERVER)
        return f"postgresql+psycopg://{role}@{address.get('host', '127.0.0.1')}:{address.get('port', 5432)}/{self.name}"

    def _administer(self, statement: str, *names: str) -> None:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def log_in(app: Flask) -> FlaskClient:
    """Return a client of the first company's clerk."""
    client = app.test_client()
    answer = client.post("/login/", data={"username": "clerk", "password": PASSWORD})
    if answer.status_code != 302:
        sys.exit(f"log-in refused: {answer.status_code}")
    return client


def _open_companies(settings: dict[str, Any]) -> list[int]:
    """Open twenty companies with the add-on on, the clerk a member of the first; return their ids."""
    from app.companies.enablement import switch
    from app.companies.memberships import add_membership
    from app.companies.models import Scope
    from app.companies.opening import open_company
    from app.database.session import commit, session
    from app.release import release
    from app.security.passwords import set_password

    app = release(("shipments",), **settings)
    with app.app_context():
        manager = app.appbuilder.sm  # type: ignore[attr-defined]
        companies = [open_company(f"Company {n:02}", code=f"c{n:02}", on=FIRST_DAY).id for n in range(1, COMPANIES + 1)]
        for company in companies:
            switch("shipments", company, on=True, depends={"shipments": []})
        clerk = manager.user_model(username="clerk", first_name="C", last_name="K", email="c@example.test", active=True)
        session.add(clerk)
        set_password(clerk, PASSWORD, must_change=False)
        session.flush()
        role = manager.find_role("shipments_clerk")
        add_membership(companies[0], user_id=clerk.id, role_id=role.id, scope=Scope.COMPANY)
        commit()
    return companies
