"""Hands what the add-ons recorded to the platform: once per app, after FAB is there."""

from typing import Any

from flask import Flask

from app.addon_loader.catching_up import catch_up_job, job_name
from app.addon_loader.checks import check_roles
from app.addon_loader.contributions import AddonSetup, MenuEntry
from app.crud.api import CrudApi
from app.crud.field_groups import field_groups
from app.crud.page import Page
from app.crud.slots import Extension
from app.crud.view import CrudView
from app.extensions import appbuilder
from app.jobs import register_job, schedule_job
from app.masterdata.holdings import register_holding
from app.masterdata.numbering import register_series
from app.masterdata.one_to_one import register_one_to_one
from app.masterdata.options import register_option_list
from app.notices import register_notice_kinds
from app.online import register_online_features
from app.parameters.registry import register_parameters
from app.parameters.rehearsal import register_rehearsals
from app.parameters.standing import register_standings
from app.security.fields import register_fields
from app.security.gate import is_open, owner_of
from app.security.interface import ReadInterface

Menus = dict[str, tuple[str, str]]


def register(app: Flask, setups: list[AddonSetup]) -> None:
    """Make everything recorded work; needs an app context and `appbuilder`.

    Raises ConfigurationError for a role that grants what no view offers.
    """
    app.extensions.update(crud_views={}, addon_of_blueprint={}, reports={}, workflows={})
    app.extensions.update(home_cards=[], home_charts=[], todo_lists=[], clocks=[], branches=[], menus=menus(setups))
    extensions = [extension for setup in setups for extension in setup.extensions]
    for setup in setups:
        _register_kernels(app, setup)
        for page, entry in setup.pages:  # First in the menu: an add-on's own page is where its work begins.
            _register_page(app, setup, page, entry)
        for view, entry in setup.views:
            _register_view(app, setup, view, entry, extensions)
        for resource, address, entry in setup.links:
            _add_link(app, setup, entry, address, resource)
        for report, entry in setup.reports:
            app.extensions["reports"][report.name] = report
            _add_link(app, setup, entry, f"/reports/{report.name}", report.resource)
        app.extensions["home_cards"] += setup.home_cards
        app.extensions["home_charts"] += setup.home_charts
        app.extensions["todo_lists"] += setup.todo_lists
        app.extensions["clocks"] += setup.clocks
        app.extensions["branches"] += setup.branches
    check_roles(setups, _verbs(app))


def menus(setups: list[AddonSetup]) -> Menus:
    """Return for each resource the menu category and entries that whoever may use it sees."""
    found: dict[str, list[str]] = {}
    for setup in setups:
        contributed: list[tuple[str, MenuEntry]] = [
            *((setup.resource(view.model), entry) for view, entry in setup.views),
            *((page.resource, entry) for page, entry in setup.pages),
            *((report.resource, entry) for report, entry in setup.reports),
            *((resource, entry) for resource, _address, entry in setup.links),
        ]
        for resource, entry in contributed:
            found.setdefault(resource, []).extend([entry.category, f"{setup.name}.{entry.title}"])
    return {resource: tuple(dict.fromkeys(names)) for resource, names in found.items()}  # type: ignore[misc]  # Two or more.


def _register_kernels(app: Flask, setup: AddonSetup) -> None:
    for subscription in setup.subscriptions:
        app.extensions["event_bus"].subscribe(subscription)
    register_parameters(app, *setup.parameters)
    register_rehearsals(app, *setup.rehearsals)
    register_standings(app, *setup.standings)
    for series in setup.number_series:
        register_series(app, series)
    register_notice_kinds(app, *setup.notice_kinds)
    register_online_features(app, *setup.online_features)
    for one in setup.option_lists:
        register_option_list(app, one)
    for table in setup.one_to_one:
        register_one_to_one(app, table)
    for holding in setup.holdings:
        register_holding(app, holding)
    for workflow in setup.workflows:
        app.extensions["workflows"][workflow.resource] = workflow
    if setup.catch_up is not None:
        register_job(job_name(setup.name), catch_up_job(setup), restartable=True)
    for job in setup.jobs:
        register_job(job.name, job.function, addon=setup.gate)
        if job.every is not None:
            schedule_job(job.name, job.every, addon=setup.gate)


def _verbs(app: Flask) -> dict[str, frozenset[str]]:
    """Return what can be granted on each resource: the truth is what the running views ask for."""
    views = appbuilder().baseviews
    return {
        view.class_permission_name: frozenset(name.removeprefix("can_") for name in view.base_permissions or ())
        for view in views
    }


def _register_view(
    app: Flask, setup: AddonSetup, view: type[CrudView], entry: MenuEntry, extensions: list[Extension]
) -> None:
    """Build the classes FAB registers: FAB takes endpoint and permission names from them."""
    noun, resource = view.model.__name__, setup.resource(view.model)
    address = f"{setup.name}/{noun.lower()}"
    names: dict[str, Any] = {
        "datamodel": ReadInterface(view.model),
        "class_permission_name": resource,
        "base_permissions": view.permissions(),  # The same list for both, or FAB deletes some.
    }
    built = type(
        f"{setup.name}_{view.__name__}",
        (view,),
        {
            **names,
            "resource": resource,
            "route_base": f"/{address}",
            "extensions": [one for one in extensions if one.view == f"{setup.name}.{view.__name__}"],
        },
    )
    running = _add_view(app, setup, built, entry, resource)
    api = type(f"{setup.name}_{noun}Api", (CrudApi,), {**names, "view": running, "resource_name": address})
    appbuilder().add_api(api)
    app.extensions["crud_views"][resource] = running
    register_fields(app, resource, field_groups(running))
    _close_with_addon(app, api, resource)


def _register_page(app: Flask, setup: AddonSetup, page: type[Page], entry: MenuEntry) -> None:
    verbs = sorted({"show", *page.verbs, *(verb for verb, _function in page.actions.values())})
    built = type(
        f"{setup.name}_{page.__name__}",
        (page,),
        {
            "class_permission_name": page.resource,
            "base_permissions": [f"can_{verb}" for verb in verbs],
            "route_base": f"/{setup.name}/{page.resource.partition('.')[2].lower()}",
        },
    )
    _add_view(app, setup, built, entry, page.resource)


def _add_view(app: Flask, setup: AddonSetup, built: type[Any], entry: MenuEntry, resource: str) -> Any:
    _close_with_addon(app, built, resource)
    return appbuilder().add_view(
        built,
        f"{setup.name}.{entry.title}",
        label=entry.title,
        icon=entry.icon,
        category=entry.category,
        category_icon=setup.manifest.icon,
        menu_cond=lambda: is_open(resource),
    )


def _close_with_addon(app: Flask, built: type[Any], resource: str) -> None:
    """Have the edge answer 404 where the add-on is off; the platform's own rooms are always on."""
    addon = owner_of(resource)
    if addon is not None:
        app.extensions["addon_of_blueprint"][built.__name__] = addon


def _add_link(app: Flask, setup: AddonSetup, entry: MenuEntry, address: str, resource: str) -> None:
    appbuilder().add_link(
        f"{setup.name}.{entry.title}",
        href=address,
        label=entry.title,
        icon=entry.icon,
        category=entry.category,
        category_icon=setup.manifest.icon,
        cond=lambda: is_open(resource),
    )
