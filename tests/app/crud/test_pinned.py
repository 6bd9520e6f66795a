"""What the generated screens override or call in Flask-AppBuilder.

If an upgrade changes one of these, this test fails: read the change, make sure that our function still does what the
new one does, then pin the new text in fab_functions.json.
"""

import hashlib
import inspect
import json
from importlib import import_module
from pathlib import Path

PINNED = Path(__file__).with_name("fab_functions.json")


def digest(name: str) -> str:
    """Return a short hash of the source of 'module:Class.function'."""
    module, _colon, path = name.partition(":")
    found = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return hashlib.sha256(inspect.getsource(found).encode()).hexdigest()[:12]


def test_nothing_that_we_override_or_call_has_changed() -> None:
    pinned = json.loads(PINNED.read_text("utf-8"))
    changed = {name: digest(name) for name, known in pinned.items() if digest(name) != known}
    assert changed == {}, f"Read these changes of Flask-AppBuilder, then pin them in {PINNED.name}."
