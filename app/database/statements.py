"""What a statement reads: finds the company tables in it that the company filter does not reach.

The filter is put on mapped classes. A table used beside its class, or named in raw SQL, would come unfiltered.
"""

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.selectable import AliasedReturnsRows, SelectBase

from app.database.base import CompanyModel, Model, is_company_table

_known: dict[int, dict[str, bool]] = {}  # The company tables, for the number of tables there were.


def find_unfiltered(statement: Any, *, is_orm: bool) -> str | None:
    """Return what the company filter would miss in this statement, in words; None if all is well."""
    scopes: list[ClauseElement] = [statement]
    while scopes:
        if found := _Scope(scopes.pop()).find(scopes, is_orm=is_orm):
            return found
    return None


class _Scope:
    """One SELECT, UPDATE or DELETE without those inside it: its sources must be met through their classes."""

    def __init__(self, root: ClauseElement) -> None:
        self.root = root
        self.sources: set[Any] = set()
        self.filtered: set[Any] = set()  # Sources of which a mapped attribute or class is used in this scope.

    def find(self, inner: list[ClauseElement], *, is_orm: bool) -> str | None:
        """Return what is unfiltered here; put the scopes inside this one on the list."""
        for element in self._elements(inner):
            if isinstance(element, sa.TextClause):
                return "raw SQL"
            if getattr(element, "is_literal", False) and _names_in(element.name):
                return f"raw SQL about {_names_in(element.name)[0]}"
            self._note(element)
        changed = getattr(self.root, "table", None)
        for source in self.sources:
            name = _table_of(source).name
            if changed is not None and source != changed:
                return f"table {name} joined to the changed one"
            if not is_orm or (source not in self.filtered and company_tables()[name]):
                return f"table {name} instead of its class"
        return None

    def _elements(self, inner: list[ClauseElement]) -> Iterator[Any]:
        waiting = _children(self.root)
        while waiting:
            element = waiting.pop()
            if isinstance(element, SelectBase):
                inner.append(element)
                continue
            yield element
            if _company_source(element) is None:  # A source is a leaf: what is beneath its name does not matter.
                waiting.extend(element.get_children())

    def _note(self, element: Any) -> None:
        source = _company_source(getattr(element, "table", None) if isinstance(element, sa.ColumnClause) else element)
        if source is not None:
            self.sources.add(source)
            if "parententity" in element._annotations:
                self.filtered.add(source)


def _children(root: ClauseElement) -> list[Any]:
    if isinstance(root, sa.TextClause):
        return [root]
    children: list[Any] = list(root.get_children())
    if isinstance(root, sa.Select):  # Of a class and its table, it names only the one it meets first.
        children.extend(root._from_obj)
    return children


def company_tables() -> dict[str, bool]:
    """Return the company tables by name, and whether a class is mapped to each (link tables have none)."""
    count = len(Model.metadata.tables)
    if count not in _known:
        mapped = {mapper.local_table for mapper in CompanyModel.registry.mappers}
        tables = [table for table in Model.metadata.tables.values() if is_company_table(table)]
        _known.clear()
        _known[count] = {table.name: table in mapped for table in tables}
    return _known[count]


def _names_in(sql: str) -> list[str]:
    return sorted(set(re.findall(r"\w+", sql.lower())) & company_tables().keys())


def _company_source(element: Any) -> Any:
    """Return the element if it is a company table or an alias of one."""
    if isinstance(element, sa.TableClause | AliasedReturnsRows):
        table = _table_of(element)
        if isinstance(table, sa.TableClause) and table.name in company_tables():
            return element
    return None


def _table_of(source: Any) -> Any:
    while isinstance(source, AliasedReturnsRows):
        source = source.element
    return source
