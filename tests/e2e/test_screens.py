"""Every screen, in both languages, themes and sizes: nothing overflows, is left in English, unreadable or heavy."""

import importlib.resources
import json
import re

import pytest
from playwright.sync_api import Page, Response, expect

from app.demo import COMPANIES, PASSWORD, PEOPLE

pytestmark = pytest.mark.needs("chromium")
# What a page may cost: requests, bytes over the wire the first and the second time, elements.
MOST_REQUESTS, MOST_COLD, MOST_WARM, MOST_NODES = 8, 80 * 1024, 15 * 1024, 1500
PLACES = {
    "home": "/",
    "desk": "/reception/desk/",
    "list": "/reception/customer/list/",
    "form": "/reception/customer/add",
    "import": "/reception/customer/import",
    "report": "/reports/reception.visitors_by_day",
    "wide report": "/reports/reception.daily_record",
    "apps": "/apps/",
    "roles": "/roles/list/",
    "role": "/roles/edit/5",
    "members": "/companies/members/",
    "account": "/account/",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# Names of products, of files and of keys; codes of a company, a unit or a currency.
SAME_EVERYWHERE = {"zhanggui", "excel", "word", "webhook", "pdf", "rest", "ctrl", "xlsx", "csv", "http"} | {
    "chrome",
    "linux",
    "english",
    "admin",
    "public",
}
# Mail addresses, formats of numbers, numbers of records, names of tables, keys of lists, codes of units.
CODES = r"\S+@\S+|[A-Z]*(?:\{\w+(?::\d+)?\}-?)+|[A-Z]+\d+|[a-z]+[._][a-z._]+|[a-z]+-\d+"
VISIBLE_TEXT = """() => {
  const shown = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest("script, style, template, noscript, [lang=en], .user-text"))
      shown.push(node.data.trim());
  }
  for (const one of document.querySelectorAll("[aria-label], [placeholder], [title]"))
    for (const name of ["aria-label", "placeholder", "title"]) shown.push(one.getAttribute(name) || "");
  return shown.filter(text => text);
}"""


@pytest.fixture
def enter(demo, visit):
    """Return a function that logs somebody in with the given choices."""
    return lambda user="admin", **choices: visit(demo, **choices).log_in(user, PASSWORD)


def _menu(page: Page) -> list[str]:
    return page.locator(".sidebar nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))")


def _first_record(page: Page, place: str = "/reception/customer/list/") -> str:
    page.goto(place)
    return page.locator(".cell-key a").first.get_attribute("href") or ""


def _places(page: Page) -> list[str]:
    """Return the addresses of all menu entries, of the account's pages, and of a record with its form."""
    menu = _menu(page)
    records = [_first_record(page), _first_record(page, "/reception/reception/list/")]
    forms = [address.replace("/show/", "/edit/") for address in records]
    return list(dict.fromkeys([*menu, *PLACES.values(), "/account/password", "/jobs/", *records, *forms]))


# Keys, rule ids and the codes that values are stored as, names of protocols; their own words are Chinese.
OF_CODES = (
    *("/parameters/values/", "/online/functions/", "/packs/packs/"),
    *("/contracts/sample/", "/payments/receiptdesign/"),  # Places of a Word file; kinds of pictures.
)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_every_page_fits_the_window_and_is_in_chinese(enter, phone):
    page = enter(language="zh", phone=phone)
    too_wide, left = {}, {}
    for place in [*_places(page), "/nowhere"]:
        page.goto(place)
        inside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if inside > 0:
            too_wide[place] = inside
        if place not in OF_CODES and (words := _english(page)):
            left[place] = words
    assert not too_wide
    assert not left, json.dumps(left, ensure_ascii=False, indent=1)


def _english(page: Page) -> list[str]:
    names = SAME_EVERYWHERE | {person.username for person in PEOPLE} | {company.code for company in COMPANIES}
    found = set()
    for text in page.evaluate(VISIBLE_TEXT):
        without_codes = re.sub(CODES, " ", text)
        for word in re.findall(r"[A-Za-z]{3,}", without_codes):
            if word.lower() not in names:
                found.add(text[:80])
    return sorted(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_a_screen_reader(enter, demo, visit, theme):
    axe = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    stranger = visit(demo, theme=theme).page
    stranger.goto("/login/")
    found = _violations(stranger, axe)
    page = enter("admin", language="en", theme=theme)
    records = [_first_record(page), _first_record(page, "/reception/reception/list/")]
    for place in [*PLACES.values(), "/account/password", *records, records[1].replace("/show/", "/edit/")]:
        page.goto(place)
        found |= _violations(page, axe)
    assert not found, json.dumps(found, indent=1)


def _violations(page: Page, axe: str) -> dict[str, list[str]]:
    page.evaluate(axe)  # Through the debugger: the policy of the page forbids script elements.
    run = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
    return {
        f"{page.url} {one['id']}": [node["html"][:160] + " " + node["failureSummary"][:200] for node in one["nodes"]][
            :4
        ]
        for one in page.evaluate(run, RULES)["violations"]
    }


@pytest.mark.parametrize("place", ["home", "desk", "list", "form", "report"])
def test_a_page_is_light(enter, place):
    page = enter("manager", language="zh")
    page.wait_for_load_state("networkidle")  # What the page after the log-in still asks for is not counted.
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    cold, requests = _weigh(page, PLACES[place])
    warm, _requests = _weigh(page, PLACES[place])
    nodes = page.evaluate("document.querySelectorAll('*').length")
    assert (requests <= MOST_REQUESTS, cold <= MOST_COLD, warm <= MOST_WARM, nodes < MOST_NODES) == (True,) * 4, (
        f"{requests} requests, {cold} and {warm} bytes, {nodes} nodes"
    )


def _weigh(page: Page, place: str) -> tuple[int, int]:
    """Return the bytes that came over the wire, and how many requests it took."""
    seen: list[Response] = []

    def note(response: Response) -> None:
        seen.append(response)

    page.on("response", note)
    page.goto(place, wait_until="networkidle")
    page.remove_listener("response", note)
    sizes = [response.request.sizes() for response in seen if not response.from_service_worker]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes), len(seen)


def test_the_drawer_of_a_phone_opens_and_leads_on(enter):
    page = enter(language="zh", phone=True)
    page.get_by_label("打开菜单").click()
    page.locator(".sidebar summary", has_text="前台接待").click()
    page.locator(".sidebar").get_by_role("link", name="客户", exact=True).click()
    expect(page.get_by_role("heading", name="客户")).to_be_visible()
    page.locator(".cell-key a").first.click()
    expect(page.get_by_role("link", name="编辑")).to_be_visible()
