"""Verbs of payments."""

from addons.payments.services.bad_debts import (
    approve_bad_debt,
    propose_bad_debt,
    reject_bad_debt,
    update_bad_debt,
    write_off,
)
from addons.payments.services.bank_lines import (
    advance_line,
    connect_line,
    ignore_line,
    match_line,
    park_line,
    take_back_line,
)
from addons.payments.services.bank_links import identify_line, release_line
from addons.payments.services.bank_statements import discard_statement, send_statement, set_columns, take_in_statement
from addons.payments.services.cash import (
    give_back_cash_day,
    hand_over,
    open_shift,
    reconcile_cash_day,
    submit_cash_day,
    update_shift,
)
from addons.payments.services.designs import save_design
from addons.payments.services.invoices import audit_invoice, create_invoice, update_invoice, void_invoice
from addons.payments.services.periods import close_period, reopen_period
from addons.payments.services.receipts import (
    audit_receipt,
    create_receipt,
    delete_receipt,
    lift_audit,
    post_receipt,
    print_receipt,
    update_receipt,
    void_receipt,
)
from addons.payments.services.receivables import (
    Claim,
    bind_receivable,
    cancel_receivable,
    create_receivable,
    delete_receivable,
    dun_receivable,
    open_receivable,
    update_receivable,
)
from addons.payments.services.recoveries import assess_recovery, close_recovery
from addons.payments.services.using import (
    forfeit_money,
    match_receipt,
    refund_money,
    settle_oldest,
    settle_receivable,
    transfer_money,
    void_refund,
)

__all__ = [
    "Claim",
    "advance_line",
    "approve_bad_debt",
    "assess_recovery",
    "audit_invoice",
    "audit_receipt",
    "bind_receivable",
    "cancel_receivable",
    "close_period",
    "close_recovery",
    "connect_line",
    "create_invoice",
    "create_receipt",
    "create_receivable",
    "delete_receipt",
    "delete_receivable",
    "discard_statement",
    "dun_receivable",
    "forfeit_money",
    "give_back_cash_day",
    "hand_over",
    "identify_line",
    "ignore_line",
    "lift_audit",
    "match_line",
    "match_receipt",
    "open_receivable",
    "open_shift",
    "park_line",
    "post_receipt",
    "print_receipt",
    "propose_bad_debt",
    "reconcile_cash_day",
    "refund_money",
    "reject_bad_debt",
    "release_line",
    "reopen_period",
    "save_design",
    "send_statement",
    "set_columns",
    "settle_oldest",
    "settle_receivable",
    "submit_cash_day",
    "take_back_line",
    "take_in_statement",
    "transfer_money",
    "update_bad_debt",
    "update_invoice",
    "update_receipt",
    "update_receivable",
    "update_shift",
    "void_invoice",
    "void_receipt",
    "void_refund",
    "write_off",
]
