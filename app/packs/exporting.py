"""Writes what a company has set as a pack."""

from typing import Any

import tomli_w
from flask import current_app

from app.packs.applying import enabled, platform_sections
from app.packs.parts import PARTS


def export_pack(company_id: int, *, title: str) -> str:
    """Return the pack that gives another company what the active one has set; comments say what it cannot carry."""
    data: dict[str, Any] = {}
    left_out: list[str] = []
    on = enabled(company_id)
    for name in sorted(on | platform_sections()):
        section: dict[str, Any] = {}
        for part in PARTS.values():
            content, left = part.export(name, company_id)
            left_out += left
            if content:
                section[part.name] = content
        if section:
            data[name] = section
    order = [setup.name for setup in current_app.extensions["setups"] if setup.name in on]
    head = {"pack": {"title": title, "addons": order}}
    comments = "".join(f"# {line.replace(chr(10), ' ')}\n" for line in left_out)
    return comments + tomli_w.dumps(head | data, multiline_strings=False)
