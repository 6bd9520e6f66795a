"""Browsers and running servers for the tests that drive a browser."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import force_locale, gettext
from playwright.sync_api import Browser, sync_playwright

from tests.addons.reception.office import make_office
from tests.app.crud.shop import make_shop
from tests.clock import instant
from tests.conftest import ADDONS_PATH
from tests.databases import Database, PostgresDatabase, SqliteDatabase
from tests.e2e import dated, serving
from tests.e2e.visitor import Visitor
from tests.scenarios.deal_office import MONDAY, make_deal_office
from tests.services import chromium

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PROCESSES = 4


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a browser profile on a server; a fault seen in any of them fails the test."""
    opened: list[Visitor] = []

    def enter(url: str, **choices: object) -> Visitor:
        opened.append(Visitor(browser, url, **choices))  # type: ignore[arg-type]
        return opened[-1]

    yield enter
    faults = []
    for visitor in opened:
        try:
            visitor.close()
        except AssertionError as error:
            faults.append(str(error))
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `flask demo` makes it."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    serving.make_demo(folder)
    return folder


@pytest.fixture(scope="module")
def demo(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the demonstration; each file of tests has its own copy."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(demo_folder, folder / "data")
    servers = serving.start({"ZHANGGUI_DATA_FOLDER": str(folder / "data")}, folder / "log")
    yield servers[0].url
    servers[0].stop()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A server with the sales office of the front desk's tests: `url`, and the office's ids."""
    folder = tmp_path_factory.mktemp("office")
    database = SqliteDatabase(folder, "e2e", [])
    database.build(make_office, addons=["reception"])
    yield from _serve(database, folder, processes=1)


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The sales office on PostgreSQL, served by four processes: `urls`, and the office's ids."""
    folder = tmp_path_factory.mktemp("offices")
    database = PostgresDatabase(folder, "e2e", [])
    database.build(make_office, addons=["reception"])
    yield from _serve(database, folder, processes=PROCESSES)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A server with the dummy add-on of orders, whose records have lines: `url`, and the shop's ids."""
    folder = tmp_path_factory.mktemp("shop")
    database = SqliteDatabase(folder, "shop", ADDONS_PATH)
    database.build(make_shop, addons=["visits", "bonus", "market"])
    yield from _serve(database, folder, processes=1, ZHANGGUI_EXPORT_AT_ONCE_ROWS="10")


@pytest.fixture(scope="module")
def deal_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteDatabase]:
    """A database with the companies that sell on paper."""
    database = SqliteDatabase(tmp_path_factory.mktemp("deals"), "deals", [])
    database.build(make_deal_office, addons=["reception", "payments", "orders", "contracts"])
    yield database
    database.drop()


@pytest.fixture
def deals(deal_database: SqliteDatabase, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A server with a fresh copy of it, on the days of a story: `at` sets the time; `say` translates."""
    file = tmp_path / "clock"

    def at(day: dt.date, clock: str) -> None:
        file.with_suffix(".new").write_text(instant(day, clock).isoformat(), "utf-8")
        file.with_suffix(".new").replace(file)  # At once: the server reads it at any moment.

    at(MONDAY, "08:00")
    settings = {"script": dated.SCRIPT, dated.CLOCK: str(file)}
    for one in _serve(deal_database, tmp_path, processes=1, **settings):
        one.at, one.clock, one.say = at, file, partial(say, deal_database.app)
        yield one


def say(app: Flask, language: str, text: str) -> str:
    """Return a text of the product in a language, as its catalogues have it."""
    with app.test_request_context(), force_locale(language):
        return gettext(text)


def _serve(
    database: Database, folder: Path, *, processes: int, script: str = serving.SCRIPT, **more: str
) -> Iterator[SimpleNamespace]:
    database.restore()
    names = ("DATA_FOLDER", "DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "PERSONAL_DATA_KEY")
    settings = {f"ZHANGGUI_{name}": str(database.settings()[name]) for name in names} | more
    settings["ZHANGGUI_ADDONS_PATH"] = ",".join(database.settings()["ADDONS_PATH"])
    servers = serving.start(settings, folder / "log", processes=processes, script=script)
    yield SimpleNamespace(url=servers[0].url, urls=[server.url for server in servers], **database.facts)
    for server in servers:
        server.stop()
    database.drop()
