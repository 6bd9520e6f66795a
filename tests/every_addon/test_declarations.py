"""What an add-on declares hangs together: nothing that nobody could reach, nothing that reaches too far."""

import pytest
from babel.messages.catalog import Catalog
from flask_babel import force_locale

from app.addon_loader.installation import PLATFORM, owner_of
from app.addon_loader.manifest import closure
from app.crud.forms import Lines
from app.i18n import message_key
from app.security.permissions import COMPANY_SCREENS, EVERYBODY
from app.security.roles import subject_text
from app.web.translation_commands import read_catalogue
from tests.every_addon.conftest import SHIPPED

# Models that no view lists, and why nobody misses it.
WITHOUT_VIEW = {
    "bonus.BonusEntry": "Shown as a tab of its visit.",
    "orders.OrderCheck": "Shown as a tab of its order, whose steps answer it.",
    "orders.OrderPaper": "Shown as a tab of its order, whose step writes it.",
    "orders.ProgressNote": "Shown as a tab of its order, whose step writes it.",
    "orders.DiscountReview": "Shown as a tab of its discount request, with the other opinions.",
    "orders.QuotationVersion": "Shown as a tab of its quotation.",
    "orders.ReservationVersion": "Shown as a tab of its reservation.",
    "contracts.Credit": "Shown as a tab of its contract, and given by the step that shares the performance.",
    "contracts.Edition": "Shown as a tab of its contract; its text is read on the page of texts.",
    "payments.Allocation": "Shown as tabs of its receipt and of its receivable.",
    "payments.ReceiptDesign": "Set on a page of its own.",
    "reception.Turn": "The history of a turn queue, which the front desk reads.",
}

PLATFORM_SCREENS = {
    "Maintenance", "UserView", "RoleModelView", "UserGroupModelView", "ResetPasswordView", "UserInfoEditView",
}  # fmt: skip


def resources(addon):
    return {addon.resource(view.model): view for view, _ in addon.views}


def granted(product):
    """Return every (resource, verb) that some role grants."""
    setups = [*product.extensions["setups"], *product.extensions["rooms"]]
    return {
        (resource, verb)
        for setup in setups
        for role in setup.roles
        for resource, verbs in role.grants.items()
        for verb in verbs
    }


def test_every_model_has_a_view_or_a_reason(addon):
    shown = {view.model for view, _ in addon.views}
    lines = {
        getattr(view.model, view.lines.name).property.mapper.class_
        for view, _ in addon.views
        if isinstance(view.lines, Lines)
    }
    hidden = {addon.resource(model) for model in set(addon.models) - shown - lines}
    reasons = {resource for resource in WITHOUT_VIEW if resource.startswith(f"{addon.name}.")}
    assert hidden == reasons, "Give these models a view, or a reason in WITHOUT_VIEW (or take a settled reason out)"


def test_every_screen_is_in_a_role(addon, product):
    rights = granted(product)
    for resource in resources(addon):
        assert {(resource, "list"), (resource, "show")} <= rights, f"No role may see {resource}"
    for page, _ in addon.pages:
        verbs = {"show", *(verb for verb, _function in page.actions.values())}
        missing = {verb for verb in verbs if (page.resource, verb) not in rights}
        assert not missing, f"No role grants {missing} on {page.resource}"


def test_every_verb_of_a_screen_is_in_a_role(addon, product):
    rights = granted(product)
    for resource, view in resources(addon).items():
        missing = {verb for verb in view.verbs if (resource, verb) not in rights}
        assert not missing, f"No role grants {missing} on {resource}: leave them out of the view's verbs, or grant them"


def test_every_transition_is_a_right_of_some_role(addon, product):
    rights = granted(product)
    for workflow in addon.workflows:
        manual = [name for name, transition in workflow.transitions.items() if not transition.automatic]
        missing = [name for name in manual if (workflow.resource, name) not in rights]
        assert not missing, f"No role may {missing} a {workflow.resource}"


def test_every_state_can_be_reached_and_named(addon):
    for workflow in addon.workflows:
        states = set(workflow.model.__table__.c.state.type.enum_class)
        known = {state for one in workflow.transitions.values() for state in (*one.sources, one.target)}
        assert states - known <= set(workflow.main_path), f"{workflow.resource}: no transition knows {states - known}"


def test_what_documents_go_through_is_called_the_same_on_every_screen(addon, product):
    """Roles, chains and figures of the platform stand beside the words of other add-ons, which mean something else."""
    path = addon.manifest.path / "translations/zh/LC_MESSAGES/messages.po"
    own = read_catalogue(path, "zh") if path.exists() else Catalog()
    said = {}
    with product.test_request_context(), force_locale("zh"):
        for workflow in addon.workflows:
            states = [state for one in workflow.transitions.values() for state in (*one.sources, one.target) if state]
            words = [one.label for one in workflow.transitions.values()] + [workflow.state_label(one) for one in states]
            said |= {message_key(one): str(one) for one in (*words, subject_text(workflow.resource))}

    wanted = {key: own[key].string for key in said if key in own and own[key].string}
    assert {key: said[key] for key in wanted} == wanted


def test_every_icon_is_in_the_sprite(addon, product):
    sprite = product.extensions["assets"].get("icons.svg").body.decode()
    named = {addon.manifest.icon}
    named |= {entry.icon for _what, entry in [*addon.views, *addon.pages, *addon.reports]}
    named |= {card.icon for card in addon.home_cards} | {one.icon for one in addon.todo_lists}
    named |= {one.icon for workflow in addon.workflows for one in workflow.transitions.values() if one.icon}
    missing = {icon for icon in named if f'id="{icon}"' not in sprite}
    assert not missing, f"There are no icons {missing}"


def test_foreign_keys_point_only_at_the_addon_the_platform_and_its_dependencies(addon, product):
    manifests = product.extensions["manifests"]
    allowed = {PLATFORM, addon.name, *closure(manifests, addon.name)}
    for model in addon.models:
        for key in model.__table__.foreign_keys:
            owner = owner_of(key.target_fullname.split(".")[0], manifests)
            assert owner in allowed, f"{model.__tablename__}.{key.parent.name} points at a table of {owner}"


def test_every_address_carries_the_addons_name_and_closes_with_it(addon, product):
    names = product.extensions["addon_of_blueprint"]
    own = [rule for rule in product.url_map.iter_rules() if names.get(rule.endpoint.partition(".")[0]) == addon.name]
    assert bool(own) is bool(addon.views or addon.pages)
    for rule in own:
        assert rule.rule.startswith((f"/{addon.name}/", f"/api/v1/{addon.name}/")), rule
    for rule in product.url_map.iter_rules():
        if rule.rule.startswith((f"/{addon.name}/", f"/api/v1/{addon.name}/")):
            assert rule in own, f"{rule} would stay open where {addon.name} is off"


def test_names_carry_the_addons_name(addon):
    assert all(model.__tablename__.startswith(f"{addon.name}_") for model in addon.models)
    assert all(role.name.startswith(f"{addon.name}_") for role in addon.roles)
    dotted = [
        *(parameter.key for parameter in addon.parameters),
        *(series.key for series in addon.number_series),
        *(one.key for one in addon.option_lists),
        *(report.name for report, _ in addon.reports),
        *(page.resource for page, _ in addon.pages),
        *(card.name for card in addon.home_cards),
        *(one.name for one in addon.todo_lists),
        *(job.name for job in addon.jobs),
        *(kind.name for kind in addon.notice_kinds),
        *(workflow.resource for workflow in addon.workflows),
    ]
    assert [name for name in dotted if not name.startswith(f"{addon.name}.")] == []
    templates = addon.manifest.path / "templates"
    strange = [path.name for path in templates.iterdir() if path.name != addon.name] if templates.is_dir() else []
    assert not strange, f"{strange} could take the place of another template: put it into templates/{addon.name}/"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_readme_lists_the_events_and_the_states(product, name):
    addon = next(setup for setup in product.extensions["setups"] if setup.name == name)
    text = (addon.manifest.path / "README.md").read_text("utf-8")
    missing = [event for event in _events(name) if event not in text]
    for workflow in addon.workflows:
        states = workflow.model.__table__.c.state.type.enum_class
        missing += [f"{workflow.resource}: {state.value}" for state in states if state.value not in text]
    assert not missing, f"addons/{name}/README.md does not mention {missing}"


def _events(name):
    from importlib import import_module

    from app.events import Event

    try:
        module = import_module(f"addons.{name}.events")
    except ModuleNotFoundError:
        return []
    return [
        key
        for key, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Event) and value.__module__ == module.__name__
    ]


def test_a_whole_addon_is_small():
    """One model, list, form, REST, role, workflow and report; what it tells others is not counted, nor empty lines."""
    from tests.architecture.source import ROOT
    from tests.conftest import ADDONS_PATH

    folder = ROOT / ADDONS_PATH[0] / "visits"
    files = [file for file in folder.glob("*.py") if file.name not in ("events.py", "api.py")]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]
    assert len(lines) <= 120


def test_a_role_in_a_company_opens_no_screen_of_the_platform(product):
    screens = {view.class_permission_name for view in product.appbuilder.baseviews if view.base_permissions}
    for_everybody = {name for _permission, name in EVERYBODY}
    rest = {name for name in screens if "." not in name} - COMPANY_SCREENS - for_everybody
    assert rest == PLATFORM_SCREENS, (
        "A screen of the platform came or went. It opens for global roles only; write it down in PLATFORM_SCREENS, "
        "or in COMPANY_SCREENS of app/security/permissions.py if a company's own administrator may open it"
    )
    assert screens >= COMPANY_SCREENS


def test_every_list_of_what_has_states_can_be_asked_for_one_of_them(addon):
    silent = [name for name, view in resources(addon).items() if view.workflow and "state" not in view.search_columns]
    assert not silent, f"The page of all documents leads to the list of a state; add it to search_columns of {silent}"
