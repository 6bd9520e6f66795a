"""The product as its users have it: a process of its own, started as `make demo` starts it."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = "setup/serve.py"
OPEN = "is open at"  # What setup/serve.py says once it answers.
PATIENCE = 120.0  # Seconds that a start may take on a busy machine.
GENEROUS = {  # Tests log in far more often than people.
    "ZHANGGUI_LOGIN_RATE_LIMIT": "10000 per minute",
    "ZHANGGUI_REDIS_URL": "",
    "ZHANGGUI_DATABASE_URL": "",
    "ZHANGGUI_DATABASE_OWNER_URL": "",
}


class Server:
    """One web process on a port of its own."""

    def __init__(self, settings: Mapping[str, str], log: Path, script: str = SCRIPT) -> None:
        self.url = f"http://127.0.0.1:{_free_port()}"
        self.log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, script, "--port", self.url.rpartition(":")[2]],
                cwd=ROOT,
                env=environment(settings),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def wait_until_open(self) -> None:
        """Return once it answers; say what it wrote if it ended, or took too long, instead."""
        assert self.process.stdout is not None
        patience = threading.Timer(PATIENCE, self.process.terminate)
        patience.start()
        try:
            if any(OPEN in line for line in self.process.stdout):
                return
        finally:
            patience.cancel()
        raise AssertionError(f"The server ended:\n{self.log.read_text()}")

    def stop(self) -> None:
        """End the process, and repeat what it logged: pytest shows it beside a failure."""
        self.process.terminate()
        self.process.communicate(timeout=20)
        print(self.log.read_text())  # noqa: T201


def start(settings: Mapping[str, str], log: Path, *, processes: int = 1, script: str = SCRIPT) -> list[Server]:
    """Start some web processes over one database, side by side, and return them when all of them answer."""
    servers = [Server(settings, log, script) for _number in range(processes)]
    for server in servers:
        server.wait_until_open()
    return servers


def make_demo(folder: Path) -> str:
    """Run `flask demo` in an empty data folder, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "demo"],
        cwd=ROOT,
        env=environment({"ZHANGGUI_DATA_FOLDER": str(folder)}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return what a process of the product sees: nothing of this machine's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI_")}
    return {**kept, "FLASK_APP": "app.cli:create_app", "PYTHONPATH": str(ROOT), **GENEROUS, **settings}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
