"""Company two has reception off; its administrator switches it on, and four processes know within five seconds."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.world import PASSWORD

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("postgresql")]
PROMISED = 5.0  # Seconds.
SCREENS = ("/reception/desk/", "/reception/customer/list/", "/reports/reception.daily_record")
REST = "/api/v1/reception/customer/"
NAME = "只在一号公司的客户"


def test_a_switch_reaches_every_process(offices, visit):
    _open_file_in_company_one(visit(offices.urls[0]).log_in("max", PASSWORD))
    users = [_enter_company_two(visit(url).log_in("max", PASSWORD)) for url in offices.urls]
    for page in users:
        expect(page.get_by_role("navigation", name="Main menu").get_by_text("Front desk")).to_have_count(0)
        assert {path: page.request.get(path).status for path in (*SCREENS, REST)} == dict.fromkeys(
            (*SCREENS, REST), 404
        )

    administrator = _enter_company_two(visit(offices.urls[0]).log_in("root", PASSWORD))
    administrator.goto("/apps/")
    switch = administrator.get_by_role("switch", name="Reception")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()
    preview = administrator.get_by_role("dialog")
    expect(preview.get_by_text("Reception / Front desk")).to_be_visible()  # What it brings, before it is done.
    preview.get_by_role("button", name="Switch on").click()
    switched_at = time.monotonic()
    expect(administrator.get_by_role("switch", name="Reception")).to_have_attribute("aria-checked", "true")

    for page in users:
        page.goto("/")
        while page.request.get(SCREENS[0]).status != 200:  # Each question is a request: nothing here sleeps.
            assert time.monotonic() - switched_at < PROMISED
        page.goto("/")
        expect(page.get_by_role("navigation", name="Main menu").get_by_text("Front desk")).to_be_visible()
        page.goto("/reception/customer/list/?q=" + NAME)
        expect(page.get_by_text("No records found")).to_be_visible()
        assert page.request.get(REST).json()["count"] == 0


def _enter_company_two(page: Page) -> Page:
    """Choose the company in the switcher; whoever was there last is there at once after logging in."""
    if not page.get_by_label("Company: Two Farms").count():
        page.get_by_label("Company: One Homes").click()
        page.get_by_role("button", name="Two Farms").click()
    expect(page.get_by_label("Company: Two Farms")).to_be_visible()
    return page


def _open_file_in_company_one(page: Page) -> None:
    page.goto("/reception/customer/add")
    page.locator("#name").fill(NAME)
    page.locator("#phone").fill("13800138000")
    page.locator("#source_id").select_option("Visit")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    page.goto("/")
