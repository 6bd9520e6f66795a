"""Waiting for what happens in another thread or process."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], *, seconds: float = 20) -> T:
    """Return what the condition gives as soon as that is true; fail at the deadline."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (found := condition()):
        assert time.monotonic() < deadline, f"nothing happened within {seconds} seconds"
        pause.wait(0.02)
    return found
