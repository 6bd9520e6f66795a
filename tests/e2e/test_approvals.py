"""A consultant sets a chain by clicking, and asks; a colleague signs on a phone, in Chinese."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.demo import PASSWORD

pytestmark = pytest.mark.needs("chromium")
CHAIN = "/approvals/chains/edit?of=reception.Promise:approve"


@pytest.fixture
def page(demo, visit):
    """The consultant's browser."""
    return visit(demo).log_in("admin", PASSWORD)


def _press(page: Page, name: str) -> None:
    """Press a button of the form, and wait until the page has come again."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def _choose(page: Page, label: str, option: str) -> None:
    """Choose what changes the form, and wait until the page has come again."""
    with page.expect_navigation():
        page.get_by_label(label, exact=True).first.select_option(label=option)


@pytest.mark.rule("P:COR-02")
def test_a_chain_is_clicked_together_and_signed_on_a_phone(page, demo, visit):
    page.goto(CHAIN)
    page.get_by_label("Name", exact=True).first.fill("Marketing")
    _choose(page, "Signed by", "Named person")
    person = page.get_by_label("Person", exact=True)
    person.press_sequentially("吴静")
    page.get_by_role("option", name="吴静").click()
    _press(page, "Add a rule")
    page.locator("#rule-1-name").fill("Of one consultant")
    _press(page, "Add a condition")
    _choose(page, "If", "Owner")
    page.locator("#rule-2-name").fill("Everything")
    _press(page, "Which documents would take this path?")
    expect(page.get_by_role("alert")).to_contain_text("Rule “Of one consultant”: Owner needs from 1 to 50 values here.")
    expect(page.locator("#rule-1-name")).to_have_value("Of one consultant")
    _press(page, "Remove rule 1")
    page.get_by_label("Month", exact=True).select_option("newest")
    _press(page, "Which documents would take this path?")
    expect(page.get_by_role("heading", name=re.compile("of 1 documents would take another path"))).to_be_visible()
    page.get_by_role("button", name="Put in force").click()
    page.get_by_role("dialog").get_by_role("button", name="OK").click()
    expect(page.get_by_role("status")).to_contain_text("The chain is in force for new requests")

    page.goto("/reception/promise/list/")
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Sent for approval: Approve")
    expect(page.get_by_text("“Approve” waits for approval: Marketing.")).to_be_attached()

    phone = visit(demo, language="zh", theme="dark", phone=True).log_in("marketing", PASSWORD)
    phone.get_by_role("link", name="待我审批: 1").click()
    phone.locator("tbody a").first.click()
    expect(phone.get_by_text("命中的规则")).to_be_visible()
    phone.get_by_role("button", name="同意", exact=True).click()
    opinion = phone.get_by_role("dialog").get_by_label("意见")
    opinion.fill("同意客户的请求")
    phone.get_by_role("dialog").get_by_role("button", name="同意").click()
    expect(phone.get_by_role("status")).to_contain_text("已完成")
    expect(phone.get_by_role("link", name=re.compile("待我审批"))).to_have_count(0)

    page.reload()
    expect(page.get_by_text("Approved", exact=True).first).to_be_visible()
