"""Logging in and out, and passwords that must be changed."""

import re

import pytest
from playwright.sync_api import expect

from app.demo import PASSWORD

TEMPORARY = "Temporary-2026"
pytestmark = pytest.mark.needs("chromium")


def test_a_wrong_password_is_refused_and_the_name_stays(demo, visit):
    page = visit(demo).page
    page.goto("/reception/customer/list/")
    expect(page.get_by_label("User name")).to_be_focused()
    page.get_by_label("User name").fill("consultant")
    page.get_by_label("Password").fill("not the one")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_contain_text("user name or the password is wrong")
    expect(page.get_by_label("User name")).to_have_value("consultant")

    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{demo}/reception/customer/list/")  # Where he wanted to go.


def test_a_new_user_must_choose_a_password_first(demo, visit):
    administrator = visit(demo).log_in("admin", PASSWORD)
    administrator.goto("/users/list/")
    administrator.get_by_role("link", name="New").click()
    facts = {"first_name": "新", "last_name": "人", "username": "newcomer", "email": "newcomer@demo.example"}
    for name, value in {**facts, "password": TEMPORARY, "conf_password": TEMPORARY}.items():
        administrator.locator(f"#{name}").fill(value)
    administrator.get_by_role("button", name="Save").click()
    expect(administrator).to_have_url(f"{demo}/users/list/")

    page = visit(demo).log_in("newcomer", TEMPORARY)
    expect(page).to_have_url(f"{demo}/account/password?next=/")
    page.goto("/apps/")
    expect(page.get_by_text("Choose a new password before you go on.")).to_be_visible()

    def change(new: str) -> None:
        for name, value in (("current", TEMPORARY), ("new", new), ("repeated", new)):
            page.locator(f"#{name}").fill(value)
        page.get_by_role("button", name="Save").click()

    change("short")
    expect(page.get_by_role("alert").first).to_contain_text("10")
    change(TEMPORARY)
    expect(page.get_by_role("alert").first).to_be_visible()
    change("A-better-one-2026")
    expect(page.get_by_role("status")).to_contain_text("Your password is changed.")


def test_a_copied_cookie_dies_at_log_out(demo, visit):
    visitor = visit(demo)
    page = visitor.log_in("desk", PASSWORD)
    stolen = visitor.context.cookies()
    page.get_by_label("Account").click()
    page.get_by_role("button", name="Logout").click()
    page.wait_for_url("**/login/**")

    thief = visit(demo)
    thief.context.add_cookies(stolen)
    thief.page.goto("/reception/desk/")
    expect(thief.page).to_have_url(re.compile(r"/login/\?next=.*/reception/desk/$"))
    expect(thief.page.get_by_role("alert")).to_have_count(0)
    expect(thief.page.get_by_role("status")).to_contain_text("log in")
