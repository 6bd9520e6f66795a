"""The navigation: FAB shows what a permission allows; this also hides closed add-ons and empty categories."""

from typing import Any

from flask import has_request_context
from flask_appbuilder.menu import Menu, MenuItem
from flask_babel import gettext

from app.extensions import appbuilder


class AddonMenu(Menu):
    """A menu that holds only what the reader may open."""

    def get_list(self) -> list[MenuItem]:
        """Return the entries that are allowed and open; outside a request, all of them."""
        if not has_request_context():
            return self.menu
        return _allowed(self.menu, appbuilder().sm.get_user_menu_access())

    def get_data(self, menu: list[MenuItem] | None = None) -> list[Any]:
        """Return the same as data for REST. What may be seen is asked once, not once for each category as FAB does."""
        return [_as_data(item) for item in (self.get_list() if menu is None else menu)]


def _allowed(items: list[MenuItem], names: set[str]) -> list[MenuItem]:
    shown: list[MenuItem] = []
    for item in items:
        if item.name == "-":
            if shown and shown[-1].name != "-":
                shown.append(item)
        elif children := _allowed(item.childs, names):  # A category shows for what is in it.
            shown.append(_copy(item, children))
        elif not item.childs and item.name in names and item.should_render():
            shown.append(_copy(item, []))
    while shown and shown[-1].name == "-":
        shown.pop()
    return shown


def _as_data(item: MenuItem) -> dict[str, Any] | str:
    if item.name == "-":
        return "-"
    data = {"name": item.name, "icon": item.icon, "label": gettext(str(item.label))}
    if item.childs:
        return {**data, "childs": [_as_data(child) for child in item.childs]}
    return {**data, "url": item.href if item.href.startswith("/") else item.get_url()}


def _copy(item: MenuItem, children: list[MenuItem]) -> MenuItem:
    return MenuItem(
        name=item.name,
        href=item.href,
        icon=item.icon,
        label=item.label,
        childs=children,
        baseview=item.baseview,
        cond=item.cond,
    )
