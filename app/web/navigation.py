"""Where the user is and where he can go: menu, crumb, and addresses that keep a list's filters."""

import re
from typing import Any
from urllib.parse import quote, urlencode

from flask import g, request

from app.crud.pivots.table import NAMES as PIVOT_NAMES
from app.extensions import appbuilder

Node = dict[str, Any]
FAB_CATEGORY = "Security"


def nav() -> list[Node]:
    """Return the menu that the user may see, with `active` on the group and entry of this page; read once a request."""
    if "navigation" not in g:
        tree = [_group(entry) for entry in appbuilder().menu.get_data() if isinstance(entry, dict)]
        tree = [group for group in tree if group["childs"]]
        tree.sort(key=lambda group: group["name"] == FAB_CATEGORY)  # Daily work first, FAB's own screens last.
        _mark_active(tree)
        g.navigation = tree
    found: list[Node] = g.navigation
    return found


def crumb() -> tuple[Node | None, Node | None]:
    """Return the group and the menu entry of this page."""
    for group in nav():
        for entry in group["childs"]:
            if entry["active"]:
                return group, entry
    return None, None


def url_with(**changes: Any) -> str:
    """Return this page's address with some arguments changed; None removes one."""
    arguments = request.args.to_dict(flat=False)
    for name, value in changes.items():
        if value is None:
            arguments.pop(name, None)
        else:
            arguments[name] = [value]
    return _here(arguments)


def url_drop(name: str, value: str | None = None) -> str:
    """Return this page's address without an argument (or without one of its values), back on the first page."""
    arguments = request.args.to_dict(flat=False)
    left = [each for each in arguments.get(name, []) if value is not None and each != value]
    arguments.pop(name, None)
    if left:
        arguments[name] = left
    return _here({key: kept for key, kept in arguments.items() if key != "end" and not key.startswith("page_")})


def url_without_filters(view: str) -> str:
    """Return this list's address with its order, page size and statistics, but without search and filters."""
    kept = (f"_oc_{view}", f"_od_{view}", f"psize_{view}", *PIVOT_NAMES)
    left = {name: values for name, values in request.args.to_dict(flat=False).items() if name in kept}
    return _here(left | ({"default": ["0"]} if "default" in request.args else {}))  # Or it would come back at once.


def with_arguments(address: str) -> str:
    """Return an address of another page with the arguments of this one."""
    asked = list(request.args.items(multi=True))
    return f"{address}?{urlencode(asked)}" if asked else address


def _here(arguments: dict[str, list[Any]]) -> str:
    address = quote(request.root_path + request.path)
    return f"{address}?{urlencode(arguments, doseq=True)}" if arguments else address


def _group(entry: Node) -> Node:
    children = [dict(child, active=False) for child in entry.get("childs", [entry]) if isinstance(child, dict)]
    return {**entry, "childs": children, "active": False, "single": "childs" not in entry}


def _mark_active(tree: list[Node]) -> None:
    """Mark the entry whose address is the longest beginning of this page's."""
    best = 0
    found: tuple[Node, Node] | None = None
    for group in tree:
        for entry in group["childs"]:
            score = _closeness((entry.get("url") or "").partition("?")[0])
            if score > best:
                best, found = score, (group, entry)
    if found:
        found[0]["active"] = found[1]["active"] = True


def _closeness(url: str) -> int:
    if request.path == url:
        return 10_000
    base = re.sub(r"(list|form|chart|index)/?$", "", url)
    return len(base) if len(base) > 1 and request.path.startswith(base) else 0
