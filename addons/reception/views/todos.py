"""What waits for consultants, supervisors and the manager on the to-do list (S:CORE-11)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from addons.reception import queries
from addons.reception.choices import CustomerState
from addons.reception.models import Customer, EntryAudit, Grading
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.workflow import Clock, Todo, TodoList

CUSTOMER = "reception.Customer"


def _entries(found: list[Customer], due: Callable[[Customer], dt.date | dt.datetime | None], note: Text) -> list[Todo]:
    return [Todo(title=str(one), resource=CUSTOMER, record_id=one.id, due=due(one), note=note) for one in found]


def first_contacts(actor: User, now: dt.datetime) -> list[Todo]:
    """Return whom the actor has to follow up for the first time (P:CRM-11)."""
    mine = queries.list_own(queries.first_contacts(), Customer, actor=actor)
    return _entries(mine, queries.first_contact_due, _("First follow-up"))


def contacts(actor: User, now: dt.datetime) -> list[Todo]:
    """Return which of the actor's customers are to be contacted again (P:CRM-11)."""
    today = queries.local_day(now)
    mine = queries.list_own(queries.due_contacts(today), Customer, actor=actor)

    def due(customer: Customer) -> dt.date | None:
        found = queries.contact_due(customer, on=today)
        return found.on if found is not None else None

    return _entries(mine, due, _("Contact the customer"))


def reviews(actor: User, now: dt.datetime) -> list[Todo]:
    """Return which of the actor's files are to be reviewed; stale ones say so (P:CRM-13, S:REC-13)."""
    today = queries.local_day(now)
    mine = queries.list_own(queries.due_reviews(today), Customer, actor=actor)
    return [
        Todo(
            title=str(one),
            resource=CUSTOMER,
            record_id=one.id,
            due=queries.review_due(one, on=today),
            note=_("The file is stale: nobody has looked at it for long.")
            if queries.is_stale(one, on=today)
            else _("Review the file"),
        )
        for one in mine
    ]


def negotiations(actor: User, now: dt.datetime) -> list[Todo]:
    """Return with which of his registered customers the actor has to prepare a negotiation (P:CRM-06)."""
    registered = queries.without_negotiation(queries.in_states(CustomerState.REGISTERED, CustomerState.CONFIRMED))
    mine = queries.list_own(registered, Customer, actor=actor)
    return _entries(mine, lambda _customer: None, _("Registered: prepare the negotiation"))


def registrations(actor: User, now: dt.datetime) -> list[Todo]:
    """Return which files wait for the actor to register them (P:CRM-06)."""
    found = queries.list_reached(queries.waiting_for_register(), Customer, actor=actor, verb="register")
    return _entries(found, queries.register_due, _("Register the file"))


def returned_entries(actor: User, now: dt.datetime) -> list[Todo]:
    """Return which of the actor's entries the manager gave back, with the reason (S:REC-10)."""
    mine: list[Any] = queries.list_own(queries.returned_entries(), EntryAudit, actor=actor)
    return [
        Todo(title=str(one), resource="reception.EntryAudit", record_id=one.id, note=one.returned_because or "")
        for one in mine
    ]


def audits(actor: User, now: dt.datetime) -> list[Todo]:
    """Return which entries wait for the actor's audit (S:REC-10)."""
    found: list[Any] = queries.list_reached(queries.pending_entries(), EntryAudit, actor=actor, verb="verify")
    return [
        Todo(title=str(one), resource="reception.EntryAudit", record_id=one.id, note=_("Audit the entry"))
        for one in found
    ]


def gradings(actor: User, now: dt.datetime) -> list[Todo]:
    """Return which proposed grades wait for the actor (S:REC-09)."""
    found: list[Any] = queries.list_reached(queries.open_proposals(), Grading, actor=actor, verb="accept")
    return [
        Todo(
            title=str(one),
            resource="reception.Grading",
            record_id=one.id,
            due=queries.quarter_end(one.on),
            note=_("Decide on the proposed grade"),
        )
        for one in found
    ]


TODO_LISTS = (
    TodoList("reception.first_contacts", _("First follow-ups"), "user-plus", CUSTOMER, first_contacts),
    TodoList("reception.contacts", _("Contacts due"), "phone", CUSTOMER, contacts),
    TodoList("reception.negotiations", _("Negotiations to prepare"), "handshake", CUSTOMER, negotiations),
    TodoList("reception.registrations", _("Files to register"), "book-open", CUSTOMER, registrations),
    TodoList("reception.returned", _("Returned entries"), "undo-2", "reception.EntryAudit", returned_entries),
    TodoList("reception.audits", _("Entries to audit"), "clipboard-check", "reception.EntryAudit", audits),
    TodoList("reception.gradings", _("Grades to decide on"), "chart-column", "reception.Grading", gradings),
    TodoList("reception.reviews", _("Files to review"), "check-check", CUSTOMER, reviews),
)

CLOCKS = (
    Clock("reception.files", CUSTOMER, queries.late_files),
    Clock("reception.registrations", CUSTOMER, queries.late_registrations),
    Clock("reception.first_contacts", CUSTOMER, queries.late_first_contacts),
)
