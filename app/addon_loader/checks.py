"""What must hold between contributions before any of them is applied; each error names the add-on and the thing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.addon_loader.contributions import AddonSetup
from app.addon_loader.installation import owner_of
from app.crud.slots import Column
from app.database.base import Model
from app.errors import ConfigurationError
from app.security.gate import owner_of as owner_of_resource


def check(setups: Sequence[AddonSetup]) -> None:
    """Raise ConfigurationError for a double name, or for a thing that points at what is not there."""
    _check_names(setups)
    names = [setup.name for setup in setups]
    for setup in setups:
        _check_models(setup, names)
        _check_resources(setup)
    _check_extensions(setups)


def check_roles(setups: Iterable[AddonSetup], verbs: Mapping[str, frozenset[str]]) -> None:
    """Raise ConfigurationError for a grant of what is not there: a typo would lock people out in silence.

    `verbs` names what can be granted on each resource of the running views.
    """
    for setup in setups:
        for role in setup.roles:
            for resource, granted in role.grants.items():
                where = f"{setup.name}: role {role.name!r}: {resource!r}"
                if resource not in verbs or not _is_reachable(setup, resource):
                    raise ConfigurationError(f"{where}: no such resource in this add-on or what it depends on")
                if unknown := sorted(set(granted) - verbs[resource]):
                    known = ", ".join(sorted(verbs[resource]))
                    raise ConfigurationError(f"{where}: no verb {unknown[0]!r}; there are {known}")


def _check_names(setups: Sequence[AddonSetup]) -> None:
    _refuse_doubles("table", [model.__tablename__ for setup in setups for model in setup.models])
    _refuse_doubles("role", [role.name for setup in setups for role in setup.roles])
    _refuse_doubles("parameter", [parameter.key for setup in setups for parameter in setup.parameters])
    _refuse_doubles("number series", [series.key for setup in setups for series in setup.number_series])
    _refuse_doubles("option list", [one.key for setup in setups for one in setup.option_lists])
    _refuse_doubles("workflow", [workflow.resource for setup in setups for workflow in setup.workflows])
    _refuse_doubles("report", [report.name for setup in setups for report, _ in setup.reports])
    _refuse_doubles("home card", [card.name for setup in setups for card in setup.home_cards])
    _refuse_doubles("clock", [one.name for setup in setups for one in setup.clocks])
    _refuse_doubles("branch", [one.name for setup in setups for one in setup.branches])
    _refuse_doubles("to-do list", [one.name for setup in setups for one in setup.todo_lists])
    _refuse_doubles("job", [job.name for setup in setups for job in setup.jobs])
    _refuse_doubles("view", [f"{setup.name}.{view.__name__}" for setup in setups for view, _ in setup.views])
    _refuse_doubles("resource", [resource for setup in setups for resource in _resources(setup)])
    _refuse_doubles(
        "menu entry", [f"{entry.category}/{entry.title}" for setup in setups for entry in setup.menu_entries]
    )
    _refuse_doubles(
        "slot",
        [f"{one.slot.name} of {one.view} ({type(one.slot).__name__})" for setup in setups for one in setup.extensions],
    )


def _check_models(setup: AddonSetup, names: Iterable[str]) -> None:
    """Every table is contributed by the add-on whose module maps it and whose migrations make it."""
    mapped = {
        mapper.class_
        for mapper in Model.registry.mappers
        if mapper.class_.__module__.startswith(f"addons.{setup.name}.")
    }
    if forgotten := sorted(model.__name__ for model in mapped.difference(setup.models)):
        raise ConfigurationError(f"{setup.name}: {forgotten[0]} is mapped, but not in add_models")
    for model in setup.models:
        owner = owner_of(model.__tablename__, names)
        if owner != setup.name:
            raise ConfigurationError(f"{setup.name}: table {model.__tablename__!r} carries the name of {owner}")


def _check_resources(setup: AddonSetup) -> None:
    """Only a view or a page has permissions; what hangs on another name could be allowed to nobody."""
    of_views = {setup.resource(view.model): view for view, _ in setup.views}
    for workflow in setup.workflows:
        view = of_views.get(workflow.resource)
        if view is None or view.workflow is not workflow:
            raise ConfigurationError(f"{setup.name}: the workflow of {workflow.resource} is shown by no view")
    for report, _ in setup.reports:
        if report.resource not in of_views:
            raise ConfigurationError(f"{setup.name}: report {report.name!r}: {report.resource} has no view")
    for card in setup.home_cards:
        if card.resource not in of_views:
            raise ConfigurationError(f"{setup.name}: home card {card.name!r}: {card.resource!r} has no view")
    waiting = [("to-do list", one.name, one.resource) for one in setup.todo_lists]
    waiting += [("clock", one.name, one.resource) for one in setup.clocks]
    for what, name, resource in waiting:
        if resource not in of_views:
            raise ConfigurationError(f"{setup.name}: {what} {name!r}: {resource!r} has no view")


def _check_extensions(setups: Sequence[AddonSetup]) -> None:
    views = {f"{setup.name}.{view.__name__}": view for setup in setups for view, _ in setup.views}
    for setup in setups:
        for extension in setup.extensions:
            if extension.view not in views:
                raise ConfigurationError(f"{setup.name}: extends unknown view {extension.view!r}")
            reachable = (setup.name, *setup.manifest.depends, *setup.manifest.optional_depends)
            if extension.view.split(".")[0] not in reachable:
                raise ConfigurationError(f"{setup.name}: extends {extension.view!r} without depending on its add-on")
            if isinstance(extension.slot, Column) and extension.slot.name in views[extension.view].list_columns:
                raise ConfigurationError(f"{setup.name}: {extension.view} has a column {extension.slot.name!r} already")


def _resources(setup: AddonSetup) -> list[str]:
    return [*(setup.resource(view.model) for view, _ in setup.views), *(page.resource for page, _ in setup.pages)]


def _is_reachable(setup: AddonSetup, resource: str) -> bool:
    """Tell whether a role may name this: the add-on's own, the platform's, or one of an add-on that it knows."""
    owner = owner_of_resource(resource)
    return owner in (None, setup.name, *setup.manifest.depends, *setup.manifest.optional_depends)


def _refuse_doubles(kind: str, names: list[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise ConfigurationError(f"{kind} {name!r} is contributed {count} times")
