"""An event and its handlers, shared with the second process of the tests."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from app.events import Event
from tests.app.jobs.notes import write_note


@dataclass(frozen=True, kw_only=True)
class Sold(Event):
    """Something was sold."""

    order_id: int
    amount: Decimal = Decimal(0)
    on: dt.date = dt.date(2026, 3, 2)


def note_sale(event: Sold) -> None:
    """Do the work of a handler."""
    write_note(f"sold {event.order_id}")


def note_everything(event: Sold) -> None:
    """Show what arrived."""
    write_note(f"{event.order_id} {event.amount + 1} {event.on:%d.%m.}")
