"""A list as a calendar: entries are dragged, or moved by the keyboard, at a desk and on a phone."""

import importlib.resources
import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.world import PASSWORD

pytestmark = pytest.mark.needs("chromium")
MARCH = "/market/order/calendar/?at=2026-03-10"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
MOST_ELEMENTS = 1_500


def _add(page: Page, number: str, day: str) -> None:
    page.goto("/market/order/add")
    page.locator("#number").fill(number)
    page.locator("#customer").fill(f"Wang {number}")
    page.locator("#ordered_on").fill("2026-03-02")
    page.locator("#deliver_at").fill(f"{day}T10:00")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile("/market/order/show/"))


def _entry(page: Page, day: str, number: str):
    return page.locator(f"[data-day='{day}'] .calendar-entry", has_text=number)


def test_an_entry_is_dragged_to_another_day(shop, visit):
    page = visit(shop.url).log_in("bea", PASSWORD)
    _add(page, "C-1", "2026-03-10")
    page.goto(MARCH)
    _entry(page, "2026-03-10", "C-1").drag_to(page.locator("[data-day='2026-03-20']"))

    expect(page.get_by_text("Moved to 2026-03-20.")).to_be_visible()
    expect(_entry(page, "2026-03-20", "10:00 Wang C-1")).to_be_visible()
    expect(_entry(page, "2026-03-10", "C-1")).to_have_count(0)


def test_an_entry_is_moved_by_the_keyboard(shop, visit):
    page = visit(shop.url).log_in("bea", PASSWORD)
    _add(page, "C-2", "2026-03-11")
    page.goto(MARCH)
    page.get_by_role("link", name="Move to: Wang C-2").focus()
    page.keyboard.press("Enter")
    day = page.get_by_label("Move “Wang C-2” to")
    expect(day).to_be_focused()
    day.fill("2026-03-25")
    page.keyboard.press("Enter")

    expect(_entry(page, "2026-03-25", "10:00 Wang C-2")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/calendar/\?at=2026-03-10$"))


def test_an_empty_day_opens_a_new_record_on_it(shop, visit):
    page = visit(shop.url).log_in("bea", PASSWORD)
    page.goto(MARCH)
    page.locator("[data-day='2026-03-05']").click(position={"x": 60, "y": 80})

    expect(page.locator("#deliver_at")).to_have_value("2026-03-05T09:00")


def test_it_is_an_agenda_on_a_phone(shop, visit):
    page = visit(shop.url, phone=True).log_in("bea", PASSWORD)
    _add(page, "C-3", "2026-03-12")
    page.goto("/market/order/list/")
    page.get_by_role("link", name="Calendar").click()
    page.goto(MARCH)

    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    expect(page.locator("[data-day='2026-03-03']")).to_be_hidden()
    page.get_by_role("link", name="Move to: Wang C-3").click()
    page.get_by_label("Move “Wang C-3” to").fill("2026-03-13")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(_entry(page, "2026-03-13", "Wang C-3")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("by", ["month", "week", "day"])
def test_nothing_stands_in_the_way_of_a_screen_reader(shop, visit, theme, by):
    page = visit(shop.url, theme=theme).log_in("bea", PASSWORD)
    _add(page, f"C-{theme}-{by}", "2026-03-10")
    page.goto(f"{MARCH}&by={by}")
    assert page.evaluate("document.querySelectorAll('*').length") <= MOST_ELEMENTS
    page.evaluate(importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    violations = [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
    assert not violations, json.dumps(violations, indent=1)
