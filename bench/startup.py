"""How long a worker takes until it can answer, with all add-ons, and that starting writes no permissions.

Each start is a fresh process, timed from its first instruction to the end of create_app on a released database. Its
modules are compiled, as after the first start of an installation: where Python is told to keep no bytecode, every start
would compile them anew.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _database import BenchDatabase

STARTS, MOST_SECONDS = 7, 2.5
_WRITES_PERMISSIONS = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?ab_", re.IGNORECASE)


class ReleasedDatabase(BenchDatabase):
    """A database with every add-on of the product installed, and no rows of theirs."""

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of an app with the product's own add-ons."""
        return {**super().settings, "ADDONS_PATH": []}

    @property
    def addons(self) -> list[str]:
        """The product's add-ons."""
        from app.addon_loader.discovery import find_addons

        return list(find_addons([]))

    def prepare(self) -> None:
        """Install them."""
        from app.database.session import db
        from app.release import release

        app = release(self.addons, **self.settings)
        with app.app_context():
            db.engine.dispose()


def main() -> None:
    """Print the median time and the writes; exit with 1 where a target is missed."""
    with tempfile.TemporaryDirectory() as folder, ReleasedDatabase("zg_bench_startup", Path(folder)) as database:
        command = [sys.executable, __file__, json.dumps(database.settings)]
        compiled = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode")}
        runs = [
            json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=compiled).stdout)
            for _start in range(STARTS + 1)
        ][1:]
        names = ", ".join(database.addons)
    seconds = statistics.median(run["seconds"] for run in runs)
    writes = max(run["writes"] for run in runs)
    is_met = seconds <= MOST_SECONDS and not writes
    print(f"start with {names}: median {seconds:.2f} s of at most {MOST_SECONDS} s,", end=" ")
    print(f"fastest {min(run['seconds'] for run in runs):.2f} s,", end=" ")
    print(f"{statistics.median(run['processor'] for run in runs):.2f} s of the processor,", end=" ")
    print(f"{writes} writes to ab_* of at most 0,", end=" ")
    print(f"{max(run['statements'] for run in runs)} SQL: {'met' if is_met else 'MISSED'}")
    sys.exit(0 if is_met else 1)


def start(settings: str) -> None:
    """Start once, and print how long it took and what it asked the database."""
    started = time.perf_counter()
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    statements: list[str] = []
    event.listen(Engine, "before_cursor_execute", lambda _c, _k, statement, *_more: statements.append(statement))
    from app.factory import create_app

    create_app(**json.loads(settings))
    seconds, processor = time.perf_counter() - started, time.process_time()
    writes = sum(bool(_WRITES_PERMISSIONS.match(statement)) for statement in statements)
    found = {"seconds": seconds, "processor": processor, "writes": writes, "statements": len(statements)}
    print(json.dumps(found))


if __name__ == "__main__":
    start(sys.argv[1]) if sys.argv[1:] else main()
