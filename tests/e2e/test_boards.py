"""A list as a board: cards are dragged, or moved by their select, at a desk and on a phone."""

import importlib.resources
import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.world import PASSWORD

pytestmark = pytest.mark.needs("chromium")
BOARD = "/market/order/board/"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def _add(page: Page, number: str) -> None:
    page.goto("/market/order/add")
    page.locator("#number").fill(number)
    page.locator("#customer").fill("Wang")
    page.locator("#ordered_on").fill("2026-03-02")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile("/market/order/show/"))


def _card(page: Page, key: str, number: str):
    return page.locator(f"[data-column-key={key}] .board-card", has_text=number)


def _drag(page: Page, number: str, source: str, target: str) -> None:
    page.goto(BOARD)
    _card(page, source, number).drag_to(page.locator(f"[data-column-key={target}]"))


def test_a_card_is_dragged_and_its_dialog_filled(shop, visit):
    page = visit(shop.url).log_in("bea", PASSWORD)
    _add(page, "K-1")
    _drag(page, "K-1", "draft", "sent")

    dialog = page.get_by_role("dialog", name="Send")
    dialog.get_by_label("Reason").fill("all there")
    dialog.locator("input[name=on]").fill("2026-03-01")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_contain_text("Not before 2026-03-02.")
    expect(dialog.get_by_label("Reason")).to_have_value("all there")
    dialog.locator("input[name=on]").fill("2026-03-05")
    dialog.get_by_role("button", name="Send").click()

    expect(_card(page, "sent", "K-1")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{BOARD}$"))


def test_a_card_that_may_not_go_there_stays(shop, visit):
    page = visit(shop.url).log_in("bea", PASSWORD)
    _add(page, "K-2")
    _drag(page, "K-2", "draft", "paid")

    expect(page.get_by_text("No step leads from “Draft” to “Paid”.")).to_be_visible()
    expect(_card(page, "draft", "K-2")).to_be_visible()
    expect(_card(page, "paid", "K-2")).to_have_count(0)


def test_a_card_is_moved_by_its_select_on_a_phone(shop, visit):
    page = visit(shop.url, phone=True).log_in("bea", PASSWORD)
    _add(page, "K-3")
    page.goto("/market/order/list/")
    page.get_by_role("link", name="Board").click()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.get_by_label("Move to: K-3").select_option("Cancelled")
    _card(page, "draft", "K-3").get_by_role("button", name="Move").click()
    page.get_by_role("dialog", name="Cancel").get_by_role("button", name="Cancel").last.click()

    expect(_card(page, "cancelled", "K-3")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_a_screen_reader(shop, visit, theme):
    page = visit(shop.url, theme=theme).log_in("bea", PASSWORD)
    _add(page, f"K-{theme}")
    page.goto(BOARD)
    page.evaluate(importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    violations = [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
    assert not violations, json.dumps(violations, indent=1)
