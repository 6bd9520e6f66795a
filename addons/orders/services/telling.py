"""What is told of an order: its written record, its progress, what went wrong (S:ORD-01, S:ORD-08)."""

import datetime as dt
from typing import Annotated

from addons.orders.choices import NoteKind
from addons.orders.events import ForceMajeureNoted, WrittenRecordMissed
from addons.orders.models import Order, ProgressNote
from addons.orders.queries import unwritten
from addons.orders.workflow import ORDER_WORKFLOW
from app.sdk.database import session, utc_now
from app.sdk.errors import ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.workflow import MaxLength


@ORDER_WORKFLOW.transition("record_writing")
def record_writing(
    order: Order, *, actor: User, customer_number: Annotated[str, MaxLength(60)], now: dt.datetime
) -> None:
    """Note that a verbal order was put in writing, and under which number the customer's paper is (S:ORD-01)."""
    order.written_at, order.customer_number = now, customer_number


@ORDER_WORKFLOW.transition("note_progress")
def note_progress(
    order: Order,
    *,
    actor: User,
    kind: NoteKind,
    text: str,
    customer_told: bool,
    now: dt.datetime,
    promised_on: dt.date | None = None,
) -> None:
    """Note how an order stands; with a new day, the promise moves (S:ORD-08, P:ORD-08).

    Raises ValidationError for force majeure, or a new day, of which the customer was not told.
    """
    if not customer_told and (kind is NoteKind.FORCE_MAJEURE or promised_on is not None):
        raise ValidationError("note.untold", _("Tell the customer first, and tick it."), field="customer_told")
    if promised_on is not None and promised_on < order.doc_date:
        raise ValidationError(
            "order.promised", _("It is not promised before %(limit)s."), field="promised_on", limit=order.doc_date
        )
    before = order.promised_on if promised_on is not None else None
    note = ProgressNote(
        order_id=order.id,
        kind=kind,
        text=text,
        customer_told=customer_told,
        promised_before=before,
        noted_at=now,
        noted_by_id=actor.id,
    )
    session.add(note)
    order.noted_at, order.promised_on = now, promised_on or order.promised_on
    session.flush()
    if kind is NoteKind.FORCE_MAJEURE:
        publish(ForceMajeureNoted(company_id=order.company_id, order_id=order.id, note_id=note.id))


def note_missed_records(now: dt.datetime | None = None) -> int:
    """Announce, once, each verbal order that was not put in writing in time; return how many (S:ORD-01)."""
    moment = now or utc_now()
    late = unwritten(moment)
    for order in late:
        order.writing_missed_at = moment
        session.flush()
        publish(WrittenRecordMissed(company_id=order.company_id, order_id=order.id))
    return len(late)
