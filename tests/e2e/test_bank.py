"""A bookkeeper sends the statement of the bank, 20 lines in the bank's own words, and matches it."""

import re

import pytest
from playwright.sync_api import expect

from app.demo import PASSWORD

pytestmark = pytest.mark.needs("chromium")
LINES = [("148000.00", "孙国庆", "定金"), ("86000.00", "李思远", "购房定金"), ("-15.00", "", "手续费")]
LINES += [(f"{700 + number}.00", f"王小{number}", "往来") for number in range(17)]


def statement(day: str) -> bytes:
    """Return the CSV that a bank would give out: a preamble, its own headings, and a sum below."""
    rows = ["账户交易明细", "账号：1202 0000 0910 0123 456,,币种：人民币", ""]
    rows.append("交易日期,借方发生额（支取）,贷方发生额（收入）,对方户名,对方账号,交易流水号,摘要")
    for number, (amount, name, memo) in enumerate(LINES):
        sides = f"{amount[1:]}," if amount.startswith("-") else f",{amount}"
        rows.append(f"{day} 10:{number:02}:00,{sides},{name},6222 00{number:02},W{number:04},{memo}")
    return "\n".join([*rows, "合计,15.00,,,,,"]).encode("gb18030")


@pytest.mark.rule("S:PAY-01", "P:PAY-06")
def test_twenty_lines_are_taken_in_and_matched(demo, visit):
    page = visit(demo, language="zh").log_in("accountant", PASSWORD)
    page.goto("/payments/receipt/list/")
    day = page.locator("tbody tr").first.get_by_text(re.compile(r"\d{4}-\d\d-\d\d")).first.inner_text()

    page.goto("/payments/bankimport/")
    page.locator("#bank-place").select_option(label="工商银行基本户 · 1202 0000 0910 0123 456")
    page.get_by_label("期初余额").fill("100,000.00")
    page.get_by_label("期末余额").fill("1")
    page.locator("input[type=file]").set_input_files(
        {"name": "流水.csv", "mimeType": "text/csv", "buffer": statement(day)}
    )
    page.get_by_role("button", name="上传文件").click()
    expect(page.get_by_role("region", name="待更正")).to_contain_text("不等于 1.00")
    page.get_by_label("期末余额").fill("")
    page.get_by_role("button", name="重新检查").click()
    page.get_by_role("button", name="导入 20 笔").click()

    page.goto("/payments/bankdesk/")
    expect(page.locator("tbody tr")).to_have_count(20)
    expect(page.locator("tbody tr").first).to_contain_text("金额相符，户名相符")
    expect(page.locator("tbody input:checked")).to_have_count(2)
    page.get_by_role("button", name="认领所勾选的建议").click()
    expect(page.get_by_text("已认领 2 笔。")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(18)

    page.locator("tbody tr").first.get_by_role("link").click()  # The fee.
    page.get_by_label("原因").fill("银行手续费")
    page.get_by_role("button", name="忽略").click()
    page.locator("tbody tr").first.get_by_role("link").click()
    page.get_by_role("button", name="记为待认领").click()
    expect(page.get_by_text("已入账为 SJ")).to_be_visible()
    page.goto("/payments/bankdesk/")
    expect(page.locator("tbody tr")).to_have_count(17)
    expect(page.locator("tbody tr").first).to_contain_text("待认领")
