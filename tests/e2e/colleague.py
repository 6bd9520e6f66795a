"""Somebody at work in the product's own words, in either language: presses buttons by their name, fills in, looks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.world import PASSWORD

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Colleague:
    """One person's page; `say` returns a text of the product in the person's language."""

    def __init__(self, visitor: Any, name: str, say: Callable[[str], str], album: Path | None = None) -> None:
        self.page: Page = visitor.come_in(name, PASSWORD)
        self.name, self.say, self.album = name, say, album

    def open(self, address: str) -> None:
        """Go to a page of the product."""
        self.page.goto(address)

    def find(self, address: str, text: str) -> None:
        """Open the list at this address, and in it the record whose row has this text."""
        self.page.goto(address)
        self.page.locator("tbody tr", has_text=text).first.locator(".cell-key a").click()

    def follow(self, label: str) -> None:
        """Follow a link of the page."""
        self.page.locator("main").get_by_role("link", name=self.say(label), exact=True).first.click()

    def fill(self, **values: str | bool) -> None:
        """Fill in fields by the names they are sent under."""
        _fill(self.page.locator("#model_form"), values)

    def save(self) -> None:
        """Send the form, and see that it is saved."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=self.say("Save"), exact=True).first.click()
        expect(self.page.locator("#model_form")).to_have_count(0)

    def press(self, label: str, **answers: str | bool) -> None:
        """Press a button of a record; give what its dialog asks for, or agree."""
        name = self.say(label)
        button = self.page.locator(".record-head").get_by_role("button", name=name, exact=True)
        if button.get_attribute("data-dialog") is None:
            with self.page.expect_navigation():
                button.click()
            return
        button.click()
        dialog = self.page.get_by_role("dialog")
        _fill(dialog, answers)
        with self.page.expect_navigation():
            dialog.get_by_role("button", name=name, exact=True).click()

    def sees_state(self, state: str) -> None:
        """See what state the record of the page is in."""
        expect(self.page.locator(".record-head .badge").first).to_have_text(self.say(state))

    def sees(self, text: str) -> None:
        """See a text on the page."""
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible()

    def is_told(self, text: str) -> None:
        """See a text in a refusal."""
        expect(self.page.get_by_role("alert").filter(has_text=text).first).to_be_visible()

    def attach(self, name: str) -> None:
        """Add a scan to the record of the page."""
        file = {"name": name, "mimeType": "application/pdf", "buffer": PDF}
        box = self.page.locator("[data-attachments]")
        box.locator("input[type=file][multiple]").set_input_files(file)
        expect(box.get_by_role("link", name=name)).to_be_visible()

    def look(self, name: str) -> None:
        """Keep a picture of the page, where somebody collects them."""
        if self.album is not None:
            self.page.screenshot(path=self.album / f"{name}.png", full_page=True)


def _fill(form: Locator, values: dict[str, str | bool]) -> None:
    for name, value in values.items():
        field = form.locator(f"[name='{name}']").first
        if field.get_attribute("type") == "hidden":  # Of a combobox: the words are typed beside it.
            box = field.locator("xpath=..")
            box.get_by_role("combobox").press_sequentially(str(value))
            box.get_by_role("option").filter(has_text=str(value)).first.click()
        elif isinstance(value, bool):
            field.set_checked(value)
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
