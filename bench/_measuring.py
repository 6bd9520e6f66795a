"""What benchmarks of selling and of money share: a company in a process, noted statements, times, and what is told."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

Statements = list[tuple[str, Any]]


@contextmanager
def in_company(settings: str) -> Iterator[None]:
    """Work in the company of the benchmark, with the settings that another process wrote."""
    from app.database.session import as_company, db
    from app.factory import create_app

    app = create_app(**json.loads(settings))
    with app.app_context(), as_company(1):
        yield
        db.engine.dispose()


@contextmanager
def noted(statements: Statements) -> Iterator[None]:
    """Note each statement with its parameters."""

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        statements.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    yield
    event.remove(Engine, "before_cursor_execute", note)


def timed(call: Callable[[], None]) -> float:
    """Return how many seconds a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def run_part(file: str, part: str, *arguments: str) -> dict[str, Any]:
    """Run a part of a benchmark in a process of its own; return what it tells in its last line."""
    command = [sys.executable, file, part, *arguments]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def report(label: str, target: str, measured: object, *, met: bool) -> bool:
    """Print a figure beside its target; return whether it is met."""
    print(f"{label:44} target {target:>8}   measured {measured!s:>10}   {'ok' if met else 'MISSED'}", flush=True)
    return met
