"""A process of its own that asks for a list again and again, and tells when the answer changes."""

import sys
import time

from app.factory import create_app
from tests.world import PASSWORD

WATCHED = "/api/v1/visits/visit/"
LONGEST = 60.0  # Seconds after which a process gives up, so that none is left behind.


def main(watched: str, other: str) -> None:
    """Print "ready", and for each change of what company `watched` gets: its status, when, and what `other` got."""
    app = create_app(TESTING=True, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    assert client.post("/login/", data={"username": "ann", "password": PASSWORD}).status_code == 302

    def status(company_id: str) -> int:
        return client.get(WATCHED, headers={"X-Company-Id": company_id}).status_code

    last = status(watched)
    print("ready", last, flush=True)  # noqa: T201  # The test reads it.
    of_other = set()
    until = time.monotonic() + LONGEST
    while last != 0 and time.monotonic() < until:
        of_other.add(status(other))
        if (now := status(watched)) != last:
            print(now, time.time(), *sorted(of_other), flush=True)  # noqa: T201
            last = now if now == 200 else 0
        time.sleep(0.05)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
