"""Serves the product as setup/serve.py does, at the time that a file says: a story is told on the days of its text."""

import argparse
import datetime as dt
import os
import runpy
import socket
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = "tests/e2e/dated.py"
CLOCK = "TEST_CLOCK_FILE"  # The environment's name of the file; it holds an instant.

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

    from tests import clock

    file = Path(os.environ[CLOCK])
    clock.put_in_place(pytest.MonkeyPatch(), lambda: dt.datetime.fromisoformat(file.read_text("utf-8")))
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    runpy.run_path(str(ROOT / "setup" / "serve.py"))["serve"](
        socket.create_server(("127.0.0.1", parser.parse_args().port), backlog=128)
    )
