"""An author's day: a new add-on is written, checked and installed at the command line, then used in a browser."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from app.demo import PASSWORD
from tests.e2e import serving

pytestmark = pytest.mark.needs("chromium")
TITLE, CHINESE = "Site visits", "现场拜访"


@pytest.fixture
def workplace(demo_folder: Path, tmp_path: Path) -> SimpleNamespace:
    """A copy of the demonstration, a folder for add-ons of one's own, and the `flask` of both."""
    shutil.copytree(demo_folder, tmp_path / "data")
    addons = tmp_path / "addons"
    addons.mkdir()
    settings = {"ZHANGGUI_DATA_FOLDER": str(tmp_path / "data"), "ZHANGGUI_ADDONS_PATH": str(addons)}

    def flask(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "flask", *words],
            cwd=serving.ROOT,
            env=serving.environment(settings),
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return SimpleNamespace(settings=settings, addons=addons, flask=flask, log=tmp_path / "log")


@pytest.fixture
def product(workplace: SimpleNamespace) -> Iterator[str]:
    """The address of a server that finds the new add-on."""
    workplace.flask(
        "addon", "new", "site_visits", "--title", TITLE, "--title-zh", CHINESE, "--folder", str(workplace.addons)
    )
    assert "nothing to complain about" in workplace.flask("addon", "check", "site_visits")
    workplace.flask("addon", "install", "site_visits")
    (server,) = serving.start(workplace.settings, workplace.log)
    yield server.url
    server.stop()


def test_a_new_add_on_is_switched_on_and_used(product, visit):
    page = visit(product, language="zh").log_in("admin", PASSWORD)
    page.goto("/apps/")
    page.get_by_role("switch", name=CHINESE).click()
    page.get_by_role("dialog").get_by_role("button", name="启用").click()
    expect(page.get_by_role("switch", name=CHINESE)).to_have_attribute("aria-checked", "true")

    page.goto("/site_visits/sitevisit/add")
    page.get_by_label("名称").fill("看样板间")
    page.get_by_label("到期日").fill("2026-12-01")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="看样板间", level=1)).to_be_visible()
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_role("list", name="动态")).to_contain_text("状态: 待处理 → 已完成")

    page.get_by_role("navigation", name="主菜单").get_by_role("link", name=f"每日{CHINESE}").click()
    expect(page.get_by_role("heading", name=f"每日{CHINESE}", level=1)).to_be_visible()
