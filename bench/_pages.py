"""Asking apps for pages, each app in a process of its own, so that they can be measured by turns."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip"}


def serve(client: FlaskClient) -> None:
    """Read [address, times] as lines of JSON; ask for each page so many times; write what `measure` found."""
    print(flush=True)
    for line in sys.stdin:
        print(json.dumps(measure(client, *json.loads(line))), flush=True)


def measure(client: FlaskClient, address: str, times: int) -> dict[str, Any]:
    """Return the seconds of each request, the SQL statements of the longest list of them, the status, the page."""
    seconds: list[float] = []
    statements: list[str] = []
    longest: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    for _turn in range(times):
        statements.clear()
        started = time.perf_counter()
        client.get(address, headers=BROWSER)
        seconds.append(time.perf_counter() - started)
        longest = max(longest, list(statements), key=len)
    event.remove(Engine, "before_cursor_execute", note)
    page = client.get(address)
    return {"seconds": seconds, "statements": longest, "status": page.status_code, "page": page.text}


class Side:
    """An app in a process of its own; `with` starts and ends it."""

    def __init__(self, script: str, *arguments: str) -> None:
        self.command = [sys.executable, str(Path(__file__).with_name(script)), *arguments]

    def __enter__(self) -> Self:
        """Start it, and wait until it is ready."""
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()
        return self

    def __exit__(self, *_error: object) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()

    def ask(self, address: str, times: int) -> dict[str, Any]:
        """Return what `measure` found in the other process."""
        assert self.process.stdin is not None  # noqa: S101  # It was opened as a pipe.
        self.process.stdin.write(json.dumps([address, times]) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self._answer())
        if found["status"] != 200:
            sys.exit(f"{address}: {found['status']}")
        return found

    def _answer(self) -> str:
        assert self.process.stdout is not None  # noqa: S101  # It was opened as a pipe.
        line = self.process.stdout.readline()
        return line or sys.exit(f"{self.command[1]} has stopped")


def by_turns(pages: Sequence[tuple[Side, str]], *, rounds: int, times: int) -> list[dict[str, Any]]:
    """Return for each page the median of its milliseconds, asked by turns, and what else the last turn found."""
    found: list[dict[str, Any]] = [side.ask(address, 2) for side, address in pages]  # Caches are warm for both.
    seconds: list[list[float]] = [[] for _page in pages]
    for _round in range(rounds):
        for number, (side, address) in enumerate(pages):
            found[number] = side.ask(address, times)
            seconds[number] += found[number]["seconds"]
    for each, taken in zip(found, seconds, strict=True):
        each["milliseconds"] = statistics.median(taken) * 1000
    return found
