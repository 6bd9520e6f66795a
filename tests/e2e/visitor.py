"""Somebody at a browser: a page that fails its test when anything goes wrong behind it, and how one logs in."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

TIMEOUT = 15_000  # Milliseconds; the machine may be busy.
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
# Chromium reports every refusal (404, 409, 422 …) as an error of its console; tests say which ones they expect.
REFUSED = "Failed to load resource: the server responded with a status of 4"
SERVER_FAULT = 500


class Visitor:
    """One browser profile with one page."""

    def __init__(
        self, browser: Browser, url: str, *, language: str = "en", theme: str = "light", phone: bool = False
    ) -> None:
        self.url = url
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=url,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            locale="zh-CN" if language == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
        )
        self.context.set_default_timeout(TIMEOUT)
        self.context.on("request", self._see_request)
        self.context.on("response", self._see_response)
        self.context.on("console", self._see_message)
        self.context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))
        self.context.add_cookies([{"name": "theme", "value": theme, "url": url}])
        self.page: Page = self.context.new_page()
        self.page.goto(f"/lang/{language}")

    def log_in(self, username: str, password: str) -> Page:
        """Fill in the log-in page, and return the page that follows."""
        self.page.goto("/login/")
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(password)
        self.page.locator("#password").press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self.page

    def come_in(self, username: str, password: str) -> Page:
        """Log in without looking at the pages of a log-in, where a story has many people; return an empty page."""
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.context.request.get("/login/").text())
        assert token is not None
        form = {"csrf_token": token[1], "username": username, "password": password}
        answer = self.context.request.post("/login/", form=form, max_redirects=0)
        assert answer.status == 302, answer.text()
        return self.page

    def close(self) -> None:
        """Leave; say everything that went wrong."""
        self.context.close()
        assert not self.faults, "\n".join(self.faults)

    def _see_request(self, request: Request) -> None:
        target = urlsplit(request.url)
        if target.scheme in ("http", "https", "ws", "wss") and target.netloc != urlsplit(self.url).netloc:
            self.faults.append(f"request to another host: {request.url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= SERVER_FAULT:
            self.faults.append(f"{response.status} on {response.request.method} {response.url}")

    def _see_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            self.faults.append(f"console: {message.text}")
