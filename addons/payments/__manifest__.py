{
    "name": "payments",
    "title": "Payments",
    "summary": "Receivables, receipts and refunds, a ledger that balances, cash days and the month-end close.",
    "version": "1.0.0",
    "category": "Finance",
    "icon": "wallet",
    "depends": [],
    "demo": ["demo"],
    "requires_app": ">=1.0,<2.0",
}
