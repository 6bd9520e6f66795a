"""Payments: receivables of any document, receipts, the money ledger, cash days and the close of a month."""
