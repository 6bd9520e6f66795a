"""What the tests of users and members share: a client that reads the list, and files to send."""

import csv
import io
import re
from typing import Any

import openpyxl
from flask.testing import FlaskClient

MEMBERS, NEW = "/companies/members/", "/companies/members/new"
HEAD = ["Full Name", "Employee no.", "User Name", "Email", "Role", "Scope", "Unit", "Position", "Invite by e-mail"]
_NAME = re.compile(r'<td class="cell-second">([^<]+)</td>')


def shown(client: FlaskClient, query: str = "") -> list[str]:
    """Return the user names on a page of the list, in its order."""
    answer = client.get(f"{MEMBERS}{query}")
    assert answer.status_code == 200
    return _NAME.findall(answer.text)


def exported(client: FlaskClient, query: str = "") -> list[list[str]]:
    """Return the rows of the list's file, without its head."""
    with client.get(f"/list-files/members.csv{query}") as answer:
        assert answer.status_code == 200
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]


def workbook(*rows: list[str], head: list[str] | None = None) -> bytes:
    """Return an Excel file with these rows."""
    book = openpyxl.Workbook()
    for row in (head or HEAD, *rows):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def check(client: FlaskClient, content: bytes) -> str:
    """Send a file and return the page of its check."""
    data = {"file": (io.BytesIO(content), "users.xlsx")}
    answer = client.post(f"{NEW}/import", data=data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text[:3000]
    return client.get(answer.headers["Location"]).text


def confirm(client: FlaskClient, page: str) -> str:
    """Press the button that saves what was checked, and return the page of the job."""
    form = re.search(rf'<form class="inline-form" method="post" action="{NEW}/import">(.*?)</form>', page, re.DOTALL)
    assert form is not None, page
    answer = client.post(f"{NEW}/import", data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1])))
    return client.get(answer.headers["Location"]).text


def problems(page: str) -> list[tuple[Any, ...]]:
    """Return (row, column, what is wrong) of every problem on the page of a check."""
    cells = r'<tr><td class="number"[^>]*>(\d+)</td><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td>'
    return [(int(row), label, message.replace("&#39;", "'")) for row, label, message in re.findall(cells, page)]
