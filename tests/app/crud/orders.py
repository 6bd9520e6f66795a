"""What the tests type into the form of an order, and how they send it."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
from flask.testing import FlaskClient

VIEW, REST = "/market/order", "/api/v1/market/order"
FORM = {"number": "A-1", "customer": "Wang Wu", "ordered_on": "2026-03-02", "phone": "13812345678"}
LINES = {"lines-0-item": "Chair", "lines-0-quantity": "2", "lines-1-item": "Desk", "lines-1-quantity": "1.5"}


def add(client: FlaskClient, **changes: str) -> Any:
    """Send the form of a new order."""
    return client.post(f"{VIEW}/add", data={**FORM, **changes})


def edit(client: FlaskClient, key: int = 1, **changes: str) -> Any:
    """Send the form of an order."""
    return client.post(f"{VIEW}/edit/{key}", data={**FORM, **changes})


def shown(client: FlaskClient, key: int = 1) -> Any:
    """Return what REST says about an order."""
    answer = client.get(f"{REST}/{key}")
    assert answer.status_code == 200, answer.text
    return answer.json["result"]


def sheet_of(client: FlaskClient, address: str) -> list[list[Any]]:
    """Return the values of the Excel file at an address, row by row."""
    with client.get(address) as answer:
        assert answer.status_code == 200, answer.text
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def add_many(run_in: Callable[..., Any], company_id: int, numbers: range, **values: Any) -> None:
    """Put orders into the database, without the screens."""
    from addons.market.models import Order
    from app.database.session import session

    def fill() -> None:
        day = dt.date(2026, 3, 2)
        session.add_all([
            Order(**{"number": f"N-{number:04}", "customer": f"Customer {number:04}", "ordered_on": day, **values})
            for number in numbers
        ])  # fmt: skip

    run_in(company_id, fill)
