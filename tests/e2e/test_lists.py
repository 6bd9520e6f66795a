"""A list and its form as people use them: filters, order, columns, search, pages, keys, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.demo import PASSWORD

pytestmark = pytest.mark.needs("chromium")
LIST = "/reception/customer/list/"


@pytest.fixture
def page(demo, visit):
    """The sales manager's browser."""
    return visit(demo).log_in("manager", PASSWORD)


def _rows(page: Page):
    return page.get_by_role("table").locator("tbody tr")


def _count(page: Page) -> int:
    return int(page.locator("h1 + .pill").inner_text().replace(",", ""))


def _cells(page: Page, column: str) -> list[str]:
    return page.locator(f"td[data-column='{column}']").all_inner_texts()


def test_a_filter_narrows_the_list_and_goes_again(page):
    page.goto(LIST)
    everybody = _count(page)
    page.get_by_label("Filter", exact=True).click()
    box = page.locator("form[data-filters]")
    box.get_by_label("Field").select_option("State")
    box.get_by_label("Value").select_option("draft")
    box.get_by_role("button", name="Apply").click()

    expect(page.locator(".chip")).to_contain_text("Draft")
    assert set(_cells(page, "state")) == {"Draft"}
    assert 0 < _count(page) < everybody
    page.get_by_label("Remove filter State").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert _count(page) == everybody


def test_a_column_head_sorts_both_ways(page):
    page.goto(LIST)
    head = page.get_by_role("columnheader", name="Code")
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    up = _cells(page, "code")
    assert up == sorted(up)
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    down = _cells(page, "code")
    assert down == sorted(down, reverse=True)


def test_chosen_columns_are_remembered(page):
    page.goto(LIST)
    expect(page.get_by_role("columnheader", name="Received on")).to_be_hidden()
    page.get_by_label("Columns").click()
    page.get_by_role("checkbox", name="Received on").check()
    page.get_by_role("checkbox", name="Stage", exact=True).uncheck()
    page.reload()
    expect(page.get_by_role("columnheader", name="Received on")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Stage")).to_be_hidden()


@pytest.mark.rule("S:REC-15")
def test_a_filter_is_saved_and_opened_again(page, demo, visit):
    page.goto(f"{LIST}?_flt_0_grade=A")
    graded = _cells(page, "code")
    page.get_by_label("Saved filters").click()
    page.get_by_label("Keep the present one as").fill("Grade A")
    page.get_by_label("For all who may see this list").check()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(LIST)
    assert _cells(page, "code") != graded

    phone = visit(demo, language="zh", phone=True).log_in("supervisor", PASSWORD)
    phone.goto(LIST)
    phone.get_by_label("筛选方案").click()
    expect(phone.get_by_label("将当前条件保存为")).to_have_count(0)  # There is nothing to keep.
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.get_by_role("link", name="Grade A").click()
    expect(phone.locator(".chip")).to_contain_text("A")


def test_pages_lead_on_and_back(page):
    page.goto(LIST)
    first = _cells(page, "code")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".pager-range")).to_contain_text("26–")
    assert not set(first) & set(_cells(page, "code"))
    page.get_by_role("link", name="Previous page").click()
    expect(page.locator(".pager-range")).to_contain_text("1–25")
    assert _cells(page, "code") == first


def test_search_finds_chinese_and_pinyin(page):
    page.goto(LIST)
    name = _cells(page, "partner.name")[0]
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".cell-key").first).to_be_visible()
    assert all(name in found for found in _cells(page, "partner.name"))
    page.goto(f"{LIST}?q=zzzzzz")
    expect(page.get_by_text("No records found")).to_be_visible()
    page.get_by_role("link", name="Clear all").click()
    expect(_rows(page)).to_have_count(25)


def test_everything_is_reached_with_the_keyboard_alone(page):
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog").get_by_role("combobox")
    expect(palette).to_be_focused()
    page.keyboard.type("customers")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(LIST))

    link = page.locator(".cell-key a").first
    for _step in range(80):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/reception/customer/show/"))


def test_ctrl_s_saves_and_leaving_asks_first(page):
    page.goto(LIST)
    page.locator(".cell-key a").first.click()
    page.get_by_role("link", name="Edit").click()
    page.locator("#remark").fill("改了一个字")
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Home").first.click(no_wait_after=True)
    expect(page.locator("#remark")).to_have_value("改了一个字")
    assert asked == ["beforeunload"]
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_text("改了一个字").first).to_be_visible()


def test_a_double_click_saves_one_record(page):
    page.goto(LIST)
    before = _count(page)
    page.locator("summary", has_text="New").click()
    page.get_by_role("link", name="Type it in").click()
    _fill(page, name="双击先生", phone="13855550001")
    page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    page.goto(LIST)
    assert _count(page) == before + 1


def test_what_was_typed_stays_after_an_error(page):
    page.goto("/reception/customer/add")
    _fill(page, name="写错先生", phone="12")
    page.locator("#remark").fill("<script>alert(1)</script> 100% 👨‍👩‍👧")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("Phone")
    expect(page.locator("#phone")).to_be_focused()
    expect(page.locator("#phone")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#phone")).to_have_value("12")
    expect(page.locator("#name")).to_have_value("写错先生")
    expect(page.locator("#remark")).to_have_value("<script>alert(1)</script> 100% 👨‍👩‍👧")

    page.locator("#phone").fill("13855550002")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_text("<script>alert(1)</script>").first).to_be_visible()  # As text, not as a script.


def test_two_editors_cannot_overwrite_each_other(demo, visit, page):
    page.goto(LIST)
    page.locator(".cell-key a").first.click()
    address = page.url.replace("/show/", "/edit/")
    page.goto(address)
    other = visit(demo).log_in("admin", PASSWORD)
    other.goto(address)
    other.locator("#remark").fill("先到")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("status")).to_contain_text("Saved.")

    page.locator("#remark").fill("后到")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#remark")).to_have_value("后到")


def _fill(page: Page, *, name: str, phone: str) -> None:
    page.locator("#name").fill(name)
    page.locator("#phone").fill(phone)
    page.locator("#source_id").select_option(index=1)
