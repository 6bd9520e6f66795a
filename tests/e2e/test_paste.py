"""Rows copied in Excel fill the lines of an order, at a desk and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.world import PASSWORD

pytestmark = pytest.mark.needs("chromium")
LONG = 30_000  # Milliseconds; the machine may be busy.
BLOCK = "Chair\t2\t10\nDesk\ttwo\t20.5\nLamp\t3\t1"


def _new_order(page: Page, number: str) -> None:
    page.goto("/market/order/add")
    page.locator("#number").fill(number)
    page.locator("#customer").fill("Wang")
    page.locator("#ordered_on").fill("2026-03-02")


def _lines(page: Page, column: str) -> list[str]:
    cells = page.locator(f"[data-lines] tbody [data-column={column}]")
    return [cell.input_value() for cell in cells.all()]


def test_a_block_is_pasted_by_keyboard_and_corrected(shop, visit):
    page = visit(shop.url).log_in("bea", PASSWORD)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _new_order(page, "P-1")
    page.get_by_role("button", name="Add line").click()
    page.evaluate("text => navigator.clipboard.writeText(text)", BLOCK)
    page.keyboard.press("Control+V")

    wrong = page.locator("[data-lines] tbody [aria-invalid]")
    expect(wrong).to_have_count(1, timeout=LONG)
    expect(wrong).to_be_focused()
    assert _lines(page, "item") == ["Chair", "Desk", "Lamp"]
    assert _lines(page, "quantity") == ["2", "two", "3"]
    assert _lines(page, "price") == ["10.00", "20.50", "1.00"]
    expect(page.locator("[data-lines] .field-error")).to_contain_text("This is no number")

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert _lines(page, "quantity") == ["2", "two", "3"]
    page.locator("[data-lines] [aria-invalid]").fill("4")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_role("cell", name="Desk")).to_be_visible()


def test_on_a_phone_rows_with_headings_come_through_the_dialog(shop, visit):
    page = visit(shop.url, language="zh", phone=True).log_in("bea", PASSWORD)
    _new_order(page, "P-2")
    page.get_by_role("button", name="从 Excel 粘贴").click()
    dialog = page.get_by_role("dialog", name="从 Excel 粘贴")
    dialog.get_by_role("textbox").fill("Quantity\tItem\tUnit\n2\tChair\tNowhere")
    dialog.get_by_role("button", name="填入").click()

    expect(dialog).to_be_hidden(timeout=LONG)
    assert (_lines(page, "item"), _lines(page, "quantity")) == (["Chair"], ["2"])
    expect(page.locator("[data-lines] .field-error")).to_contain_text("Nowhere")
    expect(page.locator("[data-lines] [aria-invalid]")).to_have_value("Nowhere")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
