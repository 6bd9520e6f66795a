"""Everything the orders add-on contributes."""

from datetime import timedelta

from addons.orders import handlers, jobs, masterdata, parameters, queries, security, services, views, workflow
from addons.orders.models import (
    AgreedDeal,
    ChangeLine,
    CustomerTerms,
    DispatchRule,
    Guarantee,
    Order,
    OrderChange,
    OrderCheck,
    OrderLine,
    PriceLine,
    PriceList,
    ProgressNote,
    Reservation,
    ReservationLine,
    ReservationVersion,
    SaleRecord,
    WorkRequest,
)
from addons.payments.api import MoneyAllocated, ReceiptVoided
from app.sdk.addon import AddonSetup
from app.sdk.i18n import _


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.add_models(PriceList, PriceLine, Reservation, ReservationLine, ReservationVersion, Order, OrderLine)
    addon.add_models(OrderCheck, CustomerTerms, Guarantee, DispatchRule, WorkRequest, ProgressNote)
    addon.add_models(OrderChange, ChangeLine, AgreedDeal, SaleRecord)
    addon.add_roles(*security.ROLES)
    addon.add_parameters(*parameters.ALL)
    addon.add_number_series(*masterdata.NUMBER_SERIES)
    for one in (
        workflow.PRICE_LIST_WORKFLOW,
        workflow.RESERVATION_WORKFLOW,
        workflow.ORDER_WORKFLOW,
        workflow.CHANGE_WORKFLOW,
        workflow.REQUEST_WORKFLOW,
    ):
        addon.add_workflow(one, services)
    addon.add_one_to_one(services.CUSTOMER_TERMS)
    addon.subscribe(MoneyAllocated, handlers.on_money_allocated)
    addon.subscribe(ReceiptVoided, handlers.on_receipt_voided)
    addon.add_job(jobs.expire_reservations, every=timedelta(days=1))
    addon.add_job(jobs.note_what_was_missed, every=timedelta(hours=1))
    addon.add_view(views.ReservationView, menu="Orders/Reservations", icon="file-text")
    addon.add_view(views.OrderView, menu="Orders/Sales orders", icon="package")
    addon.add_view(views.OrderChangeView, menu="Orders/Order changes", icon="pencil")
    addon.add_view(views.WorkRequestView, menu="Orders/Work requests", icon="list-checks")
    addon.add_view(views.AgreedDealView, menu="Orders/Agreed deals", icon="handshake")
    addon.add_view(views.SaleRecordView, menu="Orders/Sales record", icon="book-open")
    addon.add_view(views.GuaranteeView, menu="Orders/Guarantees", icon="shield")
    addon.add_view(views.CustomerTermsView, menu="Orders/Customer terms", icon="contact")
    addon.add_view(views.DispatchRuleView, menu="Orders/Dispatch rules", icon="layers")
    addon.add_view(views.PriceListView, menu="Orders/Price lists", icon="tag")
    addon.extend_view("orders.ReservationView", views.WHY_RESERVATION)
    addon.extend_view("orders.ReservationView", views.RESERVATION_PAYMENT)
    addon.extend_view("orders.ReservationView", views.VERSIONS)
    addon.extend_view("orders.OrderView", views.WHY_ORDER)
    addon.extend_view("orders.OrderView", views.ORDER_PAYMENT)
    addon.extend_view("orders.OrderView", views.CREDIT)
    for tab in views.TABS:
        addon.extend_view("orders.OrderView", tab)
    addon.add_todo_list(*views.TODO_LISTS)
    addon.add_open_work(_("Reservations that hold something"), queries.count_live_reservations)
    addon.add_open_work(_("Orders that are not closed"), queries.count_open_orders)
