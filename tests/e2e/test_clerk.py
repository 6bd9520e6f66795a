"""What a clerk does all day beside filling in forms: files, mentions, notices."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.demo import PASSWORD

pytestmark = pytest.mark.needs("chromium")
LIST = "/reception/customer/list/"
PDF = {"name": "身份证复印件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%scan\n"}
FAKE = {"name": "fake.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a pdf"}


@pytest.fixture
def page(demo, visit):
    """The sales manager's browser."""
    return visit(demo).log_in("manager", PASSWORD)


def _open_first_customer(page: Page) -> None:
    page.goto(LIST)
    page.locator(".cell-key a").first.click()
    expect(page).to_have_url(re.compile("/reception/customer/show/"))


def test_files_are_added_refused_fetched_and_deleted(page):
    _open_first_customer(page)
    box = page.locator("[data-attachments]")
    box.get_by_label("Add files").set_input_files([PDF, FAKE])

    expect(box.get_by_role("link", name=PDF["name"])).to_be_visible()
    expect(box.get_by_role("alert")).to_contain_text("“fake.pdf” is not what its name says:")
    with page.expect_download() as fetched:
        box.get_by_role("link", name=PDF["name"]).click()
    assert fetched.value.suggested_filename == PDF["name"]

    box.get_by_role("button", name=f"Delete {PDF['name']}").click()
    dialog = page.get_by_role("dialog", name="Delete file")
    dialog.get_by_label("Reason").fill("扫描错误")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.locator("#activity")).to_contain_text("扫描错误")
    expect(box.get_by_role("link", name=PDF["name"])).to_have_count(0)


@pytest.mark.rule("S:CORE-24")
def test_a_mention_reaches_the_colleague(page, demo, visit):
    _open_first_customer(page)
    comment = page.get_by_label("Write a comment…")
    comment.press_sequentially("@con")
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    name = option.evaluate("one => one.dataset.name")
    username = option.locator("small").inner_text()
    comment.press("Enter")
    expect(comment).to_have_value(f"@{name} ")
    comment.press_sequentially("请跟进")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#activity")).to_contain_text(f"@{name} 请跟进")

    colleague = visit(demo, phone=True).log_in(username, PASSWORD)
    bell = colleague.get_by_role("link", name=re.compile(r"Notices, unread: [1-9]"))
    unread = int((bell.get_attribute("aria-label") or "").rpartition(" ")[2])
    bell.click()
    notice = colleague.get_by_role("button", name=re.compile("mentioned you in a comment"))
    expect(notice).to_be_visible()
    notice.click()
    expect(colleague.get_by_role("link", name=f"Notices, unread: {unread - 1}", exact=True)).to_be_visible()


def test_the_palette_finds_records_and_what_was_opened_last(page):
    _open_first_customer(page)
    title = page.locator("h1").inner_text()
    page.wait_for_load_state("networkidle")
    page.goto("/")
    expect(page.locator("main").get_by_role("link", name=title)).to_be_visible()

    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog")
    expect(palette.get_by_role("option", name=title)).to_be_visible()
    page.keyboard.type(title.split()[0])
    expect(palette.locator("[aria-selected=true]")).to_contain_text(title)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)
