"""Real web processes start anew after an installation, and nobody who asks meanwhile is refused."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from app.release import release
from tests.architecture.source import ROOT
from tests.conftest import ADDONS_PATH
from tests.empty_database import empty_database

LONGEST = 240.0  # Seconds until the test gives up; the machine may be busy.
WATCHED = "/api/v1/visits/visit/"  # 404 while the add-on is not loaded, 401 for a stranger afterwards.
SERVERS = {
    "sqlite": lambda port: (sys.executable, "setup/serve.py", "--port", str(port)),
    "postgresql": lambda port: (
        sys.executable, "-m", "gunicorn", "app.wsgi:app", "--workers", "3", "--threads", "2", "--timeout", "120",
        "--bind", f"127.0.0.1:{port}",
    ),
}  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def served(request, tmp_path):
    """A database without add-ons, and a server on it: Waitress on SQLite, three workers of gunicorn on PostgreSQL."""
    with empty_database(request.param, tmp_path, ADDONS_PATH) as made:
        release(**made.settings())
        settings = {**made.settings(), "JOBS_INLINE": False}
        names = set(settings) - {"TESTING", "WTF_CSRF_ENABLED"}
        texts = {name: ",".join(settings[name]) if name == "ADDONS_PATH" else str(settings[name]) for name in names}
        environment = {**os.environ, **{f"ZHANGGUI_{name}": text for name, text in texts.items()}}
        environment["PYTHONPATH"] = str(ROOT)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = (tmp_path / "log").open("w+")
        server = subprocess.Popen(SERVERS[request.param](port), cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield made, f"http://127.0.0.1:{port}", environment, log
        finally:
            server.terminate()
            server.wait(60)
            log.close()


def ask(address):
    """Return the status of the answer; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=120) as answer:  # noqa: S310  # Our own server.
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_every_process_starts_anew_after_an_installation(served):
    made, address, environment, log = served
    until = time.monotonic() + LONGEST
    while ask(f"{address}/login/") != 200:
        assert time.monotonic() < until, log.name
        time.sleep(0.2)
    assert ask(address + WATCHED) == 404

    command = (sys.executable, "-m", "flask", "--app", "app.cli:create_app", "addon", "install", "visits")
    installing = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    answers, since = [], None
    while since is None or len(answers) - since < 20:  # Twenty answers in a row: each worker has its turn.
        assert time.monotonic() < until, (answers[-5:], log.name)
        answers.append(ask(address + WATCHED))
        if answers[-1] != 401:
            since = None
        elif since is None:
            since = len(answers)
        time.sleep(0.05)
    assert installing.wait(60) == 0, log.name
    assert set(answers) == {404, 401}, "Somebody was refused"
    text = Path(log.name).read_text("utf-8")
    expected = 3 if made.settings()["DATABASE_URL"] else 1
    assert len(re.findall("this process starts anew", text)) == expected, text[-3000:]
