"""Everything the orders add-on contributes."""

from datetime import timedelta

from addons.orders import handlers, jobs, masterdata, parameters, queries, reports, security, services, views, workflow
from addons.orders.events import ReservationEnded
from addons.orders.models import (
    AgreedDeal,
    ChangeLine,
    CustomerTerms,
    DiscountLine,
    DiscountRequest,
    DiscountReview,
    DispatchRule,
    Guarantee,
    InvoiceRequest,
    Order,
    OrderChange,
    OrderCheck,
    OrderLine,
    OrderPaper,
    PriceLine,
    PriceList,
    ProgressNote,
    Quotation,
    QuotationLine,
    QuotationVersion,
    RequiredPaper,
    Reservation,
    ReservationLine,
    ReservationVersion,
    ReturnLine,
    ReturnOrder,
    SaleRecord,
    Shortage,
    WorkRequest,
)
from addons.orders.queries import trails
from addons.payments.api import MoneyAllocated, PeriodClosed
from app.sdk.addon import AddonSetup
from app.sdk.documents import Branch
from app.sdk.i18n import _


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.add_models(PriceList, PriceLine, Reservation, ReservationLine, ReservationVersion, Order, OrderLine)
    addon.add_models(ReturnOrder, ReturnLine, InvoiceRequest)
    addon.add_models(OrderCheck, CustomerTerms, Guarantee, DispatchRule, WorkRequest, ProgressNote)
    addon.add_models(OrderChange, ChangeLine, AgreedDeal, SaleRecord, Shortage, RequiredPaper, OrderPaper)
    addon.add_models(Quotation, QuotationLine, QuotationVersion, DiscountRequest, DiscountLine, DiscountReview)
    addon.add_roles(*security.ROLES)
    addon.add_parameters(*parameters.ALL)
    addon.add_number_series(*masterdata.NUMBER_SERIES)
    for one in (
        workflow.PRICE_LIST_WORKFLOW,
        workflow.RESERVATION_WORKFLOW,
        workflow.ORDER_WORKFLOW,
        workflow.RETURN_WORKFLOW,
        workflow.INVOICE_REQUEST_WORKFLOW,
        workflow.CHANGE_WORKFLOW,
        workflow.REQUEST_WORKFLOW,
        workflow.SHORTAGE_WORKFLOW,
        workflow.QUOTATION_WORKFLOW,
        workflow.DISCOUNT_WORKFLOW,
    ):
        addon.add_workflow(one, services)
    addon.add_one_to_one(services.CUSTOMER_TERMS)
    addon.subscribe(MoneyAllocated, handlers.on_money_allocated)
    addon.subscribe(PeriodClosed, handlers.on_period_closed, veto=True)
    addon.subscribe(ReservationEnded, handlers.on_reservation_ended)
    addon.add_notice_kinds(*services.KINDS)
    addon.add_job(jobs.expire_reservations, every=timedelta(days=1))
    addon.add_job(jobs.note_what_was_missed, every=timedelta(hours=1))
    addon.add_job(jobs.expire_quotations, every=timedelta(days=1))
    addon.add_job(jobs.mind_discounts, every=timedelta(days=1))
    _set_up_screens(addon)
    _set_up_sections(addon)
    addon.add_todo_list(*views.TODO_LISTS, *views.DISCOUNT_TODOS)
    addon.add_clock(views.DISCOUNT_CLOCK)
    addon.add_branch(Branch("orders.papers", trails.MODELS, trails.papers_below, trails.orders_above))
    addon.add_open_work(_("Quotations under way"), queries.count_open_quotations)
    addon.add_open_work(_("Discount requests under way"), queries.count_open_discounts)
    addon.add_open_work(_("Reservations that hold something"), queries.count_live_reservations)
    addon.add_open_work(_("Orders that are not closed"), queries.count_open_orders)


def _set_up_screens(addon: AddonSetup) -> None:
    """Record the lists and reports, in the order of the menu."""
    addon.add_view(views.QuotationView, menu="Orders/Quotations", icon="file-text")
    addon.add_view(views.ReservationView, menu="Orders/Reservations", icon="file-text")
    addon.add_view(views.DiscountRequestView, menu="Orders/Discount requests", icon="tag")
    addon.add_view(views.OrderView, menu="Orders/Sales orders", icon="package")
    addon.add_view(views.ReturnView, menu="Orders/Returns", icon="undo-2")
    addon.add_view(views.InvoiceRequestView, menu="Orders/Invoice requests", icon="receipt")
    addon.add_view(views.OrderChangeView, menu="Orders/Order changes", icon="pencil")
    addon.add_view(views.WorkRequestView, menu="Orders/Work requests", icon="list-checks")
    addon.add_view(views.ShortageView, menu="Orders/Missing goods", icon="package-x")
    addon.add_view(views.AgreedDealView, menu="Orders/Agreed deals", icon="handshake")
    addon.add_view(views.SaleRecordView, menu="Orders/Sales record", icon="book-open")
    addon.add_view(views.GuaranteeView, menu="Orders/Guarantees", icon="shield")
    addon.add_view(views.CustomerTermsView, menu="Orders/Customer terms", icon="contact")
    addon.add_view(views.DispatchRuleView, menu="Orders/Dispatch rules", icon="layers")
    addon.add_view(views.RequiredPaperView, menu="Orders/Required papers", icon="file-check")
    addon.add_view(views.PriceListView, menu="Orders/Price lists", icon="tag")
    addon.add_report(reports.SALES_ORDERS, menu="Orders/Order lines", icon="chart-column")
    addon.add_report(reports.ORDER_EXECUTION, menu="Orders/Order execution", icon="chart-column")
    addon.add_report(reports.PROCESSING_TIME, menu="Orders/Lead time", icon="chart-column")
    addon.add_report(reports.ON_TIME, menu="Orders/On-time delivery", icon="chart-column")
    addon.add_report(reports.RESERVATION_LEDGER, menu="Orders/Deposit ledger", icon="chart-column")
    addon.add_report(reports.QUOTATION_LOG, menu="Orders/Quotation log", icon="book-open")
    addon.add_report(reports.SHIPPED_GOODS, menu="Orders/Cost of shipped goods", icon="chart-column")
    addon.add_report(reports.DISCOUNT_LOG, menu="Orders/Discount log", icon="book-open")


def _set_up_sections(addon: AddonSetup) -> None:
    """Record what the pages of documents show besides their fields."""
    sections = {
        "orders.QuotationView": views.QUOTATION_SLOTS,
        "orders.DiscountRequestView": views.DISCOUNT_SLOTS,
        "orders.ReservationView": (
            views.WHY_RESERVATION, views.RESERVATION_PAYMENT, views.VERSIONS, views.RESERVATION_PRICES,
        ),
        "orders.OrderView": (
            views.WHY_ORDER, views.ORDER_PAYMENT, views.RETURNS_OF_ORDER, views.REQUESTS_OF_ORDER, views.CREDIT,
            views.COST,
            *views.TABS, views.ORDER_PRICES,
        ),
        "orders.ReturnView": (views.WHY_RETURN,),
        "orders.InvoiceRequestView": (views.WHY_REQUEST,),
    }  # fmt: skip
    for view, slots in sections.items():
        for slot in slots:
            addon.extend_view(view, slot)
