"""Running a report: in the caller's session, so that both walls and the actor's scope hold."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from operator import itemgetter
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Result, Select, func, select
from sqlalchemy.orm import with_loader_criteria

from app.database.session import session
from app.reports.definition import Report, Statement
from app.reports.filters import ReportArguments
from app.reports.limiting import hidden_columns, refuse_hidden_choice, seen_report
from app.security.clearance import FACTS, clearance_of
from app.security.masking import sees_all_personal
from app.security.scope import visible

Row = Sequence[Any]
CHUNK = 2_000
COUNT_CAP = 10_000


@dataclass(frozen=True)
class RowCount:
    """How many rows there are: at least `number` where counting stopped at the cap."""

    number: int
    capped: bool


def seen_by(report: Report, arguments: ReportArguments) -> Report:
    """Return the report as it is worded for the arguments, with the columns that the actor sees.

    Raises ValidationError where none is left.
    """
    return seen_report(report.worded(arguments), _statement(report, arguments), arguments.actor)


def list_rows(report: Report, arguments: ReportArguments, *, limit: int = 200, offset: int = 0) -> list[Row]:
    """Return one page of rows, with the values in the order of the report's columns."""
    if report.rows is not None:
        return [row for _key, row in islice(_worked_out(report, arguments), offset, offset + limit)]
    page = statement_of(report, arguments).limit(limit).offset(offset)
    return list(_rows(report, arguments, _execute(report, arguments, page)))


def list_opening_rows(report: Report, arguments: ReportArguments, *, limit: int = 200) -> list[tuple[Any, Row]]:
    """Return the first rows as `list_rows` does, each after the id of what it is about, if the report says.

    Where rows are about records of several kinds, that is a pair of the resource and the id.
    """
    if report.rows is not None:
        return list(islice(_worked_out(report, arguments), limit))
    if not report.key:
        return [(None, row) for row in list_rows(report, arguments, limit=limit)]
    page = statement_of(report, arguments).limit(limit)
    found = _rows(report, arguments, _execute(report, arguments, page), first=(report.key,))
    return [(row[0], row[1:]) for row in found]


def stream_rows(report: Report, arguments: ReportArguments, *, chunk: int = CHUNK) -> Iterator[Row]:
    """Yield every row, fetched in chunks through a cursor on the server.

    The cursor lives in the session's transaction: whoever reads on may not commit in between.
    """
    if report.rows is not None:
        return (row for _key, row in _worked_out(report, arguments))
    return _rows(report, arguments, _execute(report, arguments, statement_of(report, arguments), yield_per=chunk))


def count_rows(report: Report, arguments: ReportArguments, *, cap: int = COUNT_CAP) -> RowCount:
    """Return the number of rows, without counting beyond the cap."""
    if report.rows is not None:
        number = sum(1 for _row in islice(report.rows(arguments), cap + 1))
        return RowCount(min(number, cap), number > cap)
    rows = statement_of(report, arguments).order_by(None).limit(cap + 1).subquery()
    number = _execute(report, arguments, select(func.count()).select_from(rows)).scalar_one()
    return RowCount(min(number, cap), number > cap)


def sum_columns(report: Report, arguments: ReportArguments) -> dict[str, Decimal | int]:
    """Return the exact total over all rows of each column marked total, summed by the database."""
    statement = _statement(report, arguments)
    hidden = hidden_columns(report, statement, arguments.actor)
    columns = [column for column in report.columns if column.total and column.name not in hidden]
    if not columns:
        return {}
    if report.rows is not None or statement is None:
        worked_out = [*(report.rows(arguments) if report.rows is not None else ())]
        return {column.name: sum(row[column.name] or 0 for row in worked_out) for column in columns}
    rows = statement.order_by(None).subquery()
    sums = _execute(report, arguments, select(*(func.sum(rows.c[column.name]) for column in columns))).one()
    return {
        column.name: int(value or 0) if column.kind == "integer" else Decimal(value or 0)
        for column, value in zip(columns, sums, strict=True)
    }


def _statement(report: Report, arguments: ReportArguments) -> Statement | None:
    """Return the report's statement; None for one whose rows are worked out."""
    return None if report.rows is not None else statement_of(report, arguments)


def _worked_out(report: Report, arguments: ReportArguments) -> Iterator[tuple[Any, Row]]:
    """Yield the rows that a report works out, each after what it is about, without hidden columns."""
    if report.rows is None:
        return
    hidden = hidden_columns(report, None, arguments.actor)
    for row in report.rows(arguments):
        key = row[report.key] if report.key else None
        opened = (row[report.opens_in], key) if report.opens_in else key
        yield opened, [None if column.name in hidden else row[column.name] for column in report.columns]


def statement_of(report: Report, arguments: ReportArguments) -> Statement:
    """Return the report's statement for these arguments, in its order.

    Raises ValidationError where it chooses its rows by a field that the actor does not see.
    """
    if isinstance(report.query, Select):
        statement: Statement = report.query
    elif report.query is None:
        raise TypeError(f"report {report.name} works its rows out")
    else:
        statement = report.query(arguments)
        report.check(statement)
    refuse_hidden_choice(report, statement, arguments.actor)
    for name in report.order:
        column = statement.selected_columns[name.removeprefix("-")]
        statement = statement.order_by(column.desc() if name.startswith("-") else column.asc())
    return statement


def _execute(report: Report, arguments: ReportArguments, statement: Select[Any], **options: Any) -> Result[Any]:
    """Run a statement so that it meets only those rows of the model that the actor's scope reaches.

    The criterion holds wherever the model occurs, in subqueries too; a definition that does not use it is refused.
    """
    reached = visible(report.model, arguments.actor, verb=arguments.verb)
    if reached is not None:
        statement = statement.options(with_loader_criteria(report.model, reached, include_aliases=True))
    return session.execute(statement, execution_options=options)


def _rows(
    report: Report, arguments: ReportArguments, result: Result[Any], *, first: Sequence[str] = ()
) -> Iterator[Row]:
    """Yield what is asked for `first`, then the values in the order of the report's columns, and nothing else."""
    keys = list(result.keys())
    rows: Iterable[Row] = result
    actor, verb = arguments.actor, arguments.verb
    if any(column.personal for column in report.columns) and not sees_all_personal(actor, report.model, verb=verb):
        rows = _masked(report, actor, keys, result)
    hidden = hidden_columns(report, statement_of(report, arguments), actor)
    if hidden:
        rows = _blanked(rows, {keys.index(name) for name in hidden})
    places = [keys.index(name) for name in (*first, *(column.name for column in report.columns))]
    if places == list(range(len(keys))):
        yield from rows
    elif len(places) == 1:
        yield from ((row[places[0]],) for row in rows)
    else:
        yield from map(itemgetter(*places), rows)


def _blanked(rows: Iterable[Row], places: set[int]) -> Iterator[Row]:
    """Return the rows without the values of hidden fields, of whoever has not asked what he may see."""
    for row in rows:
        yield [None if place in places else value for place, value in enumerate(row)]


def _masked(report: Report, actor: User, keys: list[str], rows: Iterable[Row]) -> Iterator[Row]:
    """Return the rows with personal values masked, but for those that the actor owns or whose right reaches (P:CRM-20).

    Whose a row is, its statement says in `owner_id`, `org_unit_id` and `created_by_id`; of a row that does not say,
    nothing is clear.
    """
    masks = {keys.index(column.name): column.personal for column in report.columns if column.personal}
    facts = [keys.index(name) if name in keys else None for name in FACTS]
    return clearance_of(actor, report.model).masked_rows(rows, masks, facts)
