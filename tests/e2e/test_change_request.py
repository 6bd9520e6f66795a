"""A confirmed amount changes by request only: the accountant asks, her superior approves on a phone, in Chinese."""

import re

import pytest
from playwright.sync_api import expect

from app.demo import PASSWORD

pytestmark = pytest.mark.needs("chromium")
FLAT = "8 幢 501 室 定金"


@pytest.mark.rule("S:CORE-10")
def test_an_amount_stays_until_the_superior_has_approved_another(demo, visit):
    page = visit(demo, language="zh").log_in("accountant", PASSWORD)
    page.goto("/payments/receivable/list/")
    page.get_by_role("row").filter(has_text=FLAT).get_by_role("link").first.click()
    record, main = page.url, page.get_by_role("main")
    page.get_by_role("link", name="编辑").click()
    page.get_by_label("金额").fill("150,000")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("“金额”已确认")
    expect(page.get_by_label("金额")).to_have_value("150,000")

    page.get_by_role("button", name="申请变更").click()
    page.get_by_label("原因").fill("价目表有误")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("status")).to_contain_text("变更申请已提交")
    page.goto(record)
    expect(main).to_contain_text("148,000.00 → 150,000.00")
    expect(page.locator("dd", has_text=re.compile("^148,000.00$")).first).to_be_visible()

    phone = visit(demo, language="zh", theme="dark", phone=True).log_in("finance", PASSWORD)
    phone.goto("/todo/")
    phone.get_by_role("link", name=re.compile("^CR")).click()
    expect(phone.get_by_role("main")).to_contain_text("148,000.00 → 150,000.00")
    phone.get_by_role("button", name="批准").first.click()
    expect(phone.get_by_role("status")).to_contain_text("已完成")

    page.reload()
    expect(page.locator("dd", has_text=re.compile("^150,000.00$")).first).to_be_visible()
    expect(main).to_contain_text("价目表有误")
