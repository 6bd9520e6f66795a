"""Exact sums of the columns marked total, made while rows pass by."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from app.reports.definition import ReportColumn


class ColumnTotals:
    """Sums by column. What is no finite number, such as a masked value, is not counted."""

    def __init__(self, columns: Sequence[ReportColumn]) -> None:
        self._places = [index for index, column in enumerate(columns) if column.total]
        self._names = [columns[index].name for index in self._places]
        self._sums = [Decimal(0)] * len(self._places)

    def __bool__(self) -> bool:
        """Tell whether any column is summed."""
        return bool(self._places)

    def add(self, values: Sequence[Any]) -> None:
        """Count one row."""
        for position, place in enumerate(self._places):
            value = values[place]
            if isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite()):
                self._sums[position] += value

    def watch(self, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Pass the rows on, counting each."""
        for values in rows:
            self.add(values)
            yield values

    def by_name(self) -> dict[str, Decimal]:
        """Return the sums so far."""
        return dict(zip(self._names, self._sums, strict=True))
