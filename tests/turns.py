"""Tests of pages take turns: each runs on one of the two databases, and a page's like on the other.

What a page shows does not hang on the database under it, so a file that says `pytestmark = pytest.mark.by_turns` is
run once instead of twice. All others run on both; `make test BOTH=1` runs everything on both. Loaded as a plugin.
"""

import os
from zlib import crc32

import pytest

from tests.services import answers

KINDS = ("sqlite", "postgresql")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the turns of the other database."""
    if os.environ.get("BOTH") or not answers("postgresql"):
        return
    waiting = {item for item in items if item.get_closest_marker("by_turns") and is_others_turn(item)}
    if waiting:
        config.hook.pytest_deselected(items=[item for item in items if item in waiting])
        items[:] = [item for item in items if item not in waiting]


def is_others_turn(item: pytest.Item) -> bool:
    """Tell whether this test is for the other database; always the same answer."""
    params = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
    kind = next((kind for kind in KINDS if kind in params), None)
    return kind is not None and kind != KINDS[crc32(item.nodeid.replace(kind, "").encode()) % 2]
