"""500 customers from a Chinese Excel file: what is wrong is listed, nothing is saved until all is right."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.addons.reception.customer_file import DUPLICATES, KNOWN, KNOWN_AT, ROWS, WRONG, WRONG_AT, customer_file
from tests.world import PASSWORD

pytestmark = pytest.mark.needs("chromium")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONG = 120_000  # Milliseconds: 500 customers pass all rules one by one.


@pytest.mark.rule("P:CRM-20", "P:CRM-21", "S:REC-38")
def test_500_customers_come_in(office, visit):
    page = visit(office.url, language="zh").log_in("max", PASSWORD)
    for name, phone in KNOWN:
        _open_file(page, name, phone)
    expect(_pill(page)).to_have_text(str(len(KNOWN)))

    _send(page, corrected=False)
    problems = page.get_by_role("region", name="问题").locator("tbody tr")
    expect(problems).to_have_count(DUPLICATES + WRONG, timeout=LONG)
    for number, (heading, *_values) in WRONG_AT.items():
        row = problems.filter(has=page.get_by_role("cell", name=str(number), exact=True))
        expect(row).to_contain_text(heading)
    for number in KNOWN_AT:  # The record on file is named.
        row = problems.filter(has=page.get_by_role("cell", name=str(number), exact=True))
        expect(row).to_contain_text(re.compile("|".join(name for name, _phone in KNOWN)))
    page.goto("/reception/customer/list/")
    expect(_pill(page)).to_have_text(str(len(KNOWN)))

    _send(page, corrected=True)
    run = page.get_by_role("button", name=f"保存 {ROWS - DUPLICATES} 行")
    expect(run).to_be_visible(timeout=LONG)
    run.click()
    expect(page.get_by_text("所有行均已保存")).to_be_visible(timeout=LONG)
    page.goto("/reception/customer/list/")
    expect(_pill(page)).to_have_text(str(len(KNOWN) + ROWS - DUPLICATES))


def test_a_file_that_is_no_file_is_refused_with_a_reason(office, visit):
    page = visit(office.url, language="zh").log_in("max", PASSWORD)
    page.goto("/reception/customer/import")
    page.locator("input[type=file]").set_input_files(
        {"name": "客户.xlsx", "mimeType": EXCEL, "buffer": b"not a spreadsheet"}
    )
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"[\u4e00-\u9fff]"))


def _open_file(page: Page, name: str, phone: str) -> None:
    page.goto("/reception/customer/add")
    page.locator("#name").fill(name)
    page.locator("#phone").fill(phone)
    page.locator("#source_id").select_option("展会")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.goto("/reception/customer/list/")


def _send(page: Page, *, corrected: bool) -> None:
    page.goto("/reception/customer/import")
    content = customer_file(corrected=corrected).getvalue()
    page.locator("input[type=file]").set_input_files({"name": "客户.xlsx", "mimeType": EXCEL, "buffer": content})
    if corrected:
        page.locator("[name=skip_duplicates]").check()
    page.get_by_role("button", name="检查文件").click()


def _pill(page: Page) -> object:
    return page.locator("h1 + .pill")
