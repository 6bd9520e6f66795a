"""A consultant sets a company up without code: a chain, a policy value tried first, a pack; in Chinese."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from app.demo import PASSWORD

pytestmark = pytest.mark.needs("chromium")
CHAIN = "/approvals/chains/edit?of=payments.Receivable:open"
VALUES, PACKS = "/parameters/values/", "/packs/packs/"
KEY = "payments.ding_cap"
PACK = """
[pack]
title = {en = "Strict", zh = "从严"}
addons = ["payments", "far_away"]

[payments.parameters]
cash_due = "17:00"

[far_away.parameters]
distance = 7
"""


@pytest.fixture
def page(demo, visit):
    """The consultant's browser."""
    return visit(demo, language="zh").log_in("admin", PASSWORD)


def _press(page: Page, name: str) -> None:
    """Press a button of a form, and wait until the page has come again."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def _press_and_agree(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="确定").click()


@pytest.mark.rule("S:CORE-09", "P:COR-02")
def test_a_chain_is_rehearsed_on_a_month_and_put_in_force(page):
    page.goto(CHAIN)
    page.get_by_label("名称", exact=True).first.fill("财务复核")
    page.locator("#rule-1-name").fill("全部")
    expect(page.locator("#month")).to_have_value(_last_month())

    _press(page, "哪些单据会走此路径？")

    expect(page.get_by_role("heading", name="1 份单据中有 1 份会走与现在不同的路径")).to_be_visible()
    row = page.get_by_role("region", name="路径有变的单据").get_by_role("row").nth(1)
    expect(row).to_contain_text("无人签批")
    expect(row).to_contain_text("全部")
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel").click()
    assert download.value.suggested_filename == "chain-rehearsal.xlsx"
    _press_and_agree(page, "启用")
    expect(page.get_by_role("status")).to_contain_text("审批链已对新申请生效")


@pytest.mark.rule("P:COR-03")
def test_a_policy_value_is_tried_on_last_month_before_it_is_set(page):
    day = (_today() + dt.timedelta(days=30)).isoformat()
    page.goto(f"{VALUES}?key={KEY}&q={KEY}")
    page.get_by_label("新的值 (%)").fill("30")
    _press(page, "用上月单据试算")
    expect(page.get_by_role("alert")).to_contain_text("不能大于 20")
    expect(page.get_by_label("新的值 (%)")).to_have_value("30")
    page.get_by_label("新的值 (%)").fill("5")
    page.get_by_label("生效日期").fill(day)

    _press(page, "用上月单据试算")

    expect(page.get_by_role("heading", name="1 项定金中有 1 项结果会不同")).to_be_visible()
    expect(page.get_by_text("-74,000.00").first).to_be_visible()
    expect(page.get_by_role("cell", name="部分为预付款 · 74,000.00")).to_be_visible()
    page.get_by_label("月", exact=True).select_option(f"{_today():%Y-%m}")
    _press(page, "试算")
    expect(page.get_by_role("heading", name=re.compile(r"^([4-9]|\d\d) 项定金中有 \d+ 项结果会不同$"))).to_be_visible()
    _press(page, f"自 {day} 起设定此值")
    expect(page.locator(f'[id="{KEY}"]').get_by_text(f"{day} 起变更")).to_be_visible()


@pytest.mark.rule("P:COR-03")
def test_a_pack_of_ones_own_is_seen_applied_and_rolled_back(page):
    page.goto(PACKS)
    _upload(page, "从严.toml", PACK.replace('"17:00"', "17"))
    expect(page.get_by_role("alert")).to_contain_text("从严.toml，[payments.parameters] cash_due")

    _upload(page, "从严.toml", PACK)

    differences = page.get_by_role("region", name="差异").last
    expect(differences).to_contain_text("17:00")
    expect(page.get_by_text("已跳过：far_away")).to_be_visible()
    _press_and_agree(page, "确定")
    expect(page.get_by_role("status")).to_contain_text("1")
    page.goto(f"{VALUES}?key=payments.cash_due&q=cash_due")
    expect(page.locator('[id="payments.cash_due"] .policy-value')).to_contain_text("17:00")
    page.goto(PACKS)
    _press_and_agree(page, "回退")
    page.goto(f"{VALUES}?key=payments.cash_due&q=cash_due")
    expect(page.locator('[id="payments.cash_due"] .policy-value')).to_contain_text("18:00")


def _upload(page: Page, name: str, text: str) -> None:
    page.get_by_label("上传方案包 (.toml)").set_input_files(
        {"name": name, "mimeType": "application/toml", "buffer": text.encode()}
    )
    with page.expect_navigation():
        page.get_by_role("form", name="上传方案包").get_by_role("button", name="查看差异").click()


def _today() -> dt.date:
    return dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _last_month() -> str:
    return f"{_today().replace(day=1) - dt.timedelta(days=1):%Y-%m}"
