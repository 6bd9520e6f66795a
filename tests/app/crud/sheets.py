"""What the tests do with a sheet for editing: get it, change cells as a person would, send it back."""

import io
import re
from typing import Any

import openpyxl
from flask.testing import FlaskClient

from tests.app.crud.orders import VIEW

SHEET = f"{VIEW}/sheet"


class Sheet:
    """A sheet as Excel has it open. Rows are counted from the first record; columns are named as in the hidden head."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.data = self.book.worksheets[0]
        self.names = [str(cell.value).partition(":")[0] for cell in self.data[1]]

    def cell(self, row: int, name: str) -> Any:
        """Return one cell."""
        return self.data.cell(row + 3, self.names.index(name) + 1)

    def row_of(self, name: str, value: Any) -> int:
        """Return the row where a column has this value."""
        return next(row for row in range(self.data.max_row) if self.cell(row, name).value == value)

    def content(self) -> bytes:
        """Return the saved file."""
        target = io.BytesIO()
        self.book.save(target)
        return target.getvalue()


def get_sheet(client: FlaskClient, query: str = "") -> Sheet:
    """Get the sheet of a list."""
    with client.get(f"{SHEET}/download{query}") as answer:
        assert answer.status_code == 200, answer.text
        return Sheet(answer.data)


def send_sheet(client: FlaskClient, content: bytes, name: str = "orders.xlsx", **values: str) -> Any:
    """Send an edited sheet."""
    data = {"file": (io.BytesIO(content), name), **values}
    return client.post(SHEET, data=data, content_type="multipart/form-data")


def compared(client: FlaskClient, sheet: Sheet | bytes, **values: str) -> str:
    """Send a sheet, and return the page of its job."""
    content = sheet.content() if isinstance(sheet, Sheet) else sheet
    return followed(client, send_sheet(client, content, **values))


def followed(client: FlaskClient, answer: Any) -> str:
    """Return the page that an answer leads to."""
    assert answer.status_code == 302, answer.text
    return client.get(answer.headers["Location"]).text


def press(client: FlaskClient, page: str, ending: str) -> Any:
    """Press the button of a job's page whose form goes to an address with this ending."""
    forms = re.findall(r'<form class="inline-form" method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    address, inner = next(form for form in forms if re.search(ending, form[0]))
    return client.post(address, data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', inner)))


def changes(page: str) -> list[tuple[str, ...]]:
    """Return (record, column, before, after) of each change that a page shows."""
    table = page.partition('class="table sheet-changes"')[2].partition("</table>")[0]
    return _cells(table)


def refused(page: str) -> list[tuple[str, ...]]:
    """Return (row, record, column, message) of each refusal."""
    table = page.partition("<h2>Refused</h2>")[2].partition("</table>")[0]
    return _cells(table)


def _cells(table: str) -> list[tuple[str, ...]]:
    rows = re.findall(r"<tr><td.*?</tr>", table, re.DOTALL)
    return [
        tuple(re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL))
        for row in rows
    ]
