"""A report runs in the caller's session: company, scope, filters, order, exact totals."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from flask_appbuilder.security.sqla.models import User
from openpyxl import load_workbook

from app.companies.models import Employee
from app.database.isolation import IsolationError
from app.database.session import session
from app.errors import ValidationError
from app.reports import (
    RowCount,
    count_rows,
    describe_arguments,
    list_rows,
    read_arguments,
    stream_rows,
    sum_columns,
    write_sheet,
)
from tests.app.reports.conftest import DAY, ZONE
from tests.app.reports.deals import BY_STAGE, FILTERED, PLAIN, Deal, Stage


def arguments_of(world, report, user="ann", **raw):
    actor = session.get_one(User, world.users[user])
    return read_arguments(report, raw, actor=actor, today=DAY, zone=ZONE)


def test_rows_come_in_the_order_and_with_the_columns_declared(world, run_in):
    rows = run_in(world.one, lambda: list_rows(PLAIN, arguments_of(world, PLAIN)))

    assert [(title, stage, amount) for title, stage, amount, _at in rows] == [
        ("交易2", Stage.WON, Decimal("0.30")),
        ("交易1", Stage.OPEN, Decimal("0.20")),
        ("交易0", Stage.OPEN, Decimal("0.10")),
    ]
    assert rows[0][3] == dt.datetime(2026, 3, 3, 0, tzinfo=dt.UTC)


def test_a_page_of_rows(world, run_in):
    rows = run_in(world.one, lambda: list_rows(PLAIN, arguments_of(world, PLAIN), limit=1, offset=1))

    assert [row[0] for row in rows] == ["交易1"]


def test_streaming_gives_the_same_rows_in_chunks(world, run_in):
    def read():
        arguments = arguments_of(world, PLAIN)
        return list_rows(PLAIN, arguments), list(stream_rows(PLAIN, arguments, chunk=1))

    listed, streamed = run_in(world.one, read)

    assert [tuple(row) for row in streamed] == [tuple(row) for row in listed]


def test_columns_may_stand_in_another_order_than_in_the_statement(world, run_in):
    rows = run_in(world.one, lambda: list_rows(BY_STAGE, arguments_of(world, BY_STAGE)))

    assert [tuple(row) for row in rows] == [(Stage.OPEN, Decimal("0.30"), 2), (Stage.WON, Decimal("0.30"), 1)]


def test_totals_are_exact_and_summed_by_the_database(world, run_in):
    def read():
        return sum_columns(PLAIN, arguments_of(world, PLAIN)), sum_columns(BY_STAGE, arguments_of(world, BY_STAGE))

    plain, by_stage = run_in(world.one, read)

    assert plain == {"amount": Decimal("0.60")}
    assert by_stage == {"amount": Decimal("0.60"), "number": 3}
    assert isinstance(by_stage["number"], int)


def test_totals_of_no_rows_are_nought(world, run_in):
    totals = run_in(
        world.one,
        lambda: sum_columns(FILTERED, arguments_of(world, FILTERED, closed_from="2020-01-01", closed_to="2020-01-02")),
    )

    assert totals == {"amount": Decimal(0)}


@pytest.mark.parametrize(("cap", "count"), [(10, RowCount(3, False)), (3, RowCount(3, False)), (2, RowCount(2, True))])
def test_counting_stops_at_the_cap(world, run_in, cap, count):
    assert run_in(world.one, lambda: count_rows(PLAIN, arguments_of(world, PLAIN), cap=cap)) == count


def test_another_companys_rows_are_never_met(world, run_in):
    def read():
        arguments = arguments_of(world, BY_STAGE)
        return (
            count_rows(BY_STAGE, arguments).number,
            sum_columns(BY_STAGE, arguments)["amount"],
            len(list(stream_rows(PLAIN, arguments))),
        )

    # Ann has no role in the second company: she reaches nothing there.
    assert run_in(world.two, read) == (0, Decimal(0), 0)


def test_without_a_company_nothing_runs(world, run_in):
    with pytest.raises(IsolationError):
        run_in(None, lambda: list_rows(PLAIN, arguments_of(world, PLAIN)))


def test_the_actors_scope_holds_in_rows_counts_and_totals(world, run_in):
    def own_one():
        employee = Employee(number="E1", name="Bob", user_id=world.users["bob"], hired_on=dt.date(2026, 1, 1))
        session.add(employee)
        session.flush()
        session.query(Deal).filter_by(title="交易1").one().owner_id = employee.id

    def read():
        arguments = arguments_of(world, PLAIN, "bob")
        by_stage = arguments_of(world, BY_STAGE, "bob")
        return (
            [row[0] for row in list_rows(PLAIN, arguments)],
            count_rows(PLAIN, arguments).number,
            [row[0] for row in stream_rows(PLAIN, arguments)],
            sum_columns(BY_STAGE, by_stage),
        )

    run_in(world.one, own_one)

    assert run_in(world.one, read) == (["交易1"], 1, ["交易1"], {"amount": Decimal("0.20"), "number": 1})


def test_a_stranger_sees_nothing(world, run_in):
    assert run_in(world.one, lambda: list_rows(PLAIN, arguments_of(world, PLAIN, "eve"))) == []


def test_filters_reach_the_statement_in_the_companys_days(world, run_in):
    def titles(**raw):
        return run_in(world.one, lambda: [row[0] for row in list_rows(FILTERED, arguments_of(world, FILTERED, **raw))])

    assert titles() == ["交易0"]
    assert titles(closed_from="2026-03-03", closed_to="2026-03-03") == ["交易1", "交易2"]
    assert titles(closed_from="2026-03-01", closed_to="2026-03-31", stage="won") == ["交易2"]


def test_a_record_of_another_company_cannot_be_chosen(world, run_in):
    foreign = run_in(world.two, lambda: session.query(Deal).first().id)
    own = run_in(world.one, lambda: session.query(Deal).first().id)

    with pytest.raises(ValidationError) as refused:
        run_in(world.one, lambda: arguments_of(world, FILTERED, deal=str(foreign)))

    assert (refused.value.code, refused.value.field) == ("reports.filter.record", "deal")
    assert run_in(world.one, lambda: arguments_of(world, FILTERED, deal=str(own)))["deal"] == own


def test_the_filters_are_described_for_the_printed_head(world, run_in):
    words = run_in(world.one, lambda: describe_arguments(FILTERED, arguments_of(world, FILTERED, stage="won")))

    assert words == "Closed: 2026-03-02 · Stage: Won"


def test_a_streamed_report_becomes_a_spreadsheet(world, run_in):
    def export():
        arguments, target, told = arguments_of(world, PLAIN), BytesIO(), []
        number = count_rows(PLAIN, arguments).number
        write_sheet(
            PLAIN.columns,
            stream_rows(PLAIN, arguments),
            target,
            title="Deals",
            zone=ZONE,
            progress=lambda done, total: told.append((done, total)),
            expected=number,
        )
        return target, told

    target, told = run_in(world.one, export)

    sheet = load_workbook(target).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Title", "Stage", "Amount", "Closed at"],
        ["交易2", "Won", 0.3, dt.datetime.fromisoformat("2026-03-03 08:00:00")],
        ["交易1", "Open", 0.2, dt.datetime.fromisoformat("2026-03-03 00:00:00")],
        ["交易0", "Open", 0.1, dt.datetime.fromisoformat("2026-03-02 16:00:00")],
        ["Total", None, 0.6, None],
    ]
    assert told == [(3, 3)]
