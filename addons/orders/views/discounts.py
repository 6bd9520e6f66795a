"""Screen of discount requests, and who has to do something about one."""

import datetime as dt
from collections.abc import Iterator

from addons.orders import queries, services
from addons.orders.choices import DiscountState
from addons.orders.models import DiscountRequest
from addons.orders.views.words import LABELS, TODAY
from addons.orders.workflow import DISCOUNT_WORKFLOW, decides
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.views import CrudView, Kanban, Lines, Section, Tab
from app.sdk.workflow import Clock, Deadline, Span, Todo, TodoList

FORM_LABELS: dict[str, Text] = {
    **LABELS,
    "owner": _("Sales supervisor"),
    "owner_id": _("Sales supervisor"),
    "reservation": _("Reservation"),
    "reservation_id": _("Reservation"),
    "revision": _("Rounds returned"),
    "list_total": _("List total"),
    "percent": _("Asked for, per cent"),
    "net": _("Net asked for"),
    "granted": _("Granted off the list total"),
    "granted_net": _("Net granted"),
    "submitted_at": _("Submitted at"),
    "reviewed_at": _("Reviewed at"),
    "forwarded_at": _("Reached the general manager at"),
    "forwarded_late": _("Reported late, days"),
    "decision": _("Decision"),
    "decided_by": _("Decided by"),
    "decided_at": _("Decided at"),
    "issued_at": _("Issued at"),
    "issued_late": _("Issued late, days"),
    "kind": _("Kind"),
    "value": _("Per cent or yuan"),
    "description": _("What exactly"),
    "note": _("What speaks for it"),
    "terms": _("Terms"),
}

FIELDS = {"doc_date": TODAY}


class DiscountRequestView(CrudView):
    """Discount requests (P:PRI-03)."""

    model = DiscountRequest
    title = _("Discount requests")
    list_columns = (
        *("number", "doc_date", "partner_name", "reservation", "list_total", "terms", "net"),
        *("granted_net", "owner", "state"),
    )
    form_columns = ("reservation_id", "doc_date", "note")
    show_only = (
        *("number", "revision", "partner", "list_total", "percent", "net", "granted", "granted_net"),
        *("submitted_at", "reviewed_at", "forwarded_at", "forwarded_late", "decision", "decided_by", "decided_at"),
        *("issued_at", "issued_late", "owner"),
    )
    fieldsets = (
        (_("Discount request"), ("number", "revision", "reservation_id", "partner", "doc_date", "owner", "note")),
        (_("Money"), ("list_total", "percent", "net", "granted", "granted_net")),
        (
            _("Decision"),
            (
                *("submitted_at", "reviewed_at", "forwarded_at", "forwarded_late"),
                *("decision", "decided_by", "decided_at", "issued_at", "issued_late"),
            ),
        ),
    )
    search_columns = ("number", "doc_date", "partner_name", "list_total", "percent", "net", "owner_id", "state")
    labels = FORM_LABELS
    fields = FIELDS
    lines = Lines("lines", ("kind", "value", "description"), key="kind", label=_("Preferential terms"), maximum=20)
    kanban = Kanban("state", card=("number", "partner_name", "percent", "owner"), sum="net")
    verbs = ("list", "show", "add", "edit")
    create_with = services.create_discount
    update_with = services.update_discount
    workflow = DISCOUNT_WORKFLOW


WHY_DISCOUNT = Section("why", _("How the net is reckoned"), queries.explain_discount, tells=("net", "granted_net"))
OPINIONS = Tab(
    "opinions",
    _("Signed opinions"),
    ("revision", "step_name", "employee", "agreed", "opinion", "signed_at"),
    queries.list_reviews,
    labels={
        "revision": _("Rounds returned"),
        "step_name": _("Step"),
        "employee": _("Signed by"),
        "agreed": _("Agrees"),
        "opinion": _("Opinion"),
        "signed_at": _("Signed at"),
    },
)
DISCOUNT_SLOTS = (WHY_DISCOUNT, OPINIONS)


def to_decide(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the discounts that the actor has to decide."""
    return _todos(actor, "approve", DiscountState.DECIDING, _("Decide on the discount"))


def to_report(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the reviewed discounts that have to be reported to the general manager today."""
    return _todos(actor, "forward", DiscountState.REVIEWED, _("Report it to the general manager"))


def to_issue(actor: User, now: dt.datetime) -> list[Todo]:
    """Return the approved discounts that have to be issued today."""
    return _todos(actor, "issue", DiscountState.APPROVED, _("Issue it to the salesperson"))


def _todos(actor: User, verb: str, state: DiscountState, note: Text) -> list[Todo]:
    return [
        Todo(title=str(one), resource=queries.DISCOUNT, record_id=one.id, due=queries.due_of_discount(one), note=note)
        for one in queries.list_discounts_for(actor, verb=verb, state=state)
        if state is not DiscountState.DECIDING or decides(one, actor=actor) is None
    ]


DISCOUNT_TODOS = (
    TodoList("orders.discounts_to_decide", _("Discounts to decide"), "clipboard-check", queries.DISCOUNT, to_decide),
    TodoList("orders.discounts_to_report", _("Discounts to report"), "send", queries.DISCOUNT, to_report),
    TodoList("orders.discounts_to_issue", _("Discounts to issue"), "send", queries.DISCOUNT, to_issue),
)


def discount_deadlines(asked: Span) -> Iterator[Deadline]:
    """Yield the same-day limits of discounts: the report to the general manager, and the issue (P:PRI-06, P:PRI-08)."""
    for one, step, due, done in queries.discount_limits(asked):
        yield Deadline(
            document=str(one),
            resource=queries.DISCOUNT,
            record_id=one.id,
            step=step,
            holder=one.owner,
            org_unit_id=one.org_unit_id,
            due=due,
            done=done,
        )


DISCOUNT_CLOCK = Clock("orders.discounts", queries.DISCOUNT, discount_deadlines)
