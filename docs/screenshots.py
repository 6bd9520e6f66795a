"""Takes the README's pictures from the product itself: a fresh demonstration, a headless Chromium, PNG files."""

import shutil
import sys
import tempfile
import threading
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from waitress import create_server

TARGET = Path(__file__).parent / "images"
COLOURS = 128  # A flat design needs no more, and the files stay small.
WIDTH, HEIGHT = 1280, 800
# Each picture: who looks, in which language and theme, at what.
PICTURES = {
    "home-en": ("manager", "en", "light", "/"),
    "desk-zh": ("manager", "zh", "light", "/reception/desk/"),
    "list-zh": ("manager", "zh", "light", "/reception/customer/list/"),
    "record-dark-zh": ("manager", "zh", "dark", "/reception/reception/show/3"),
    "report-zh": ("manager", "zh", "light", "/reports/reception.visitors_by_day"),
}


def main() -> None:
    """Make the pictures anew."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or sys.exit("No Chromium is installed.")
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        address = _serve(folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (user, language, theme, path) in PICTURES.items():
            page = _enter(browser, address, user, language, theme)
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            _keep(page, name)
        _import_refused(_enter(browser, address, "manager", "en", "light"), address)
        browser.close()


def _serve(folder: str) -> str:
    """Make the demonstration and serve it; return its address."""
    from app import demo
    from app.release import release

    app = release(
        [name for one in demo.COMPANIES for name in one.addons], DATA_FOLDER=folder, LOGIN_RATE_LIMIT="99 per minute"
    )
    demo.make_demo(app)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    return f"http://127.0.0.1:{server.effective_port}"


def _enter(browser: Browser, address: str, user: str, language: str, theme: str) -> Page:
    from app.demo import PASSWORD

    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/lang/{language}")
    page.goto(f"{address}/login/")
    page.fill("#username", user)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    return page


def _import_refused(page: Page, address: str) -> None:
    """Send a file with a wrong number and a customer who is there already, and show what is said of it."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write("客户名称,手机,来源\n赵一,1380013,展会\n钱二,13800138001,展会\n钱二,13800138001,展会\n")
        file.flush()
        page.goto(f"{address}/reception/customer/import")
        page.set_input_files("input[type=file]", file.name)
        page.click("form[enctype] button.btn-primary")
        page.wait_for_url("**/jobs/*")
        page.wait_for_selector("table")
    _keep(page, "import-en")


def _keep(page: Page, name: str) -> None:
    file = TARGET / f"{name}.png"
    page.screenshot(path=file)
    Image.open(file).convert("RGB").quantize(COLOURS).save(file, optimize=True)
    print(f"{file.name}: {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
