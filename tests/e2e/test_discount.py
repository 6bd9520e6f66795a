"""Four desks sign a discount, in Chinese: supervisor, manager, vice-president, general manager."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.demo import PASSWORD

CUSTOMER = 3  # The cell of a reservation, after the box to tick, number and date.
pytestmark = pytest.mark.needs("chromium")


def _answer(page: Page, button: str, field: str, text: str) -> None:
    """Press a button that asks for words, give them, and wait until it is done."""
    page.get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(field).fill(text)
    with page.expect_navigation():
        dialog.get_by_role("button", name=button).click()


def _sign(page: Page, number: str, button: str, opinion: str) -> None:
    """Open what waits for me, and give an opinion on it."""
    page.get_by_role("link", name=re.compile("^待我审批: ")).click()
    page.locator("tbody a", has_text=number).first.click()
    _answer(page, button, "意见", opinion)


@pytest.mark.rule("P:PRI-04", "P:PRI-05", "P:PRI-07")
def test_four_desks_decide_on_three_per_cent(demo, visit):
    supervisor = visit(demo, language="zh").log_in("supervisor", PASSWORD)
    supervisor.goto("/orders/reservation/list/")
    row = supervisor.locator("tbody tr", has_text="1,280,700.00").filter(has_text="草稿").first
    customer = row.get_by_role("cell").nth(CUSTOMER).inner_text()
    supervisor.goto("/orders/discountrequest/add")
    supervisor.get_by_label("预定书").press_sequentially(customer)
    supervisor.get_by_role("option", name=customer).first.click()
    supervisor.get_by_role("button", name="添加一行").click()
    supervisor.locator("select[name^=lines]").select_option(label="百分比")
    supervisor.locator("input[name^=lines][name$=value]").fill("3")
    with supervisor.expect_navigation():
        supervisor.get_by_role("button", name="保存").click()
    expect(supervisor.get_by_text("1,242,279.00").first).to_be_visible()
    with supervisor.expect_navigation():
        supervisor.get_by_role("button", name="提交").click()
    address, number = supervisor.url, supervisor.locator("h1").inner_text()

    manager = visit(demo, language="zh", phone=True, theme="dark").log_in("manager", PASSWORD)
    _sign(manager, number, "不同意", "利润偏低")
    vice = visit(demo, language="zh").log_in("vice", PASSWORD)
    _sign(vice, number, "同意", "客户为老业主，同意上报")

    general = visit(demo, language="zh").log_in("general", PASSWORD)
    general.goto(address)
    general.get_by_role("tab", name=re.compile("签署意见")).click()
    expect(general.get_by_text("利润偏低").first).to_be_visible()
    _answer(general, "批准", "意见", "同意，下不为例")
    expect(general.get_by_text("已下发").first).to_be_visible()

    supervisor.goto("/orders/reservation/list/")
    expect(supervisor.locator("tbody tr", has_text="1,242,279.00")).to_be_visible()
