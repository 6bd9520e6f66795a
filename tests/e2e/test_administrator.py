"""An administrator's day: a role of the company, who holds it, policy values, news, add-ons, and what happened."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.demo import PASSWORD

pytestmark = pytest.mark.needs("chromium")
ROLE, NEWS = "晚班前台", "下周一起使用新的接待单"


@pytest.fixture
def page(demo, visit):
    """The administrator's browser."""
    return visit(demo).log_in("admin", PASSWORD)


def _show(page: Page, heading: str, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()


@pytest.mark.rule("S:CORE-04")
def test_a_role_of_ones_own_is_made_and_given(page, demo, visit):
    _show(page, "Roles", "/company-roles/list/")
    page.get_by_label("Name", exact=True).fill(ROLE)
    page.get_by_label("With the rights of").select_option(label="Front desk clerk")
    page.get_by_role("button", name="Make role").click()
    expect(page.get_by_role("heading", name=ROLE)).to_be_visible()

    _show(page, "Users and roles", "/companies/members/")
    page.get_by_label("User Name").fill("desk")
    page.get_by_label("Role", exact=True).select_option(label=ROLE)
    page.get_by_label("Scope", exact=True).select_option(label="Company")
    page.get_by_role("button", name="Give a role").click()
    expect(page.get_by_role("row", name=re.compile(rf"desk.*{ROLE}"))).to_be_visible()


@pytest.mark.rule("S:CORE-08")
def test_why_somebody_may_do_something(page):
    _show(page, "Who may do what, and why", "/companies/why/")
    page.get_by_label("User Name").fill("desk")
    page.get_by_label("Subject").select_option(label="Receptions")
    page.get_by_role("button", name="Search").last.click()
    expect(page.get_by_role("heading", name="Yes, this is allowed.")).to_be_visible()
    page.get_by_label("Subject").select_option(label="Legal entities")
    page.get_by_role("button", name="Search").last.click()
    expect(page.get_by_role("heading", name="No, this is not allowed.")).to_be_visible()


@pytest.mark.rule("P:COR-03")
def test_a_policy_value_holds_from_a_day_on(page):
    _show(page, "Policy values", "/parameters/values/?q=core.admins_per_unit")
    policy = page.locator("details.policy")
    policy.locator("summary").click()
    policy.get_by_label("New value").fill("many")
    policy.get_by_label("Valid from").fill("2030-01-01")
    policy.get_by_role("button", name="Set").click()
    expect(policy.get_by_role("alert")).to_be_visible()
    expect(policy.get_by_label("New value")).to_have_value("many")
    policy.get_by_label("New value").fill("2")
    policy.get_by_role("button", name="Set").click()
    expect(page.get_by_text("Changes on 2030-01-01")).to_be_visible()


def test_what_is_folded_is_asked_for_again_when_the_network_was_away(demo, visit):
    visitor = visit(demo)
    page = visitor.log_in("admin", PASSWORD)
    _show(page, "Policy values", "/parameters/values/")
    policy = page.locator("details.policy").first
    page.route("**/parameters/values/body**", lambda route: route.abort())
    policy.locator("summary").click()
    expect(page.get_by_text("The server does not answer.")).to_be_visible()
    assert visitor.faults
    visitor.faults.clear()  # The browser's own words about the network.
    page.unroute_all()

    policy.locator("summary").click()
    policy.locator("summary").click()
    expect(policy.get_by_label("New value")).to_be_visible()
    expect(policy.get_by_text("Loading…")).to_have_count(0)


@pytest.mark.rule("S:CORE-12")
def test_an_announcement_reaches_the_others(page, demo, visit):
    _show(page, "New · Announcements", "/announcements/announcement/add")
    page.get_by_label("Title").fill(NEWS)
    page.get_by_role("textbox", name="Body").fill("请在每次接待后填写。")
    page.get_by_label("Publish on").fill("2026-01-05")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")

    colleague = visit(demo, language="zh", phone=True).log_in("desk", PASSWORD)
    colleague.goto("/board/")
    colleague.get_by_role("link", name=NEWS).click()
    expect(colleague.get_by_text("请在每次接待后填写。")).to_be_visible()


def test_an_add_on_shows_what_goes_before_it_is_switched_off(page):
    _show(page, "Apps", "/apps/")
    page.get_by_role("switch", name="Reception").click()
    preview = page.get_by_role("dialog")
    expect(preview.get_by_text("Reception / Front desk")).to_be_visible()
    preview.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("switch", name="Reception")).to_have_attribute("aria-checked", "true")


@pytest.mark.rule("S:CORE-07")
def test_what_happened_is_in_the_audit_log_in_chinese_too(page, demo, visit):
    _show(page, "Security events", "/audit/securityevents/")
    expect(page.get_by_text(ROLE).first).to_be_visible()
    chinese = visit(demo, language="zh", theme="dark").log_in("admin", PASSWORD)
    chinese.goto(f"/audit/auditentry/list/?q={NEWS}")
    expect(chinese.get_by_role("heading", level=1)).to_contain_text("审计日志")
