"""The front desk page: who is next, who is here, and the day's visitors."""

from typing import Any

from addons.reception import services
from addons.reception.choices import DutyState
from addons.reception.queries import desk_of, find_member, get_queue, present_time, read_day, read_source
from app.sdk.errors import Text, ValidationError
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.views import Page


def take(*, actor: User, values: dict[str, str]) -> Text:
    """Give the visitor at the door to a consultant."""
    reception = services.take_visitor(
        get_queue(values.get("queue", "")),
        actor=actor,
        now=present_time(),
        visitor_name=values.get("visitor_name") or None,
        phone=values.get("phone") or None,
        source_id=read_source(values.get("source", "")),
        member=find_member(values.get("member", "")),
    )
    return str(_("%(name)s receives the visitor.")) % {"name": reception.owner}


def set_duty(*, actor: User, values: dict[str, str]) -> Text | None:
    """Say that a consultant is on duty, rests or is on leave."""
    member = find_member(values.get("member", ""))
    if member is None or values.get("state") not in set(DutyState):
        raise ValidationError("turn.state", _("Choose a consultant and a state."), field="state")
    services.set_duty(member, state=DutyState(values["state"]), actor=actor)
    return None


def print_day(*, actor: User, values: dict[str, str]) -> Text:
    """Mark the day's receptions as printed."""
    rows = services.print_day(read_day(values.get("day", "")), actor=actor, now=present_time())
    return str(_("%(count)s receptions are on the printed record.")) % {"count": rows}


ACTIONS = {"take": ("take", take), "set_duty": ("set_duty", set_duty), "print_day": ("print_day", print_day)}


class DeskPage(Page):
    """The screen of the front desk."""

    resource = "reception.Desk"
    title = _("Front desk")
    template = "reception/desk.html"
    actions = ACTIONS
    kept = ("queue", "day")

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return what the page shows."""
        return desk_of(actor=actor, queue=arguments.get("queue", ""), day=read_day(arguments.get("day", "")))
