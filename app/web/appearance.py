"""The look of every page: our templates over FAB's, and what templates may call."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from jinja2 import ChoiceLoader, FileSystemLoader

from app.addon_loader.contributions import AddonSetup
from app.crud.importing.pages import importing_view
from app.crud.submissions import new_key
from app.database.context import active_company
from app.extensions import appbuilder
from app.reports.charts import sparkline
from app.security.field_limits import seen_value
from app.web import formatting, navigation
from app.web.assets import Assets, asset, blueprint, compress
from app.web.attachment_view import file_icon, file_size
from app.web.badges import badges
from app.web.filter_form import filter_chips, stock_filter_columns
from app.web.list_files import file_address
from app.web.report_cells import record_title, report_cell, stock_chart

APP = Path(__file__).parent.parent
TEMPLATES = APP / "templates"


def install_appearance(app: Flask, *, template_folders: Iterable[Path] = ()) -> None:
    """Give an app its look; `template_folders` are those of the add-ons. Call it before the first page is rendered.

    Raises ConfigurationError for an icon that does not exist.
    """
    assets = app.extensions["assets"] = Assets()
    assets.icons.read(APP)
    for setup in [*app.extensions["setups"], *app.extensions["rooms"]]:
        assets.icons.declare(_icons_of(setup), by=setup.name)
        assets.icons.read(setup.manifest.path)
    folders = [TEMPLATES, *template_folders]

    # In front of FAB's own loader, or neither we nor an add-on could replace one of FAB's templates.
    loaders = [FileSystemLoader(folder) for folder in folders]
    app.jinja_loader = ChoiceLoader([*loaders, *([app.jinja_loader] if app.jinja_loader else [])])
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(_globals())
    app.jinja_env.filters.update(
        cell=formatting.cell, tr=formatting.tr, badge=formatting.badge, moment=formatting.moment,
        day=formatting.date, amount=formatting.amount, label=formatting.label_of, tone=formatting.tone_of,
        job_title=formatting.job_title, browser_name=formatting.browser_name, age=formatting.age, file_size=file_size,
    )  # fmt: skip
    app.jinja_env.tests["number_value"] = formatting.is_number
    app.register_blueprint(blueprint)
    app.after_request(compress)


def _icons_of(setup: AddonSetup) -> set[str]:
    """Return the icons of an add-on's manifest, menu entries, buttons and home cards."""
    entries = [entry.icon for _what, entry in [*setup.views, *setup.pages, *setup.reports]]
    buttons = [button.icon or "" for workflow in setup.workflows for button in workflow.transitions.values()]
    return {setup.manifest.icon, *entries, *buttons, *(card.icon for card in setup.home_cards)} - {""}


def _globals() -> dict[str, Any]:
    return {
        "asset": asset,
        "icon": formatting.icon,
        "badge": formatting.badge,
        "cell": formatting.cell,
        "cells": formatting.cells,
        "avatar": formatting.avatar,
        "tone_of": formatting.tone_of,
        "compact": formatting.compact,
        "sparkline": sparkline,
        "is_wide": formatting.is_wide,
        "nav": navigation.nav,
        "crumb": navigation.crumb,
        "url_with": navigation.url_with,
        "url_drop": navigation.url_drop,
        "with_arguments": navigation.with_arguments,
        "url_without_filters": navigation.url_without_filters,
        "stock_filter_columns": stock_filter_columns,
        "filter_chips": filter_chips,
        "view_named": _view_named,
        "view_of_resource": _view_of_resource,
        "importing_view": importing_view,
        "file_address": file_address,
        "report_cell": report_cell,
        "record_title": record_title,
        "stock_chart": stock_chart,
        "new_key": new_key,
        "badges": badges,
        "file_icon": file_icon,
        "seen": seen_value,
        "theme": _theme,
        "active_company_id": active_company,
        "lang": formatting.lang,
    }


def _theme() -> str:
    return "dark" if request.cookies.get("theme") == "dark" else "light"


def _view_named(name: str) -> Any:
    """Return the view of a list widget, which FAB hands over by name only."""
    return next((view for view in appbuilder().baseviews if type(view).__name__ == name), None)


def _view_of_resource(resource: str) -> Any:
    """Return the generated view of a resource; None if its add-on is not installed."""
    return current_app.extensions.get("crud_views", {}).get(resource)
