"""Everything the contracts add-on contributes."""

from datetime import timedelta

from addons.contracts import (
    handlers,
    jobs,
    masterdata,
    pages,
    parameters,
    queries,
    reports,
    security,
    services,
    views,
    workflow,
)
from addons.contracts.models import (
    Contract,
    Credit,
    Edition,
    Incident,
    Installment,
    Obligation,
    Party,
    Review,
    Supplement,
    Template,
    TemplateClause,
)
from addons.payments.api import MoneyAllocated
from app.sdk.addon import AddonSetup
from app.sdk.documents import Branch
from app.sdk.i18n import _


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.add_models(Template, TemplateClause, Contract, Installment, Party, Edition, Review)
    addon.add_models(Obligation, Incident, Supplement, Credit)
    addon.add_roles(*security.ROLES)
    addon.add_parameters(*parameters.ALL)
    addon.add_number_series(*masterdata.NUMBER_SERIES)
    addon.add_notice_kinds(*services.KINDS)
    for one in (
        workflow.TEMPLATE_WORKFLOW,
        workflow.CONTRACT_WORKFLOW,
        workflow.REVIEW_WORKFLOW,
        workflow.OBLIGATION_WORKFLOW,
        workflow.INCIDENT_WORKFLOW,
        workflow.SUPPLEMENT_WORKFLOW,
    ):
        addon.add_workflow(one, services)
    addon.subscribe(MoneyAllocated, handlers.on_money_allocated)
    addon.add_job(jobs.watch_contracts, every=timedelta(days=1))
    addon.add_view(views.ContractView, menu="Contracts/Contracts", icon="file-text")
    addon.add_view(views.ReviewView, menu="Contracts/Reviews", icon="clipboard-check")
    addon.add_view(views.ObligationView, menu="Contracts/Duties", icon="clock")
    addon.add_view(views.IncidentView, menu="Contracts/Incidents", icon="circle-alert")
    addon.add_view(views.SupplementView, menu="Contracts/Supplements", icon="file-plus")
    addon.add_view(views.PartyView, menu="Contracts/Other parties", icon="users")
    addon.add_page(pages.ReadingPage, menu="Contracts/Texts of contracts", icon="book-open")
    addon.add_view(views.TemplateView, menu="Contracts/Templates", icon="layers")
    addon.add_page(pages.SamplePage, menu="Contracts/Fields of templates", icon="list")
    addon.add_report(reports.LEDGER, menu="Contracts/Contract ledger", icon="book-open")
    addon.add_report(reports.EXECUTION_RATE, menu="Contracts/Execution of contracts", icon="chart-column")
    addon.add_report(reports.SIGNED_AND_KEPT, menu="Contracts/Contracts signed, customers kept", icon="chart-column")
    for action in views.ACTIONS:
        addon.extend_view("contracts.ContractView", action)
    for tab in views.TABS:
        addon.extend_view("contracts.ContractView", tab)
    addon.extend_view("contracts.TemplateView", views.READ_FIELDS)
    addon.extend_view("contracts.ReviewView", views.READ_VERSION)
    addon.add_todo_list(*views.TODO_LISTS)
    addon.add_branch(Branch("contracts.drafts", (Contract,), queries.contracts_below, queries.documents_above))
    addon.add_open_work(_("Contracts under way"), queries.count_open_contracts)
