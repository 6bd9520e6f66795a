"""The sdk is the only public interface: it re-exports, and it changes only on purpose."""

import ast

from tests.architecture.sdk_surface import SDK, pinned, surface
from tests.architecture.source import parsed, relative


def test_the_public_interface_changes_only_on_purpose():
    before, now = named(pinned()), named(surface())
    assert now == before, (
        f"The public interface changed. New: {sorted(now - before)}. Gone: {sorted(before - now)}. "
        "If that is wanted, run `make sdk`, say it in CHANGELOG.md, and commit all three together; "
        "a name that goes away breaks add-ons that are not in this repository."
    )


def named(modules):
    return {f"{module}.{name}" for module, names in modules.items() for name in names}


def test_the_sdk_only_re_exports():
    own = [
        f"{relative(path)}:{node.lineno}"
        for path in sorted(SDK.glob("*.py"))
        for node in parsed(path).body[1:]
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Assign)
    ]
    assert not own, f"app/sdk holds no code of its own; move it to the room it belongs to and re-export it: {own}"
