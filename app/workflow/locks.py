"""Which fields of a document stand fast once it counts as confirmed (S:CORE-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Locks:
    """In these states these fields, named as in the edit form, change only by an approved change request."""

    states: Sequence[StrEnum]
    fields: Sequence[str]
