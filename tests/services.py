"""The services that tests use where they answer; each absence is said in one line at the end.

A test says what it needs with `@pytest.mark.needs("redis")`. Where that is absent the test is left out, unless
ZHANGGUI_REQUIRE (comma-separated) demands it: then nothing runs at all. Loaded as a plugin by conftest.py.
"""

import os
import shutil
from collections.abc import Callable
from functools import cache

import psycopg
import pytest
import redis

POSTGRESQL_URL = os.environ.get("ZHANGGUI_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("ZHANGGUI_TEST_REDIS", "redis://127.0.0.1:6379/15")


def chromium() -> str | None:
    """Return the path of a Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


def libreoffice() -> str | None:
    """Return the path of LibreOffice's command, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _postgresql() -> bool:
    try:
        psycopg.connect(POSTGRESQL_URL, connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


def _redis() -> bool:
    client = redis.Redis.from_url(REDIS_URL, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


CHECKS: dict[str, tuple[str, Callable[[], object]]] = {
    "postgresql": ("PostgreSQL does not answer", _postgresql),
    "redis": ("Redis does not answer", _redis),
    "chromium": ("No Chromium is installed", chromium),
    "libreoffice": ("No LibreOffice is installed", libreoffice),
}


@cache
def answers(service: str) -> bool:
    """Tell whether the service is there; asked once in each process."""
    return bool(CHECKS[service][1]())


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to start when a demanded service is absent."""
    demanded = [name.strip() for name in os.environ.get("ZHANGGUI_REQUIRE", "").split(",") if name.strip()]
    if unknown := [name for name in demanded if name not in CHECKS]:
        pytest.exit(f"ZHANGGUI_REQUIRE: unknown {unknown}; known are {list(CHECKS)}", returncode=4)
    if absent := [CHECKS[name][0] for name in demanded if not answers(name)]:
        pytest.exit(f"ZHANGGUI_REQUIRE demands what is not there: {'; '.join(absent)}", returncode=3)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests whose services are absent."""
    left_out = [item for item in items if any(not answers(name) for name in needs_of(item))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def needs_of(item: pytest.Item) -> set[str]:
    """Return the services that a test names in its marks."""
    return {name for mark in item.iter_markers("needs") for name in mark.args}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say each absence in one line."""
    for name, (sentence, _check) in CHECKS.items():
        if not answers(name):
            terminalreporter.write_line(f'{sentence}: the tests that need "{name}" were left out.', yellow=True)
