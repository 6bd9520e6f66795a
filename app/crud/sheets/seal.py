"""The seal of a row: it shows whether its record was swapped, and which of its cells are as they left."""

import base64
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import current_app

from app.database.context import active_company

_BYTES = 6  # Of each cell's mark: eight characters.
_WIDTH = 8


@dataclass(frozen=True)
class Seal:
    """What the hidden column of a row proves: whose row it is, and a mark of each cell."""

    marks: frozenset[str]
    stem: str

    def holds(self, name: str, text: str) -> bool:
        """Tell whether the cell of this column is as it left."""
        return _mark(f"{self.stem}|{name}|{text}") in self.marks


def seal_row(resource: str, key: int, version: int, texts: Mapping[str, str]) -> str:
    """Return the seal of a record's row; `texts` are its cells as `SheetColumn.text` gives them."""
    stem = _stem(resource, key, version)
    marks = (_mark(f"{stem}|{name}|{text}") for name, text in texts.items())
    return ".".join([_whole(stem), "".join(marks)])


def open_seal(resource: str, key: str, version: str, seal: str) -> Seal | None:
    """Return what a seal proves; None where it belongs to another row, list or company, or was made up."""
    if not (key.isdecimal() and version.isdecimal() and len(key) < 19 and len(version) < 10):
        return None
    stem = _stem(resource, int(key), int(version))
    proof, _dot, marks = seal.partition(".")
    if not hmac.compare_digest(proof.encode(), _whole(stem).encode()):
        return None
    return Seal(frozenset(_cut(marks)), stem)


def _cut(marks: str) -> Iterable[str]:
    return (marks[start : start + _WIDTH] for start in range(0, len(marks), _WIDTH))


def _stem(resource: str, key: int, version: int) -> str:
    return f"sheet|{active_company()}|{resource}|{key}|{version}"


def _whole(stem: str) -> str:
    return base64.urlsafe_b64encode(_digest(stem)[:15]).decode()


def _mark(text: str) -> str:
    return base64.urlsafe_b64encode(_digest(text)[:_BYTES]).decode()


def _digest(text: str) -> bytes:
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), text.encode("utf-8", "replace"), "sha256")
