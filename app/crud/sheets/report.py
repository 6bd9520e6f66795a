"""What a sheet that came back holds: the changes of each record, and what is refused."""

from dataclasses import dataclass, field
from typing import Any

MOST_SHOWN = 5_000  # Records, and problems, that a report names.


@dataclass
class SheetReport:
    """The rows of a sheet, counted, with every change for the page that asks whether to save them."""

    rows: int = 0
    unchanged: int = 0
    changed: int = 0
    created: int = 0
    cells: int = 0
    wrong: int = 0
    missing: int = 0  # Rows that left and did not come back: their records stay as they are.
    keeps_good_rows: bool = False  # The company's policy core.import_mode (S:CORE-13).
    records: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)  # What undoing needs.

    @property
    def saved(self) -> int:
        """How many records are written: all, or none unless the policy keeps those in order."""
        return self.changed + self.created if self.keeps_good_rows or not self.wrong else 0

    def note(self, *, row: int, title: str, key: int | None, cells: list[dict[str, str]]) -> None:
        """Note one record that changes, or, without a key, one that is new."""
        if key is None:
            self.created += 1
        else:
            self.changed += 1
        self.cells += len(cells)
        if len(self.records) < MOST_SHOWN:
            self.records.append({"row": row, "title": title, "id": key, "cells": cells})

    def refuse(self, row: int, title: str, messages: list[tuple[str, str]]) -> None:
        """Note one row that cannot be saved, with (column, what is wrong) for each reason."""
        self.wrong += 1
        for label, message in messages:
            if len(self.problems) < MOST_SHOWN:
                self.problems.append({"row": row, "title": title, "label": label, "message": message})
