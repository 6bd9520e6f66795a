"""AddonSetup records what an add-on contributes; nothing happens until the loader applies it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from app.addon_loader.manifest import Manifest
from app.crud.home_card import HomeCard
from app.crud.page import Page
from app.crud.slots import Action, Column, CreateMode, Extension, Section, Tab
from app.crud.view import CrudView
from app.database.base import CompanyModel
from app.documents.trail import Branch
from app.errors import ConfigurationError, Text
from app.events import Event, Subscription
from app.i18n import said_by
from app.masterdata.holdings import Holding
from app.masterdata.numbering import NumberSeriesDefinition
from app.masterdata.one_to_one import OneToOne
from app.masterdata.options import OptionListDefinition
from app.notices import NoticeKind
from app.online import OnlineFeature
from app.parameters.parameter import Parameter
from app.parameters.rehearsal import Rehearsal
from app.parameters.standing import Standing
from app.reports.definition import Report
from app.security.gate import owner_of
from app.security.roles import Role
from app.workflow.clocks import Clock
from app.workflow.definition import Workflow
from app.workflow.todo import TodoList


@dataclass(frozen=True)
class MenuEntry:
    """Where a screen is found: 'Category/Title' and its icon."""

    category: str
    title: str
    icon: str


@dataclass(frozen=True)
class JobContribution:
    """A background function, and how often it runs by itself; None: only when asked for."""

    name: str
    function: Callable[..., Any]
    every: timedelta | None


@dataclass(frozen=True)
class CatchUp:
    """How an add-on makes good what it missed: `run(company_id, since)`, and how much `count(since)` says it would."""

    run: Callable[[int, datetime], None]
    count: Callable[[datetime], int]


@dataclass(frozen=True)
class OpenWork:
    """Something that should be finished before the add-on is switched off, and how much of it there is."""

    label: Text
    count: Callable[[], int]


@dataclass
class AddonSetup:
    """The object that `setup(addon)` fills in. Structural tests read it without an app.

    Every `add_…` raises ConfigurationError naming the add-on for a name that does not carry its prefix.
    """

    manifest: Manifest
    models: list[type[CompanyModel]] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    workflows: list[Workflow[Any]] = field(default_factory=list)
    parameters: list[Parameter[Any]] = field(default_factory=list)
    rehearsals: list[Rehearsal] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    number_series: list[NumberSeriesDefinition] = field(default_factory=list)
    option_lists: list[OptionListDefinition] = field(default_factory=list)
    one_to_one: list[OneToOne] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    notice_kinds: list[NoticeKind] = field(default_factory=list)
    online_features: list[OnlineFeature] = field(default_factory=list)
    reports: list[tuple[Report, MenuEntry]] = field(default_factory=list)
    views: list[tuple[type[CrudView], MenuEntry]] = field(default_factory=list)
    pages: list[tuple[type[Page], MenuEntry]] = field(default_factory=list)
    links: list[tuple[str, str, MenuEntry]] = field(default_factory=list)
    home_cards: list[HomeCard] = field(default_factory=list)
    home_charts: list[Report] = field(default_factory=list)
    todo_lists: list[TodoList] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    jobs: list[JobContribution] = field(default_factory=list)
    catch_up: CatchUp | None = None
    open_work: list[OpenWork] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The add-on's name."""
        return self.manifest.name

    @property
    def gate(self) -> str | None:
        """The add-on that a company must have on; None for a room of the platform, which is always on."""
        return owner_of(f"{self.name}.")

    @property
    def menu_entries(self) -> list[MenuEntry]:
        """Everything that stands in the menu."""
        entries = [entry for _view, entry in self.views] + [entry for _page, entry in self.pages]
        entries += [entry for _report, entry in self.reports]
        return entries + [entry for _resource, _address, entry in self.links]

    def resource(self, model: type[CompanyModel]) -> str:
        """Return the name that permissions, menus, REST and workflow share: '<addon>.<Model>'."""
        return f"{self.name}.{model.__name__}"

    def add_models(self, *models: type[CompanyModel]) -> None:
        """Own these tables; their names carry the add-on's name."""
        for model in models:
            self._check_kind(model, CompanyModel)
            self._check_prefix(model.__tablename__, "_")
        self.models += models

    def add_roles(self, *roles: Role) -> None:
        """Offer these roles to every company."""
        for role in roles:
            self._check_prefix(role.name, "_")
        self.roles += roles

    def add_workflow(self, workflow: Workflow[Any], services: ModuleType) -> None:
        """Own this workflow; `services` is the module whose functions its transitions decorate.

        Naming the module makes the import visible: without it the decorators would not have run.
        """
        self._check_own(workflow.model, "a workflow")
        workflow.resource = self.resource(workflow.model)
        workflow.check_complete()
        for name, transition in workflow.transitions.items():
            if transition.service.__module__.split(".")[:2] != services.__name__.split(".")[:2]:
                raise ConfigurationError(f"{self.name}: transition {name!r} is decorated outside {services.__name__}")
            transition.label = said_by(workflow.resource, transition.label)
        self.workflows.append(workflow)

    def add_parameters(self, *parameters: Parameter[Any]) -> None:
        """Own these policy values."""
        for parameter in parameters:
            self._check_prefix(parameter.key, ".")
        self.parameters += parameters

    def add_rehearsals(self, *rehearsals: Rehearsal) -> None:
        """Let drafts of these policy values be tried on the documents of a month."""
        for one in rehearsals:
            for key in one.keys:
                self._check_prefix(key, ".")
        self.rehearsals += rehearsals

    def add_standings(self, *standings: Standing) -> None:
        """Refuse values of policy that stored documents would break, with the list of these."""
        for one in standings:
            self._check_prefix(one.key, ".")
        self.standings += standings

    def add_number_series(self, *series: NumberSeriesDefinition) -> None:
        """Own these running numbers; a company may change their format."""
        for one in series:
            self._check_prefix(one.key, ".")
        self.number_series += series

    def add_option_lists(self, *lists: OptionListDefinition) -> None:
        """Own these lists, which a company edits without code (S:CORE-14)."""
        for one in lists:
            self._check_prefix(one.key, ".")
        self.option_lists += lists

    def add_notice_kinds(self, *kinds: NoticeKind) -> None:
        """Own these kinds of notices; each user chooses where he is told of them."""
        for one in kinds:
            self._check_prefix(one.name, ".")
        self.notice_kinds += kinds

    def add_online_feature(self, feature: OnlineFeature) -> None:
        """Own a function that needs the internet; it is queued while that is away (S:CORE-20)."""
        self.online_features.append(replace(feature, addon=self.name))

    def add_one_to_one(self, *tables: OneToOne) -> None:
        """Say how two rows of a table with one row per partner become one when partners are merged (S:REC-16)."""
        for table in tables:
            self._check_own(table.model, "a one-to-one table")
        self.one_to_one += tables

    def add_holdings(self, *holdings: Holding) -> None:
        """Say what somebody holds and hands on when he leaves, or with a customer (S:REC-17)."""
        for holding in holdings:
            self._check_prefix(holding.name, ".")
        self.holdings += holdings

    def add_report(self, report: Report, *, menu: str, icon: str = "chart-column", on_home: bool = False) -> None:
        """Own this report: screen, Excel and PDF. Who may list its model may see it, its chart `on_home` too."""
        self._check_prefix(report.name, ".")
        self._check_own(report.model, f"report {report.name}")
        report.resource = self.resource(report.model)
        self.reports.append((report, self._entry(menu, icon)))
        if on_home:
            self.home_charts.append(report)

    def add_view(self, view: type[CrudView], *, menu: str, icon: str = "list") -> None:
        """Show this view under 'Category/Title', and the same as REST."""
        self._check_kind(view, CrudView)
        self._check_own(view.model, view.__name__)
        self.views.append((view, self._entry(menu, icon)))

    def add_page(self, page: type[Page], *, menu: str, icon: str = "layout-grid") -> None:
        """Show a page of its own: a board, a queue, a desk."""
        self._check_kind(page, Page)
        self._check_prefix(page.resource, ".")
        self.pages.append((page, self._entry(menu, icon)))

    def add_link(self, resource: str, address: str, *, menu: str, icon: str) -> None:
        """Show a menu entry for a screen of the platform's own, to those who have a right on `resource`."""
        self.links.append((resource, address, self._entry(menu, icon)))

    def add_home_card(self, card: HomeCard) -> None:
        """Show a figure on the home page of those who may list its resource."""
        self._check_prefix(card.name, ".")
        self.home_cards.append(card)

    def add_todo_list(self, *lists: TodoList) -> None:
        """Show on the to-do list what waits for those who may list its resource (S:CORE-11)."""
        for one in lists:
            self._check_prefix(one.name, ".")
        self.todo_lists += lists

    def add_clock(self, *clocks: Clock) -> None:
        """Put on the report of overdue steps what had to be done by a moment (P:RP-24)."""
        for one in clocks:
            self._check_prefix(one.name, ".")
        self.clocks += clocks

    def add_branch(self, *branches: Branch) -> None:
        """Show among the related documents of a record what belongs to them by a column of this add-on."""
        for one in branches:
            self._check_prefix(one.name, ".")
            for model in one.models:
                self._check_own(model, f"branch {one.name}")
        self.branches += branches

    def extend_view(self, view: str, slot: Column | Tab | Section | Action | CreateMode) -> None:
        """Fill a slot on another add-on's view: 'visits.VisitView'."""
        self.extensions.append(Extension(self.name, view, slot))

    def subscribe(
        self, event: type[Event], handler: Callable[[Any], None], *, after_commit: bool = False, veto: bool = False
    ) -> None:
        """Hear an event where this add-on is enabled."""
        self.subscriptions.append(Subscription(self.gate, event, handler, after_commit=after_commit, veto=veto))

    def add_job(self, function: Callable[..., Any], *, every: timedelta | None = None) -> None:
        """Run this in the background, on request or on schedule, in each company that has the add-on on."""
        self.jobs.append(JobContribution(f"{self.name}.{function.__name__}", function, every))

    def add_catch_up(self, run: Callable[[int, datetime], None], *, count: Callable[[datetime], int]) -> None:
        """Make good, when a company switches the add-on on again, what happened while it was off.

        `run(company_id, since)` does it, in that company, and does nothing twice; `count(since)` tells beforehand how
        much there is.
        """
        if self.catch_up is not None:
            raise ConfigurationError(f"{self.name}: add_catch_up is called twice")
        self.catch_up = CatchUp(run, count)

    def add_open_work(self, label: Text, count: Callable[[], int]) -> None:
        """Show whoever switches the add-on off how much of this is unfinished in the company."""
        self.open_work.append(OpenWork(label, count))

    def _check_kind(self, given: Any, wanted: type[Any]) -> None:
        if not (isinstance(given, type) and issubclass(given, wanted)):
            raise ConfigurationError(f"{self.name}: {given!r} is no {wanted.__name__}")

    def _check_own(self, model: type[Any], what: str) -> None:
        if not model.__tablename__.startswith(f"{self.name}_"):
            raise ConfigurationError(f"{self.name}: {what} is about {model.__name__}, which another add-on owns")

    def _entry(self, menu: str, icon: str) -> MenuEntry:
        category, slash, title = menu.partition("/")
        if not (category and slash and title):
            raise ConfigurationError(f"{self.name}: menu {menu!r} must be 'Category/Title'")
        return MenuEntry(category, title, icon)

    def _check_prefix(self, name: str, separator: str) -> None:
        if not name.startswith(self.name + separator):
            raise ConfigurationError(f"{self.name}: {name!r} must start with {self.name + separator!r}")
