"""A wrong contribution stops the start, with an error that names the add-on and the thing."""

import datetime as dt
import re
from types import ModuleType

import pytest

from app.addon_loader import checks, loader
from app.addon_loader.contributions import AddonSetup
from app.addon_loader.discovery import find_addons
from app.addon_loader.manifest import Manifest, read_manifests
from app.crud.home_card import Figure, HomeCard
from app.crud.page import Page
from app.crud.slots import Column, Section, Tab
from app.crud.view import CrudView
from app.errors import ConfigurationError
from app.masterdata.choices import NumberReset
from app.masterdata.numbering import NumberFormat, NumberSeriesDefinition
from app.masterdata.options import OptionListDefinition
from app.parameters.parameter import Parameter
from app.reports import Report, ReportColumn
from app.security.roles import Role
from app.workflow.definition import Workflow
from app.workflow.todo import TodoList
from app.workflow.transition import Transition
from tests.conftest import ADDONS_PATH


@pytest.fixture(scope="module")
def manifests():
    """The manifests of the shipped and the dummy add-ons, which can be imported from now on."""
    import app.factory  # noqa: F401  # Maps the tables that those of an add-on point at.

    return find_addons(ADDONS_PATH)


@pytest.fixture
def visits(manifests):
    """What the modules of the add-on `visits` define."""
    from addons.visits import models, reports, security, services, views, workflow

    parts = ModuleType("visits")
    for module in (models, reports, security, views, workflow):
        vars(parts).update({name: value for name, value in vars(module).items() if not name.startswith("_")})
    parts.services = services
    return parts


def new_setup(name="visits", depends=(), optional=()):
    manifest = Manifest(
        name=name, title=name, version="1.0.0", depends=list(depends), optional_depends=list(optional), path=None
    )
    return AddonSetup(manifest)


def whole(visits):
    """Return the setup of visits as its own addon.py makes it."""
    from addons.visits import addon

    made = new_setup()
    addon.setup(made)
    return made


def page(name):
    return type("Board", (Page,), {"resource": name, "title": "Board"})


SERIES = NumberFormat("V{yyyy}{number:04}", NumberReset.YEAR)
# what carries a wrong name -> how it is added to the add-on "shop"
MISNAMED = {
    "a table": lambda shop, visits: shop.add_models(visits.Visit),
    "a role": lambda shop, _visits: shop.add_roles(Role("visits_shopper", "", {})),
    "a role with a dot": lambda shop, _visits: shop.add_roles(Role("shop.shopper", "", {})),
    "a role like the prefix": lambda shop, _visits: shop.add_roles(Role("shopper", "", {})),
    "a parameter": lambda shop, _visits: shop.add_parameters(Parameter("visits.limit", int, "Limit")),
    "a report": lambda shop, visits: shop.add_report(visits.VISITS_PER_DAY, menu="Sales/Visits"),
    "a number series": lambda shop, _visits: shop.add_number_series(NumberSeriesDefinition("visits.n", "N", SERIES)),
    "an option list": lambda shop, _visits: shop.add_option_lists(OptionListDefinition("visits.kinds", "Kinds")),
    "a page": lambda shop, _visits: shop.add_page(page("visits.Board"), menu="Sales/Board"),
    "a home card": lambda shop, _visits: shop.add_home_card(card("visits.today")),
    "a to-do list": lambda shop, _visits: shop.add_todo_list(todo_list("visits.planned")),
}


def card(name, resource="visits.Visit"):
    return HomeCard(name, "Today", "users", resource, lambda _actor, _today: Figure(1))


def todo_list(name, resource="visits.Visit"):
    return TodoList(name, "Planned visits", "users", resource, lambda _actor, _now: [])


@pytest.mark.parametrize("thing", MISNAMED)
def test_a_name_without_the_addons_prefix_is_refused(visits, thing):
    with pytest.raises(ConfigurationError, match=r"^shop: '.*' must start with 'shop[._]'"):
        MISNAMED[thing](new_setup("shop"), visits)


@pytest.mark.parametrize(
    ("add", "problem"),
    [
        (lambda shop, visits: shop.add_view(visits.VisitView, menu="Sales/Visits"), "VisitView is about Visit, which"),
        (
            lambda shop, visits: shop.add_workflow(visits.VISIT_WORKFLOW, visits.services),
            "a workflow is about Visit, which",
        ),
        (lambda shop, _visits: shop.add_view(object, menu="Sales/Things"), "<class 'object'> is no CrudView"),
        (
            lambda shop, _visits: shop.add_view("shop.views.ThingView", menu="Sales/Things"),
            "'shop.views.ThingView' is no CrudView",
        ),
        (lambda shop, visits: shop.add_page(visits.VisitView, menu="Sales/Things"), "VisitView'> is no Page"),
        (lambda shop, _visits: shop.add_models(CrudView), "CrudView'> is no CompanyModel"),
        (
            lambda shop, _visits: shop.add_page(page("shop.Board"), menu="Board"),
            "menu 'Board' must be 'Category/Title'",
        ),
        (
            lambda shop, _visits: shop.add_page(page("shop.Board"), menu="/Board"),
            "menu '/Board' must be 'Category/Title'",
        ),
    ],
)
def test_a_thing_of_another_kind_or_another_addon_is_refused(visits, add, problem):
    with pytest.raises(ConfigurationError, match=f"^shop: .*{re.escape(problem)}"):
        add(new_setup("shop"), visits)


# what is contributed twice -> how
DOUBLES = {
    "table 'visits_visit'": lambda addon, visits: addon.add_models(visits.Visit),
    "role 'visits_reader'": lambda addon, visits: addon.add_roles(visits.READER),
    "parameter 'visits.limit'": lambda addon, _visits: addon.add_parameters(
        Parameter("visits.limit", int, "One"), Parameter("visits.limit", int, "Two")
    ),
    "report 'visits.per_day'": lambda addon, visits: addon.add_report(visits.VISITS_PER_DAY, menu="Sales/Other"),
    "number series 'visits.n'": lambda addon, _visits: addon.add_number_series(
        NumberSeriesDefinition("visits.n", "One", SERIES), NumberSeriesDefinition("visits.n", "Two", SERIES)
    ),
    "option list 'visits.kinds'": lambda addon, _visits: addon.add_option_lists(
        OptionListDefinition("visits.kinds", "One"), OptionListDefinition("visits.kinds", "Two")
    ),
    "workflow 'visits.Visit'": lambda addon, visits: addon.add_workflow(visits.VISIT_WORKFLOW, visits.services),
    "view 'visits.VisitView'": lambda addon, visits: addon.add_view(visits.VisitView, menu="Sales/Other"),
    "resource 'visits.Visit'": lambda addon, _visits: addon.add_page(page("visits.Visit"), menu="Sales/Other"),
    "menu entry 'Sales/Visits'": lambda addon, _visits: addon.add_page(page("visits.Board"), menu="Sales/Visits"),
    "home card 'visits.today'": lambda addon, _visits: [addon.add_home_card(card("visits.today")) for _ in "ab"],
    "to-do list 'visits.planned'": lambda addon, _visits: addon.add_todo_list(*[todo_list("visits.planned")] * 2),
    "job 'visits.whole'": lambda addon, _visits: [addon.add_job(whole, every=dt.timedelta(hours=1)) for _ in "ab"],
}


@pytest.mark.parametrize("thing", DOUBLES)
def test_a_double_name_is_refused(visits, thing):
    addon = whole(visits)
    DOUBLES[thing](addon, visits)
    with pytest.raises(ConfigurationError, match=re.escape(f"{thing} is contributed 2 times")):
        checks.check([addon])


def test_a_second_view_of_a_model_is_refused(visits):
    addon = whole(visits)
    addon.add_view(type("OtherView", (visits.VisitView,), {}), menu="Sales/Other")
    with pytest.raises(ConfigurationError, match=r"resource 'visits\.Visit' is contributed 2 times"):
        checks.check([addon])


AMOUNT = Column("amount", "Amount", lambda _model: None)


@pytest.mark.parametrize(
    ("depends", "view", "slots", "problem"),
    [
        (["visits"], "visits.VisitorView", [AMOUNT], "shop: extends unknown view 'visits.VisitorView'"),
        (["visits"], "orders.OrderView", [AMOUNT], "shop: extends unknown view 'orders.OrderView'"),
        ([], "visits.VisitView", [AMOUNT], "shop: extends 'visits.VisitView' without depending on its add-on"),
        (
            ["visits"],
            "visits.VisitView",
            [Column("customer", "Customer", lambda _model: None)],
            "shop: visits.VisitView has a column 'customer' already",
        ),
        (
            ["visits"],
            "visits.VisitView",
            [AMOUNT, AMOUNT],
            "slot 'amount of visits.VisitView (Column)' is contributed 2 times",
        ),
    ],
)
def test_a_slot_that_cannot_be_filled_is_refused(visits, depends, view, slots, problem):
    shop = new_setup("shop", depends)
    for slot in slots:
        shop.extend_view(view, slot)
    with pytest.raises(ConfigurationError, match=re.escape(problem)):
        checks.check([whole(visits), shop])


def test_slots_of_several_kinds_may_share_a_name(visits):
    shop = new_setup("shop", optional=["visits"])
    for slot in (AMOUNT, Tab("amount", "Amount", (), lambda _key: ()), Section("amount", "Amount", lambda _key: ())):
        shop.extend_view("visits.VisitView", slot)
    checks.check([whole(visits), shop])


def test_a_transition_without_a_service_is_refused(visits):
    states = visits.VisitState
    workflow = Workflow(visits.Visit, Transition("forget", states.PLANNED, states.CANCELLED, "Forget"))
    with pytest.raises(ConfigurationError, match="Visit: no service is decorated for forget"):
        new_setup().add_workflow(workflow, visits.services)


def test_a_service_from_another_module_than_named_is_refused(visits):
    with pytest.raises(ConfigurationError, match=r"visits: transition 'confirm' is decorated outside tests\.app"):
        new_setup().add_workflow(visits.VISIT_WORKFLOW, ModuleType("tests.app.services"))


def test_a_workflow_that_no_view_shows_is_refused(visits):
    addon = new_setup()
    addon.add_models(visits.Visit)
    addon.add_workflow(visits.VISIT_WORKFLOW, visits.services)
    with pytest.raises(ConfigurationError, match=r"visits: the workflow of visits\.Visit is shown by no view"):
        checks.check([addon])
    addon.add_view(type("PlainView", (visits.VisitView,), {"workflow": None}), menu="Sales/Visits")
    with pytest.raises(ConfigurationError, match="is shown by no view"):
        checks.check([addon])


def test_a_report_on_a_model_without_a_view_is_refused(visits):
    addon = new_setup()
    addon.add_models(visits.Visit)
    report = Report("visits.all", "All", visits.Visit, visits.VISITS_PER_DAY.query, (ReportColumn("visits"),))
    addon.add_report(report, menu="Sales/All")
    with pytest.raises(ConfigurationError, match=r"visits: report 'visits\.all': visits\.Visit has no view"):
        checks.check([addon])


def test_a_home_card_of_a_resource_without_a_view_is_refused(visits):
    addon = whole(visits)
    addon.add_home_card(card("visits.today", "visits.Visitor"))
    with pytest.raises(ConfigurationError, match=r"visits: home card 'visits\.today': 'visits\.Visitor' has no view"):
        checks.check([addon])


def test_a_todo_list_of_a_resource_without_a_view_is_refused(visits):
    addon = whole(visits)
    addon.add_todo_list(todo_list("visits.planned", "visits.Visitor"))
    with pytest.raises(ConfigurationError, match=r"to-do list 'visits\.planned': 'visits\.Visitor' has no view"):
        checks.check([addon])


def test_a_model_that_was_forgotten_is_refused(visits):
    with pytest.raises(ConfigurationError, match="visits: Visit is mapped, but not in add_models"):
        checks.check([new_setup()])


def test_a_table_that_carries_the_longer_name_of_another_addon_is_refused(visits):
    table = type("Table", (), {"__tablename__": "visits_visit_line"})
    with pytest.raises(ConfigurationError, match="table 'visits_visit_line' carries the name of visits_visit"):
        checks._check_models(_with_models(visits, table), ["visits", "visits_visit"])
    checks._check_models(_with_models(visits), ["visits", "visits_visit"])


def _with_models(visits, *more):
    addon = new_setup()
    addon.models = [visits.Visit, *more]
    return addon


@pytest.mark.parametrize(
    ("owner", "grants", "problem"),
    [
        ("visits", {"visits.Vist": ("list",)}, "'visits.Vist': no such resource in this add-on"),
        (
            "visits",
            {"visits.Visit": ("list", "confrim")},
            "'visits.Visit': no verb 'confrim'; there are add, cancel, confirm",
        ),
        ("visits", {"visits.Visit": ("import",)}, "'visits.Visit': no verb 'import'"),
        ("visits", {"visits.Visit": "list"}, "'visits.Visit': no verb"),
        ("visits", {"orders.Order": ("list",)}, "'orders.Order': no such resource in this add-on"),
        ("shop", {"visits.Visit": ("list",)}, "'visits.Visit': no such resource in this add-on or what it depends on"),
    ],
)
def test_a_role_that_grants_what_is_not_there_is_refused(visits, owner, grants, problem):
    addon = new_setup(owner)
    addon.add_roles(Role(f"{owner}_typist", "", grants))
    with pytest.raises(ConfigurationError, match=re.escape(f"{owner}: role '{owner}_typist': {problem}")):
        checks.check_roles([addon], VERBS)


VERBS = {
    "visits.Visit": frozenset({"list", "show", "add", "confirm", "cancel"}),
    "masterdata.Partner": frozenset({"list"}),
    "Apps": frozenset({"list"}),
}


def test_a_role_may_grant_what_the_platform_and_the_dependencies_offer():
    addon = new_setup("shop", ["visits"])
    addon.add_roles(
        Role("shop_clerk", "", {"visits.Visit": ("list",), "masterdata.Partner": ("list",), "Apps": ("list",)})
    )
    checks.check_roles([addon], VERBS)


@pytest.mark.parametrize(
    ("missing", "problem"),
    [
        ("models.py", "models.py is missing"),
        ("addon.py", "addon.py is missing"),
        ("bridges", "bridges/visits.py is missing"),
    ],
)
def test_a_module_that_is_missing_is_named(manifests, addons, missing, problem):
    name = f"lacking_{missing.partition('.')[0]}"
    addons.addon(name, more=', "optional_depends": ["visits"]')
    addons.write(name, "bridges/visits.py", "def setup(addon): pass")
    manifest = _find(addons, name)
    for file in (manifest.path / missing).rglob("*") if missing == "bridges" else [manifest.path / missing]:
        file.unlink()
    with pytest.raises(ConfigurationError, match=re.escape(f"{manifest.path}: {problem}")):
        loader.load([manifests["visits"], manifest])


def test_an_addon_without_setup_is_named(manifests, addons):
    addons.addon("unset")
    addons.write("unset", "addon.py", '"""Nothing."""\n')
    manifest = _find(addons, "unset")
    with pytest.raises(ConfigurationError, match=re.escape(f"{manifest.path / 'addon.py'}: setup(addon) is missing")):
        loader.load([manifest])


def test_an_import_that_fails_inside_an_addon_is_shown_as_it_is(manifests, addons):
    addons.addon("broken")
    addons.write("broken", "models.py", "import no_such_library\n")
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        loader.load([_find(addons, "broken")])


def _find(folder, name):
    import addons

    addons.__path__.append(str(folder.path))
    return read_manifests([folder.path])[name]
