"""A worker process of the tests: it delivers what is due when told to, and says how much it did."""

import sys

from app.database.columns import utc_now
from app.database.session import db
from app.events import retry_due, subscribe
from tests.app.events.sales import Sold, note_sale
from tests.app.jobs.kernels import new_app


def main(url: str, folder: str) -> None:
    """Wait for a line, then deliver."""
    delivered = []

    def note_once(event: Sold) -> None:
        delivered.append(event.order_id)
        note_sale(event)

    note_once.__name__ = note_sale.__name__
    app = new_app(url, folder)
    with app.app_context():
        subscribe(Sold, note_once, addon="dummy", after_commit=True)
        print("ready", flush=True)  # noqa: T201  # The test reads it.
        sys.stdin.readline()
        retry_due(utc_now())
        print(len(delivered))  # noqa: T201
        db.engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
