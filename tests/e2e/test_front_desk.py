"""A day at the front desk, from the turn queue to the printed record, as five people do it at their screens."""

import io
import re
import subprocess
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.world import PASSWORD

pytestmark = pytest.mark.needs("chromium")
DESK = "/reception/desk/"
RECORD = "reception.daily_record"
CSV = "csv:Text - txt - csv (StarCalc):44,34,76"
# What a button does that is not greyed.
PRESS = """url => {
  const form = document.createElement("form");
  const token = document.createElement("input");
  Object.assign(form, {method: "post", action: url});
  Object.assign(token, {name: "csrf_token", value: document.querySelector("meta[name=csrf-token]").content});
  form.append(token);
  document.body.append(form);
  form.submit();
}"""
# Visitor, phone, whose turn it is while Bob is on leave, what the consultant makes of the visit.
VISITORS = (
    ("王小明", "138 1234 5678", "Amy", "B"),
    ("李女士", "", "Cat", "none"),  # Gives no number.
    ("赵先生", "+86 13900000002", "Amy", "A"),
    ("钱大妈", "13900000003", "Cat", "none"),
    ("孙师傅", "13900000004", "Amy", "none"),
)


@pytest.mark.rule("P:REC-01", "P:REC-02", "P:REC-03", "P:REC-04", "P:REC-06", "P:CRM-01", "P:CRM-05", "S:REC-38")
@pytest.mark.needs("libreoffice")
def test_a_day_of_five_receptions(office, visit, tmp_path):
    desk = visit(office.url).log_in("dee", PASSWORD)
    _send_on_leave(desk, "Bob")
    for name, phone, turn, _intent in VISITORS:
        _take(desk, name, phone, turn)
    consultants = {name: visit(office.url).log_in(name.lower(), PASSWORD) for name in ("Amy", "Cat")}

    _open_checklist_is_refused(consultants["Amy"], "王小明")
    _blank_phone_is_refused(consultants["Cat"], "李女士")
    for name, _phone, turn, intent in VISITORS:
        _finish(consultants[turn], name, intent)

    _customer_files(consultants["Amy"])
    _print(desk)
    _pdf_has_five_rows(desk)
    _excel_has_the_day(visit(office.url).log_in("sue", PASSWORD), tmp_path)


def _send_on_leave(desk: Page, name: str) -> None:
    desk.goto(DESK)
    seat = desk.locator("li").filter(has_text=name)
    seat.get_by_label("Change state").click()
    seat.get_by_role("button", name="Leave").click()
    expect(seat.locator(".badge")).to_have_text("Leave")


def _take(desk: Page, name: str, phone: str, turn: str) -> None:
    expect(desk.get_by_role("button", name="Take visitor")).to_contain_text(turn)
    desk.get_by_label("Visitor", exact=True).fill(name)
    desk.get_by_label("Phone").fill(phone)
    desk.get_by_label("Source").select_option("Visit")
    desk.get_by_role("button", name="Take visitor").click()
    expect(desk.get_by_role("status").filter(has_text=f"{turn} receives the visitor.")).to_be_visible()
    row = desk.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text(turn)
    expect(row).to_contain_text("In progress")


def _open(page: Page, name: str) -> str:
    page.goto("/reception/reception/list/")
    page.get_by_role("searchbox").fill(name)
    with page.expect_navigation():
        page.get_by_role("searchbox").press("Enter")
    page.get_by_role("table").get_by_text(name).first.click()
    expect(page.get_by_label("More", exact=True)).to_be_attached()
    return page.url.rstrip("/").rpartition("/")[2]


def _open_checklist_is_refused(page: Page, name: str) -> None:
    key = _open(page, name)
    button = page.get_by_role("button", name="Record", exact=True)
    expect(button).to_have_attribute("aria-disabled", "true")
    button.hover()
    expect(page.get_by_role("tooltip").filter(has_text="Not done of the checklist")).to_be_visible()
    _post_is_refused(page, key, "Not done of the checklist")


def _blank_phone_is_refused(page: Page, name: str) -> None:
    key = _open(page, name)
    _tick_all(page)
    expect(page.get_by_role("button", name="Record", exact=True)).to_have_attribute("aria-disabled", "true")
    _post_is_refused(page, key, "If the visitor refuses to give a number, note the reason.")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Declined reason").fill("只想看看")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Record", exact=True)).not_to_have_attribute("aria-disabled", "true")


def _post_is_refused(page: Page, key: str, words: str) -> None:
    """Press the greyed button by its address: the same refusal, and the reception stays as it was."""
    page.evaluate(PRESS, f"/reception/reception/transition/record/{key}")
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    expect(page.locator(".record-head .badge")).to_have_text("In progress")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()  # What was typed there is kept.


def _tick_all(page: Page) -> None:
    page.get_by_role("link", name="Edit").click()
    boxes = page.locator("[data-lines=checks] tbody").get_by_role("switch")
    expect(boxes.first).to_be_visible()  # Of the form that opens: `all` does not wait for it.
    for box in boxes.all():
        box.check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()


def _finish(page: Page, name: str, intent: str) -> None:
    _open(page, name)
    record = page.get_by_role("button", name="Record", exact=True)
    if record.get_attribute("aria-disabled"):
        _tick_all(page)
    record.click()
    page.get_by_role("dialog").get_by_role("button", name="Record").click()
    expect(page.locator(".record-head .badge")).to_have_text("Recorded")
    page.get_by_role("button", name="Assess intent").click()
    page.get_by_role("dialog").get_by_label("Intent").select_option(intent)
    page.get_by_role("dialog").get_by_role("button", name="Assess intent").click()
    expect(page.locator(".record-head .badge")).to_have_text("Assessed")


def _customer_files(page: Page) -> None:
    """Two of Amy's three visitors intend to buy: their files are customer files, still to be handed in."""
    page.goto("/reception/customer/list/")
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="Customer file").filter(has_text="Draft")).to_have_count(2)
    for name in ("王小明", "赵先生"):
        expect(rows.filter(has_text=name)).to_contain_text("Customer file")
    expect(rows.filter(has_text="孙师傅")).to_contain_text("Prospect")


def _print(desk: Page) -> None:
    desk.goto(DESK)
    desk.get_by_role("button", name="Print the day's record").click()
    expect(desk.get_by_role("status").filter(has_text="5 receptions are on the printed record.")).to_be_visible()


def _pdf_has_five_rows(desk: Page) -> None:
    url = desk.get_by_role("link", name="PDF").get_attribute("href")
    answer = desk.request.get(url or "")
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(io.BytesIO(answer.body()))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert all(name in text for name, *_rest in VISITORS)
    assert len(set(re.findall(r"R\d{10}", text))) == len(VISITORS)


def _excel_has_the_day(page: Page, tmp_path: Path) -> None:
    page.goto(f"/reports/{RECORD}")
    page.get_by_role("link", name="Excel").click()
    with page.expect_download() as download:  # It names customers, so it is asked for whom it is.
        page.get_by_role("button", name="Get the file").click()
    file = tmp_path / "record.xlsx"
    download.value.save_as(file)

    rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    names = {cell for row in rows for cell in row if isinstance(cell, str)}
    assert names >= {name for name, *_rest in VISITORS}

    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", CSV, "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    read = (tmp_path / "record.csv").read_text(encoding="utf-8")
    assert all(name in read for name, *_rest in VISITORS)
