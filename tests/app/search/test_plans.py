"""Under row-level security every search condition may use the index: leakproof operators only."""

import re

import pytest
import sqlalchemy as sa

from app.database.session import db, session
from app.masterdata.models import Partner
from app.search.indexing import rebuild
from app.search.query import matching_ids

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.parametrize("database", ["postgresql"], indirect=True)]
TEXTS = ["王", "王小", "wang", "1380", "王 1380", "wang@example.com", "13800138000", "阿里巴巴（中国）有限公司"]


def explain(statement):
    """Return the plan of a statement as the session runs it, and the statement."""
    seen = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2:4]))
    session.execute(statement).all()
    sql, parameters = seen[-1]
    plan = session.connection().exec_driver_sql(f"EXPLAIN {sql}", parameters).scalars()
    return "\n".join(plan), sql


def test_searches_use_the_index_as_a_role_that_owns_nothing(world, run_in):
    def check():
        rows = [{"name": f"王小{chr(0x4E00 + number)}", "name_key": "x"} for number in range(200)]
        session.execute(sa.insert(Partner), rows)
        rebuild(session, Partner)
        connection = session.connection()
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        owner = "SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE relname = 'search_token'"
        assert connection.exec_driver_sql(owner).scalar() is False
        assert connection.exec_driver_sql("SELECT row_security_active('search_token')").scalar() is True

        for text in TEXTS:
            for personal in (False, True):
                statement = sa.select(Partner.id).where(
                    Partner.id.in_(matching_ids(Partner, text, include_personal=personal))
                )
                plan, sql = explain(statement)
                scans = [found for found in re.findall(r"Index Cond: (.*)", plan) if "model" in found]
                assert scans, plan
                assert all("token" in condition for condition in scans), plan
                assert "Seq Scan on search_token" not in plan
                assert " LIKE " not in sql.upper()
                assert sql.count("company_id") >= 2  # The first wall stands in the subquery, too.

    run_in(world.one, check)


def test_the_operators_used_are_leakproof(world, run_in):
    def check():
        functions = ("texteq", "text_ge", "text_lt", "booleq", "int4eq", "int8eq")
        leakproof = session.connection().exec_driver_sql(
            "SELECT proname FROM pg_proc WHERE proleakproof AND proname = ANY(%s)", (list(functions),)
        )
        assert set(leakproof.scalars()) == set(functions)

    run_in(world.one, check)


def test_tokens_are_ordered_by_code_point(world, run_in):
    def check():
        collation = session.connection().exec_driver_sql(
            "SELECT collname FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation"
            " WHERE attrelid = 'search_token'::regclass AND attname = 'token'"
        )
        assert collation.scalar() == "C"

    run_in(world.one, check)


def test_the_release_has_tokens_counted_in_detail(world, run_in):
    def check():
        detail = (
            "SELECT attstattarget FROM pg_attribute WHERE attrelid = 'search_token'::regclass AND attname = 'token'"
        )
        assert session.connection().exec_driver_sql(detail).scalar() == 1000

    run_in(world.one, check)
