"""The sheet of a sales clerk's day: thirty orders of a customer's purchasing portal, with Chinese headings."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl

HEADINGS = ("客户单号", "客户名称", "订单日期", "交货日期", "付款方式", "产品编号", "数量", "含税单价")
ORDERS = 30


def order_rows() -> list[list[Any]]:
    """Return two lines for each of thirty orders of Li and Wu: bolts at the list price, hours without a price."""
    rows: list[list[Any]] = []
    for number in range(1, ORDERS + 1):
        head = [f"PO-{number:03}", ("Li", "Wu")[number % 2], "2026-03-02", "2026-03-10", "银行转账"]
        rows += [[*head, "bolt", number, 100], [*([None] * 5), "Hour", 2, None]]
    return rows


def order_sheet(change: Callable[[list[list[Any]]], None] | None = None, headings: tuple[str, ...] = HEADINGS) -> Any:
    """Return the sheet as a file; `change` spoils its rows first."""
    rows = order_rows()
    if change is not None:
        change(rows)
    book = openpyxl.Workbook()
    book.active.append(list(headings))
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    return target
