"""Tokens follow the records, and find them under both walls."""

import pytest
import sqlalchemy as sa

from app.database.encryption import keyed_hash
from app.database.isolation import IsolationError
from app.database.late_rows import insert_rows
from app.database.session import db, session
from app.masterdata.choices import PointKind
from app.masterdata.models import Partner, PartnerPoint
from app.search import indexing
from app.search.declaration import declaration_of
from app.search.indexing import index_records, rebuild
from app.search.models import SearchToken
from app.search.query import is_searchable, matching_ids


def partner(name, **values):
    return Partner(name=name, name_key=name, **values)


def phone(owner, number, **values):
    return PartnerPoint(partner=owner, kind=PointKind.PHONE, value=number, value_hash=keyed_hash(number), **values)


def found(text, *, personal=True):
    wanted = matching_ids(Partner, text, include_personal=personal)
    return session.scalars(sa.select(Partner.name).where(Partner.id.in_(wanted)).order_by(Partner.name)).all()


def tokens():
    number = declaration_of(Partner).number
    columns = sa.select(SearchToken.record_id, SearchToken.personal, SearchToken.token)
    return {tuple(row) for row in session.execute(columns.where(SearchToken.model == number))}


def test_new_records_are_found_by_name_number_and_phone(world, run_in):
    def check():
        wang, li = partner("王小明", number="C2025110003"), partner("李四", tax_no="91350100M000100Y43")
        session.add_all([wang, phone(wang, "13800138000"), li, phone(li, "13900138000")])
        session.flush()

        assert found("王") == found("xiaoming") == found("C2025110003") == found("0003") == ["王小明"]
        assert found("9135") == ["李四"]
        assert sorted(found("8000")) == ["李四", "王小明"]
        assert found("王 8000") == found("wang 138 0013 8000") == ["王小明"]
        assert found("王 8001") == found("赵") == found("%") == []

    run_in(world.one, check)


@pytest.mark.rule("P:CRM-20")
def test_personal_tokens_count_only_for_those_who_may_see_them(world, run_in):
    def check():
        wang = partner("王小明", id_no="11010519491231002X")
        session.add_all([wang, phone(wang, "13800138000")])
        session.flush()

        for text in ("8000", "13800138000", "002x", "11010519491231002X", "王 8000"):
            assert found(text, personal=True) == ["王小明"]
            assert found(text, personal=False) == []
        hidden = {token for _id, personal, token in tokens() if personal}
        assert len(hidden) == 4
        assert not hidden & {"8000", "002x", "13800138000", "11010519491231002x"}

    run_in(world.one, check)


def test_tokens_follow_changes_parts_and_deletion(world, run_in):
    def add():
        wang = partner("王小明")
        session.add(wang)
        session.flush()
        session.add(phone(wang, "13800138000"))
        session.flush()
        assert found("8000") == found("王") == ["王小明"]
        return wang.id

    wang_id = run_in(world.one, add)

    def change():
        wang = session.get_one(Partner, wang_id)
        wang.name = "赵六"
        session.flush()
        assert found("王") == []
        assert found("赵 8000") == ["赵六"]
        point = session.scalars(sa.select(PartnerPoint)).one()
        point.value = "13900139001"
        session.flush()
        assert found("8000") == []
        assert found("9001") == ["赵六"]
        session.delete(point)
        session.flush()
        assert found("9001") == []
        session.delete(wang)
        session.flush()
        assert tokens() == set()

    run_in(world.one, change)


def test_a_part_moved_to_another_record_is_found_there(world, run_in):
    def check():
        wang, li = partner("王"), partner("李")
        point = phone(wang, "13800138000")
        session.add_all([wang, li, point])
        session.flush()

        point.partner = li
        session.flush()

        assert found("8000") == ["李"]

    run_in(world.one, check)


def test_a_part_deleted_after_a_commit_takes_its_tokens_along(world, run_in):
    def add():
        wang = partner("王")
        session.add_all([wang, phone(wang, "13800138000")])

    run_in(world.one, add)

    def check():
        session.commit()
        session.delete(session.scalars(sa.select(PartnerPoint)).one())
        session.flush()
        assert found("8000") == []
        assert found("王") == ["王"]

    run_in(world.one, check)


def test_another_companys_tokens_find_nothing(world, run_in):
    run_in(world.one, lambda: session.add(partner("王小明")))

    assert run_in(world.two, lambda: found("王")) == []
    assert run_in(world.two, tokens) == set()
    assert run_in(world.two, lambda: rebuild(session, Partner)) == 0
    assert run_in(world.one, lambda: found("王")) == ["王小明"]


def test_no_company_no_search(world):
    with world.app.app_context(), pytest.raises(IsolationError):
        session.scalars(matching_ids(Partner, "王")).all()


def test_a_rolled_back_save_leaves_no_tokens(world, run_in):
    def check():
        session.add(partner("王"))
        session.flush()
        session.rollback()
        assert tokens() == set()

    run_in(world.one, check)


def test_bulk_written_rows_are_indexed_when_asked(world, run_in, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 3)

    def check():
        rows = [{"name": f"王{number}号", "name_key": str(number)} for number in range(8)]
        ids = session.scalars(sa.insert(Partner).returning(Partner.id), rows).all()
        assert found("王") == []

        index_records(session, Partner, ids[:4])
        assert len(found("王")) == 4
        index_records(session, Partner, ids)
        assert len(found("王")) == 8

        before = tokens()
        assert rebuild(session, Partner) == 8
        assert tokens() == before

    run_in(world.one, check)


def test_a_flush_that_changes_nothing_searched_writes_no_tokens(world, run_in):
    def check():
        wang = partner("王")
        point = phone(wang, "13800138000")
        session.add_all([wang, point])
        session.flush()
        statements = []
        listener = lambda *arguments: statements.append(arguments[2])  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", listener)
        wang.pinyin, point.opt_out = "x", True
        session.flush()
        sa.event.remove(db.engine, "before_cursor_execute", listener)

        assert not [statement for statement in statements if "search_token" in statement]

    run_in(world.one, check)


def test_rows_are_inserted_into_the_active_company_only(world, run_in):
    row = {"model": declaration_of(Partner).number, "record_id": 1, "personal": False, "token": "x"}

    def check():
        with pytest.raises(IsolationError):
            insert_rows(session, SearchToken, [{**row, "company_id": world.two}])
        insert_rows(session, SearchToken, [])
        insert_rows(session, SearchToken, [row])
        assert tokens() == {(1, False, "x")}

    run_in(world.one, check)
    with world.app.app_context(), pytest.raises(IsolationError):
        insert_rows(session, SearchToken, [row])


def test_models_say_whether_they_are_searchable():
    assert is_searchable(Partner)
    assert not is_searchable(PartnerPoint)
