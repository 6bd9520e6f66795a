"""What a report may tell an actor from whom fields are kept back (S:CORE-04).

A column is left out that reads a hidden field, of the report's own resource or of another one, however deep in the
statement; so is one that has the name of a hidden field of the report's own resource. A field that is the title of
another record takes along every column with such titles: they cannot be told apart. A report that chooses its rows
by a hidden field does not run: which rows are there would tell it.
"""

from collections.abc import Collection, Iterator
from copy import copy
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnElement

from app.database.base import CompanyModel, Model, title_column
from app.errors import ValidationError
from app.i18n import _, humanize
from app.reports.definition import Report, Statement
from app.security.field_limits import FieldLimits, limits_of
from app.security.permissions import permission_cache
from app.security.scope import resource_of

Source = tuple[str, str]  # (table, column)


def hidden_columns(report: Report, statement: Statement | None, actor: User) -> frozenset[str]:
    """Return the names of the report's columns that this actor does not see; of rows worked out, by their names."""
    limits = limits_of(actor, report.resource)
    if statement is None:
        return frozenset(column.name for column in report.columns if limits.hides(column.name))
    sources = _hidden_sources(report, statement, actor)
    if not (limits or sources):
        return frozenset()
    return frozenset(
        column.name
        for column in report.columns
        if limits.hides(column.name) or sources & read_by(statement.selected_columns[column.name])
    )


def refuse_hidden_choice(report: Report, statement: Statement, actor: User) -> None:
    """Raise ValidationError where the statement chooses its rows by a field that the actor does not see."""
    sources = _hidden_sources(report, statement, actor)
    if not sources:
        return
    for part in visitors.iterate(statement):
        if isinstance(part, sa.Select):
            conditions = [part.whereclause, *part._having_criteria]  # noqa: SLF001  # There is no public way to it.
            found = {source for one in conditions if one is not None for source in sources & read_by(one)}
            for _table, column in sorted(found):
                raise ValidationError(
                    "report.hidden",
                    _("This report chooses its rows by “%(label)s”, which you may not see."),
                    label=_(humanize(column)),
                )


def seen_report(report: Report, statement: Statement | None, actor: User) -> Report:
    """Return the report without the columns that the actor does not see, and without what is asked or drawn by them.

    Raises ValidationError where nothing is left.
    """
    hidden, limits = hidden_columns(report, statement, actor), limits_of(actor, report.resource)
    if not hidden:
        return report
    seen = copy(report)
    seen.columns = tuple(column for column in report.columns if column.name not in hidden)
    seen.filters = tuple(one for one in report.filters if not limits.hides(one.name))
    seen.order = tuple(name for name in report.order if name.removeprefix("-") not in hidden)
    if report.chart is not None and hidden & set(report.chart.columns):
        seen.chart = None
    if not seen.columns:
        raise ValidationError("report.empty", _("You may see none of the columns of this report."))
    return seen


def read_by(expression: Any) -> set[Source]:
    """Return the columns of tables that an expression reads, through every subquery."""
    found: set[Source] = set()
    waiting, known = [expression], set()
    while waiting:
        for part in visitors.iterate(waiting.pop()):
            if not isinstance(part, ColumnElement) or id(part) in known:
                continue
            known.add(id(part))
            table = getattr(part, "table", None)
            if isinstance(table, sa.Table):
                found.add((table.name, part.key or ""))
            waiting += [one for one in part.proxy_set if one is not part and id(one) not in known]
    return found


def _hidden_sources(report: Report, statement: Statement, actor: User) -> set[Source]:
    limited = permission_cache().get().limited
    if not limited:
        return set()
    own = limits_of(actor, report.resource)
    found = set(_sources(report.model, own, titles=True))
    tables = {each.name for each in visitors.iterate(statement) if isinstance(each, sa.Table)}
    for model in _models(tables, limited):
        limits = limits_of(actor, resource_of(model))
        if limits and model is not report.model:
            found.update(_sources(model, limits, titles=False))
    return found


def _models(tables: Collection[str], resources: Collection[str]) -> Iterator[type[CompanyModel]]:
    for mapper in Model.registry.mappers:
        model = mapper.class_
        if issubclass(model, CompanyModel) and model.__tablename__ in tables and resource_of(model) in resources:
            yield model


def _sources(model: type[CompanyModel], limits: FieldLimits, *, titles: bool) -> Iterator[Source]:
    """Yield the columns that hold the hidden fields of a model, with `titles` those of the records referred to."""
    if not limits:
        return
    mapper = sa.inspect(model)
    for attribute in mapper.column_attrs:
        if limits.hides(attribute.key):
            yield model.__tablename__, attribute.columns[0].key
    for relation in mapper.relationships if titles else ():
        if limits.hides(relation.key) and not relation.uselist:
            target = relation.mapper.class_
            yield target.__tablename__, title_column(target)
