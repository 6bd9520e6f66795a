"""Missing goods and the steps in the menu of an order, with the keyboard alone, in both languages."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from app.demo import PASSWORD

pytestmark = pytest.mark.needs("chromium")
SUBMITTED, RELEASED = "宁波海天贸易有限公司", "苏州新锐电子有限公司"
WORDS = {
    "zh": ("更多", "登记缺货", "填补货日期", "反馈进度"),
    "en": ("More", "Note missing goods", "Say when they come", "Tell the progress"),
}
TOLD = {
    "zh": ("行号为 1 至 2。", "已定补货日期", "不得早于"),
    "en": ("Lines are numbered 1 to 2.", "Dated", "Not before"),
}
LINE = {"zh": "1", "en": "2"}  # Each language notes a line of its own: both meet the same order.


def press_in_menu(page: Page, more: str, name: str) -> None:
    """Open the menu of a record, walk down to an entry and press it, all by keys."""
    page.get_by_label(more, exact=True).last.focus()
    page.keyboard.press("Enter")
    entry = page.get_by_role("button", name=name, exact=True)
    for _step in range(40):
        page.keyboard.press("ArrowDown")
        if entry.evaluate("one => one === document.activeElement"):
            break
    expect(entry).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def open_order(page: Page, customer: str) -> None:
    """Open the order of a customer of the software company, which the clerk may have to enter first."""
    page.goto("/")
    software = page.locator("form[action*='/company/']", has_text="启明软件")
    if software.count():
        with page.expect_navigation():
            software.evaluate("form => form.submit()")
    page.goto("/orders/order/list/")
    page.locator("tbody tr", has_text=customer).locator("a").first.click()


def shows_focus(page: Page) -> str:
    """Return the name of the field that has the focus."""
    return page.evaluate("() => document.activeElement.name")


@pytest.mark.rule("S:ORD-06")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_goods_are_noted_as_missing_and_dated_by_keys_alone(demo, visit, language):
    more, note, promise, _progress = WORDS[language]
    lines, dated, early = TOLD[language]
    page = visit(demo, language=language).come_in("clerk", PASSWORD)
    open_order(page, SUBMITTED)
    press_in_menu(page, more, note)
    page.keyboard.press("Escape")
    expect(page.locator(".record-head summary")).to_be_focused()  # Not lost with the menu.
    press_in_menu(page, more, note)
    page.keyboard.type("1")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text(lines)
    assert (shows_focus(page), page.locator("[name=missing]").input_value()) == ("line_number", "1")
    page.keyboard.type(LINE[language])
    with page.expect_navigation():
        page.keyboard.press("Enter")

    page.goto("/orders/shortage/list/?_flt_0_state=open")
    page.locator("tbody tr", has_text=SUBMITTED).locator("a").first.click()
    page.get_by_role("button", name=promise, exact=True).first.press("Enter")
    page.keyboard.type("01012020")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text(early)
    assert (shows_focus(page), page.locator("[name=expected_on]").input_value()) == ("expected_on", "2020-01-01")
    page.keyboard.type(f"{dt.date.today() + dt.timedelta(20):%m%d%Y}")  # noqa: DTZ011  # As its browser types it.
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".record-head .badge").first).to_have_text(dated)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_long_menu_is_walked_by_arrows_and_scrolls_without_closing(demo, visit, language):
    more, _note, _promise, progress = WORDS[language]
    page = visit(demo, language=language).come_in("clerk", PASSWORD)
    open_order(page, RELEASED)
    page.get_by_label(more, exact=True).last.press("Enter")
    menu = page.locator(".record-head .menu-pop")
    entries = menu.locator(".menu-item")
    expect(entries.first).to_contain_text(progress)  # What can be done stands first, what cannot, last.
    page.keyboard.press("ArrowUp")
    expect(entries.last).to_be_focused()
    assert menu.evaluate("one => one.scrollTop") > 0
    expect(menu).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(entries.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".record-head summary")).to_be_focused()


INSIDE = """row => {
  const frame = row.getBoundingClientRect();
  return [...row.children].map(one => one.getBoundingClientRect())
    .every(box => box.left >= frame.left - 1 && box.right <= frame.right + 1);
}"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_step_and_tab_is_seen_on_a_laptop(demo, visit, language):
    page = visit(demo, language=language).come_in("clerk", PASSWORD)
    page.set_viewport_size({"width": 1280, "height": 800})

    open_order(page, RELEASED)

    for row in (page.locator(".steps"), page.locator(".tabs")):
        assert row.evaluate(INSIDE), row.inner_text()


def test_a_phone_shows_the_present_step_and_that_there_are_more(demo, visit):
    page = visit(demo, phone=True).come_in("clerk", PASSWORD)

    open_order(page, RELEASED)

    expect(page.locator(".steps [aria-current]")).to_be_in_viewport(ratio=1)
    expect(page.locator(".steps")).to_have_class("steps goes-on-left goes-on-right")
    expect(page.locator(".tabs")).to_have_class("tabs goes-on-right")
    page.locator(".tabs [role=tab]").last.click()
    expect(page.locator(".tabs")).to_have_class("tabs goes-on-left")
