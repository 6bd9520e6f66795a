"""Everything the reception add-on contributes."""

from datetime import timedelta

from addons.reception import handlers, jobs, masterdata, pages, parameters, reports, security, services, views, workflow
from addons.reception.models import (
    CardScan,
    Category,
    Contact,
    Customer,
    EntryAudit,
    FollowUp,
    Grading,
    Inquiry,
    Negotiation,
    Objection,
    Promise,
    Reception,
    ReceptionCheck,
    SmsGateway,
    SmsMessage,
    SmsTemplate,
    Turn,
    TurnMember,
    TurnQueue,
)
from addons.reception.queries import rehearsals
from app.sdk.addon import AddonSetup
from app.sdk.masterdata import EmployeeLeft, PartnerAnonymised


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.add_models(Customer, Reception, ReceptionCheck, TurnQueue, TurnMember, Turn, Inquiry, Promise)
    addon.add_models(CardScan, Category, Contact, FollowUp, Negotiation, Objection, Grading, EntryAudit)
    addon.add_roles(*security.ROLES)
    addon.add_parameters(*parameters.ALL)
    addon.add_rehearsals(*rehearsals.REHEARSALS)
    addon.add_standings(*rehearsals.STANDINGS)
    addon.add_option_lists(*masterdata.OPTION_LISTS)
    addon.add_number_series(*masterdata.NUMBER_SERIES)
    for one in (
        workflow.RECEPTION_WORKFLOW,
        workflow.CUSTOMER_WORKFLOW,
        workflow.INQUIRY_WORKFLOW,
        workflow.PROMISE_WORKFLOW,
        workflow.NEGOTIATION_WORKFLOW,
        workflow.GRADING_WORKFLOW,
        workflow.AUDIT_WORKFLOW,
        workflow.CARD_WORKFLOW,
    ):
        addon.add_workflow(one, services)
    addon.subscribe(EmployeeLeft, handlers.on_employee_left, veto=True)
    addon.subscribe(PartnerAnonymised, handlers.on_partner_anonymised, veto=True)
    addon.add_job(jobs.propose_erasures, every=timedelta(days=1))
    addon.add_page(pages.DeskPage, menu="Reception/Front desk", icon="concierge-bell")
    addon.add_view(views.ReceptionView, menu="Reception/Receptions", icon="clipboard-list")
    addon.add_view(views.CustomerView, menu="Reception/Customers", icon="contact")
    addon.add_view(views.InquiryView, menu="Reception/Inquiries", icon="phone-call")
    addon.add_view(views.PromiseView, menu="Reception/Promises", icon="handshake")
    addon.add_view(views.FollowUpView, menu="Reception/Follow-ups", icon="phone")
    addon.add_view(views.NegotiationView, menu="Reception/Negotiations", icon="messages-square")
    addon.add_view(views.ContactView, menu="Reception/Contacts", icon="users")
    addon.add_view(views.CardScanView, menu="Reception/Business cards", icon="id-card")
    addon.add_view(views.EntryAuditView, menu="Reception/Entry audits", icon="clipboard-check")
    addon.add_view(views.GradingView, menu="Reception/Grades", icon="chart-column")
    addon.add_view(views.CategoryView, menu="Reception/Customer categories", icon="layers")
    addon.add_view(views.TurnQueueView, menu="Reception/Turn queues", icon="users-round")
    addon.add_report(reports.DAILY_RECORD, menu="Reception/Reception record", icon="printer")
    addon.add_report(reports.VISITORS_BY_DAY, menu="Reception/Visitors by day", icon="chart-column", on_home=True)
    addon.add_report(reports.VISITORS_BY_SOURCE, menu="Reception/Visitors by source", icon="chart-column", on_home=True)
    addon.add_report(reports.INQUIRIES_BY_SOURCE, menu="Reception/Inquiries by source", icon="phone")
    addon.add_report(reports.PROSPECT_REGISTER, menu="Reception/Prospect register", icon="book-open")
    addon.add_report(reports.IDLE_FILES, menu="Reception/Files due for erasure", icon="shield")
    addon.add_one_to_one(services.CUSTOMER_FILES)
    addon.add_holdings(*services.HOLDINGS)
    addon.add_page(pages.TransferPage, menu="Reception/Transfer customers", icon="arrow-left-right")
    addon.add_todo_list(views.FILES_WITHOUT_CUSTODIAN, *views.TODO_LISTS)
    for card in views.HOME_CARDS:
        addon.add_home_card(card)
    addon.add_clock(*views.CLOCKS)
    own = (views.FORMER_OWNERS, views.GRANTS, views.DUE_SECTION, *views.CUSTOMER_TABS, views.BY_HAND, views.BY_CARD)
    for slot in own:
        addon.extend_view("reception.CustomerView", slot)
    addon.extend_view("reception.GradingView", views.WHY_THIS_GRADE)
    addon.add_job(jobs.propose_grades, every=timedelta(days=1))
    _set_up_texting(addon)


def _set_up_texting(addon: AddonSetup) -> None:
    """Record what text messages to customers need (S:REC-22)."""
    addon.add_models(SmsMessage, SmsTemplate, SmsGateway)
    addon.add_workflow(workflow.SMS_WORKFLOW, services)
    addon.add_online_feature(services.SMS)
    addon.add_view(views.SmsMessageView, menu="Reception/Text messages", icon="message-square")
    addon.add_view(views.SmsTemplateView, menu="Reception/SMS templates", icon="message-square-text")
    addon.add_view(views.SmsGatewayView, menu="Reception/SMS gateways", icon="radio-tower")
    addon.extend_view("reception.CustomerView", views.SMS_TAB)
