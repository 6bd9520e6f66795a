"""Everything the payments add-on contributes."""

from addons.payments import masterdata, pages, parameters, queries, reports, security, services, views, workflow
from addons.payments.models import (
    Allocation,
    BadDebt,
    BankLine,
    BankStatement,
    CashDay,
    Entry,
    Invoice,
    Method,
    Period,
    Place,
    Posting,
    Receipt,
    ReceiptDesign,
    ReceiptLine,
    Receivable,
    Recovery,
    Refund,
    Shift,
)
from addons.payments.queries import rehearsals, trails
from app.sdk.addon import AddonSetup
from app.sdk.documents import Branch
from app.sdk.i18n import _


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.add_models(Place, Method, Receivable, Receipt, ReceiptLine, Refund, Posting, Entry, Allocation)
    addon.add_models(Period, CashDay, Shift, BadDebt, Invoice, Recovery, BankStatement, BankLine, ReceiptDesign)
    addon.add_roles(*security.ROLES)
    addon.add_parameters(*parameters.ALL)
    addon.add_rehearsals(*rehearsals.REHEARSALS)
    addon.add_standings(*rehearsals.STANDINGS)
    addon.add_number_series(*masterdata.NUMBER_SERIES)
    for one in (
        workflow.RECEIVABLE_WORKFLOW,
        workflow.RECEIPT_WORKFLOW,
        workflow.REFUND_WORKFLOW,
        workflow.CASH_DAY_WORKFLOW,
        workflow.SHIFT_WORKFLOW,
        workflow.PERIOD_WORKFLOW,
        workflow.BAD_DEBT_WORKFLOW,
        workflow.INVOICE_WORKFLOW,
        workflow.RECOVERY_WORKFLOW,
        workflow.STATEMENT_WORKFLOW,
        workflow.BANK_LINE_WORKFLOW,
    ):
        addon.add_workflow(one, services)
    addon.add_view(views.ReceivableView, menu="Payments/Receivables", icon="file-text")
    addon.add_view(views.ReceiptView, menu="Payments/Receipts", icon="receipt")
    addon.add_view(views.RefundView, menu="Payments/Refunds", icon="undo-2")
    addon.add_view(views.InvoiceView, menu="Payments/Invoices", icon="file-text")
    addon.add_view(views.CashDayView, menu="Payments/Cash days", icon="wallet")
    addon.add_view(views.ShiftView, menu="Payments/Shifts", icon="clock")
    addon.add_view(views.BadDebtView, menu="Payments/Bad debts", icon="x")
    addon.add_view(views.RecoveryView, menu="Payments/Lost goods money", icon="circle-alert")
    addon.add_view(views.PostingView, menu="Payments/Money ledger", icon="book-open")
    addon.add_view(views.PeriodView, menu="Payments/Months", icon="calendar")
    addon.add_page(pages.BankImportPage, menu="Payments/Send a bank statement", icon="upload")
    addon.add_page(pages.BankDeskPage, menu="Payments/Match bank lines", icon="link")
    addon.add_view(views.BankStatementView, menu="Payments/Bank statements", icon="file-spreadsheet")
    addon.add_view(views.BankLineView, menu="Payments/Bank lines", icon="list")
    addon.add_view(views.PlaceView, menu="Payments/Cash desks and accounts", icon="landmark")
    addon.add_view(views.MethodView, menu="Payments/Ways to pay", icon="credit-card")
    addon.add_page(pages.ReceiptDesignPage, menu="Payments/Receipt design", icon="file-pen")
    addon.add_report(reports.CASH_REPORT, menu="Payments/Daily cash report", icon="printer")
    addon.add_report(reports.RECONCILIATION, menu="Payments/Books and bank", icon="landmark")
    addon.add_report(reports.DIFFERENCES, menu="Payments/Differences to the bank", icon="git-compare")
    addon.add_report(reports.AGEING_REPORT, menu="Payments/Ageing of receivables", icon="chart-column")
    addon.add_report(reports.STATEMENT, menu="Payments/Statement of account", icon="file-text")
    addon.add_report(reports.COLLECTION_RATE, menu="Payments/Collection rate", icon="chart-column")
    addon.extend_view("payments.BankStatementView", views.LINES)
    addon.extend_view("payments.ReceivableView", views.WHY)
    addon.extend_view("payments.ReceivableView", views.PAID)
    addon.extend_view("payments.ReceiptView", views.USED)
    addon.extend_view("payments.ReceiptView", views.ENTRIES)
    addon.add_todo_list(*views.TODO_LISTS, views.BANK_TODO)
    addon.add_clock(views.CASH_CLOCK)
    addon.add_branch(Branch("payments.money", trails.MODELS, trails.money_below, trails.documents_above))
    addon.add_open_work(_("Receipts in draft"), queries.count_open_drafts)
