"""What waits for those who work on orders."""

import datetime as dt
from collections.abc import Callable, Sequence

from addons.orders import queries
from addons.orders.models import Order
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.organisation import local_day
from app.sdk.workflow import Todo, TodoList

ORDER = "orders.Order"
Found = Callable[[User, dt.date], Sequence[Order]]


def _of_orders(
    find: Found, due: Callable[[Order], dt.date | None], note: Text
) -> Callable[[User, dt.datetime], list[Todo]]:
    """Return what lists orders as entries of the to-do list."""

    def entries(actor: User, now: dt.datetime) -> list[Todo]:
        found = find(actor, local_day(now))
        return [
            Todo(title=f"{one} {one.partner_name}", resource=ORDER, record_id=one.id, due=due(one), note=note)
            for one in found
        ]

    return entries


def _written_by(order: Order) -> dt.date | None:
    return local_day(order.writing_due_at) if order.writing_due_at is not None else None


def deals_to_enter(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the agreed deals that have to be entered (P:ORD-04)."""
    return [
        Todo(
            title=str(one),
            resource="orders.AgreedDeal",
            record_id=one.id,
            due=local_day(one.due_at),
            note=_("Write the reservation or the order"),
        )
        for one in queries.to_enter(actor)
    ]


def goods_to_get(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the goods that are missing without a date of replenishment (S:ORD-06)."""
    return [
        Todo(
            title=f"{one.description} × {queries.plain(one.missing)}",
            resource="orders.Shortage",
            record_id=one.id,
            due=one.needed_on,
            note=_("Say when they come"),
        )
        for one in queries.dateless(actor)
    ]


TODO_LISTS = (
    TodoList("orders.deals", _("Agreed deals to enter"), "handshake", "orders.AgreedDeal", deals_to_enter),
    TodoList(
        "orders.verbal",
        _("Verbal orders to put in writing"),
        "pen-line",
        ORDER,
        _of_orders(lambda actor, _today: queries.due_writing(actor), _written_by, _("Have it in writing")),
    ),
    TodoList(
        "orders.silent",
        _("Orders without news"),
        "message-square",
        ORDER,
        _of_orders(queries.silent, lambda one: one.promised_on, _("Tell salesperson and customer how it stands")),
    ),
    TodoList(
        "orders.due",
        _("Deliveries that are due"),
        "truck",
        ORDER,
        _of_orders(queries.due_soon, lambda one: one.promised_on, _("See that it is delivered in time")),
    ),
    TodoList("orders.shortages", _("Missing goods without a date"), "package-x", "orders.Shortage", goods_to_get),
    TodoList(
        "orders.papers",
        _("Papers to hand over"),
        "file-check",
        ORDER,
        _of_orders(
            lambda actor, _today: queries.without_papers(actor), lambda one: one.promised_on, _("Hand over the papers")
        ),
    ),
    TodoList(
        "orders.unfiled",
        _("Papers to file"),
        "archive",
        ORDER,
        _of_orders(lambda actor, _today: queries.to_file(actor), lambda one: one.closed_on, _("File the papers")),
    ),
)
