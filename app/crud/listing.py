"""Reading a list: conditions, search, scope and order become a statement of ids, then one of rows.

Beyond the first page the ids come first and alone, so that a deep page is an index scan; its rows follow with the
relationships that the list shows. The count stops at a cap: nobody reads page 4,000, and counting a million
rows costs more than showing twenty-five.
"""

import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import defer, joinedload

from app.companies.ownership import Owned
from app.crud.columns import Kind, ScreenColumn
from app.crud.conditions import Condition
from app.database.base import CompanyModel
from app.database.context import active_company
from app.database.isolation import forget_company_rows
from app.database.session import db, session
from app.search.query import asks_for_number
from app.security.masking import seen_in_clear, sees_all_personal
from app.security.scope import Reach, reach_of
from app.security.searching import found_by

COUNT_CAP = 10_000
CHUNK = 1_000
STAYS_LONG = 60.0  # Seconds in which a whole list with more rows than the cap is not counted again.


@dataclass(frozen=True)
class ListQuery:
    """What a list was asked for. Immutable: one is made for every request."""

    model: type[CompanyModel]
    actor: User
    columns: Sequence[ScreenColumn]
    conditions: Sequence[Condition] = ()
    text: str = ""
    order: ScreenColumn | None = None
    descending: bool = True
    extra: Sequence[sa.ColumnElement[bool]] = field(default=())
    verb: str = "list"  # What the records are read for: the scope of this right holds.

    def count(self, *, cap: int | None = COUNT_CAP) -> int:
        """Return how many rows there are, at most one more than the cap; None counts them all."""
        if cap is None or self.conditions or self.text or self.extra:
            return self._count(cap)
        many = current_app.extensions.setdefault("long_lists", {})
        key = (self.model, active_company(), self._reach, cap)
        if many.get(key, 0.0) > time.monotonic():
            return cap + 1
        found = self._count(cap)
        if found > cap:
            many[key] = time.monotonic() + STAYS_LONG
        return found

    def _count(self, cap: int | None) -> int:
        # Part by part: for each there is an index to read instead of the rows, and the first may reach the cap alone.
        first, *more = [
            self._restricted(sa.select(self.model.company_id)).where(part) for part in self._reach.parts(self.model)
        ]
        rows = first.union_all(*more) if more else first
        capped = (rows if cap is None else rows.limit(cap + 1)).subquery()
        return session.scalar(sa.select(sa.func.count()).select_from(capped)) or 0

    def count_around(self, found: int, *, before: int, asked: int) -> int:
        """Return the same for whoever has read a page: how many he found of those asked for, and how many lie before.

        Most pages tell the answer themselves.
        """
        if found and before + found > COUNT_CAP:
            return COUNT_CAP + 1
        return before + found if found < asked and (found or not before) else self.count()

    def page(self, number: int, size: int, *, from_end: bool = False) -> list[Any]:
        """Return the records of one page; `from_end` counts pages from the last row backwards."""
        if number == 0:  # Nothing is skipped, so nothing is read in vain: one statement does.
            rows = self._ordered(self.filtered(sa.select(self.model)), backwards=from_end).limit(size)
            records = list(session.scalars(rows.options(*self._relations(), *_without_custom(self.model))))
            return records[::-1] if from_end else records
        statement = self._ordered(self.filtered(sa.select(self.model.id)), backwards=from_end)
        keys = list(session.scalars(statement.offset(number * size).limit(size)))
        if from_end:
            keys.reverse()
        return self._read(sa.select(self.model), keys)

    def records(self, keys: Sequence[int]) -> list[Any]:
        """Return the visible records of these ids, in this order, with what the list shows of others."""
        return self._read(sa.select(self.model).where(*self._scope()), keys)

    def newest_ids(self, limit: int) -> sa.Select[int]:
        """Return the statement of the ids of the newest rows, for a search over several lists."""
        return self.filtered(sa.select(self.model.id)).order_by(self.model.id.desc()).limit(limit)

    def ids_beyond_reach(self, limit: int) -> sa.Select[int]:
        """Return the statement of the ids of all that was asked for, oldest first, however far the actor sees.

        For work of the company's administrator that shows him no record.
        """
        return self._restricted(sa.select(self.model.id)).order_by(self.model.id).limit(limit)

    def _relations(self) -> list[Any]:
        """Return what loads the records that the columns show together with the record itself."""
        return [
            joinedload(one).options(*_without_custom(one.property.entity.class_))
            for one in {column.relation for column in self.columns}
            if one is not None
        ]

    def find(self, key: int, *, along: Sequence[str] = ()) -> Any | None:
        """Return one record if the actor reaches it, with what these relationships lead to: 'partner.points'."""
        statement = sa.select(self.model).where(self.model.id == key, *self._scope())
        together = [_leading_along(self.model, path) for path in along]
        return session.scalars(statement.options(*self._relations(), *together)).unique().one_or_none()

    def chunks(self) -> Iterator[list[Any]]:
        """Yield all records in the list's order, some at a time, for export and bulk work."""
        statement = self._ordered(self.filtered(sa.select(self.model.id)), backwards=False)
        keys = array("q", session.scalars(statement, execution_options={"yield_per": 10 * CHUNK}))  # 8 MB of a million.
        for start in range(0, len(keys), CHUNK):
            yield self.records(keys[start : start + CHUNK].tolist())
            forget_company_rows(db.session())

    def rows(self, columns: Sequence[ScreenColumn], expressions: Sequence[Any]) -> sa.Select[Any]:
        """Return the statement of these columns as plain rows, for a fast export."""
        statement: sa.Select[Any] = sa.select(self.model.id)
        selected: list[Any] = []
        for column in columns:
            statement, expression = column.place_in(statement)
            selected.append(expression)
        statement = self._ordered(self.filtered(statement), backwards=False)
        return statement.with_only_columns(*selected, *expressions, maintain_column_froms=True)

    def slot_values(self, keys: Sequence[int], expressions: Sequence[Any]) -> dict[int, tuple[Any, ...]]:
        """Return by id what other add-ons show in their columns of these records, in one statement."""
        statement = sa.select(self.model.id, *expressions).where(self.model.id.in_(keys))
        return {row[0]: tuple(row[1:]) for row in session.execute(statement)}

    def sums_by(self, group: Any, amount: Any | None) -> dict[Any, tuple[int, Any]]:
        """Return by each value of a column how many rows there are, and their sum if an amount is named."""
        total = sa.null() if amount is None else sa.func.sum(amount)
        statement = self.filtered(sa.select(group, sa.func.count(), total)).group_by(group)
        return {row[0]: (row[1], row[2]) for row in session.execute(statement)}

    def first_ids_by(self, group: Any, values: Sequence[Any], limit: int) -> sa.Select[int]:
        """Return the statement of the first ids of each of these values, each in the list's order."""
        parts = []
        for place, value in enumerate(values):
            statement, keys = self._keys(self.filtered(sa.select(self.model.id)), backwards=False)
            ranked = statement.add_columns(sa.func.row_number().over(order_by=keys).label("rank"))
            first = ranked.add_columns(sa.literal(place).label("place")).where(
                group.is_(None) if value is None else group == value
            )
            parts.append(sa.select(first.order_by(*keys).limit(limit).subquery()))
        found = sa.union_all(*parts).subquery()
        return sa.select(found.c.id).order_by(found.c.place, found.c.rank)

    def first_ids_on(
        self, days: Sequence[tuple[Any, Any]], start: Any, end: Any | None, limit: int
    ) -> sa.Select[tuple[int, int, int]]:
        """Return the statement of the first rows of each day: its `place` among the days, `id`, and how `many` it has.

        The days follow each other; each is where it begins and where the next one does. One statement for up to 42.
        """
        spans = sa.union_all(
            *(
                sa.select(
                    sa.literal(place).label("place"),
                    sa.literal(begin, start.type).label("begin"),
                    sa.literal(after, start.type).label("after"),
                )
                for place, (begin, after) in enumerate(days)
            )
        ).cte("days")
        of_day: dict[str, Any] = {"partition_by": spans.c.place}
        within = happening(start, end, days[0][0], days[-1][1])  # Once for all days, so that the rest is not compared.
        rows = self.filtered(sa.select(self.model.id).where(within))
        rows = rows.join(spans, happening(start, end, spans.c.begin, spans.c.after))
        ranked = rows.add_columns(
            spans.c.place,
            sa.func.row_number().over(order_by=(start, self.model.id), **of_day).label("rank"),
            sa.func.count().over(**of_day).label("many"),
        ).subquery()
        found = sa.select(ranked.c.place, ranked.c.id, ranked.c.many).where(ranked.c.rank <= limit)
        return found.order_by(ranked.c.place, ranked.c.rank)

    def _read(self, statement: sa.Select[Any], keys: Sequence[int]) -> list[Any]:
        if not keys:
            return []
        statement = statement.where(self.model.id.in_(keys)).options(*self._relations(), *_without_custom(self.model))
        by_key = {record.id: record for record in session.scalars(statement)}
        return [by_key[key] for key in keys if key in by_key]

    def counts_by(self, group: Any, *before: Any) -> sa.Select[Any]:
        """Return the statement of how many rows there are by each value of a column, after the columns `before`."""
        return self.filtered(sa.select(*before, group, sa.func.count())).group_by(group)

    def filtered(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        """Put on a statement of the model what was asked for, and how far the actor sees."""
        return self._restricted(statement).where(*self._scope())

    def _restricted(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        """Put on what was asked for, but not how far the actor sees."""
        for condition in self.conditions:
            if condition.column.kind is Kind.REFERENCE:
                expression: Any = getattr(self.model, condition.column.name)
            else:
                statement, expression = condition.column.place_in(statement)
            statement = statement.where(condition.operator.compare(expression, condition.value))
        if self.text:
            statement = statement.where(self._matches())
        return statement.where(*self.extra)

    def _matches(self) -> sa.ColumnElement[bool]:
        """Return the condition of the typed text. Numbers are searched by whoever may see them, and by the owner."""
        model, actor = self.model, self.actor
        sees_all = sees_all_personal(actor, model, verb=self.verb)
        found: sa.ColumnElement[bool] = found_by(model, self.text, actor=actor, include_personal=sees_all)
        if sees_all or not issubclass(model, Owned) or not asks_for_number(self.text):
            return found
        by_number = found_by(model, self.text, actor=actor, include_personal=True)
        return sa.or_(found, sa.and_(*seen_in_clear(actor, model), by_number))

    @cached_property
    def _reach(self) -> Reach:
        return reach_of(self.model, self.actor, verb=self.verb)

    def _scope(self) -> list[Any]:
        within = self._reach.condition(self.model)
        return [] if within is None else [within]

    def _ordered(self, statement: sa.Select[Any], *, backwards: bool) -> sa.Select[Any]:
        statement, keys = self._keys(statement, backwards=backwards)
        return statement.order_by(*keys)

    def _keys(self, statement: sa.Select[Any], *, backwards: bool) -> tuple[sa.Select[Any], list[Any]]:
        """Return the statement with the join that the order needs, and what to order by."""
        descending = self.descending is not backwards
        keys: list[Any] = [self.model.id]
        if self.order is not None and self.order.name != "id":
            statement, expression = self.order.place_in(statement)
            keys.insert(0, expression)
        return statement, [key.desc() if descending else key.asc() for key in keys]


def _leading_along(model: Any, path: str) -> Any:
    """Return what loads a record together with what this path of relationships leads to."""
    option = None
    for name in path.split("."):
        attribute = getattr(model, name)
        option = joinedload(attribute) if option is None else option.joinedload(attribute)
        model = attribute.property.entity.class_
    return option


def _without_custom(model: type[Any]) -> list[Any]:
    """Return what leaves the custom fields of records unread, which no list shows: decoding JSON takes its time."""
    return [defer(model.custom)] if getattr(model, "custom", None) is not None else []


def happening(start: Any, end: Any | None, begin: Any, after: Any) -> sa.ColumnElement[bool]:
    """Return the condition of what happens between two days or instants; without an end it happens where it starts."""
    begins = sa.and_(start >= begin, start < after)
    if end is None:
        return begins
    # What ends at midnight does not reach into the day that begins then; a last day is still its day.
    still = end >= begin if isinstance(start.type, sa.Date) else end > begin
    return sa.or_(begins, sa.and_(start < begin, still))
