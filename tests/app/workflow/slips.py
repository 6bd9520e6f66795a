"""A small document with a life of its own: drafted, checked, done or cancelled."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.models import Employee
from app.database.columns import Money, choice
from app.documents.document import Document
from app.errors import ValidationError
from app.parameters.parameter import Parameter
from app.workflow.arguments import LongText
from app.workflow.definition import Workflow
from app.workflow.refusal import Refusal
from app.workflow.transition import Transition

RESOURCE = "slips.Slip"
SHORTEST = Parameter("slips.shortest", int, "Shortest check", unit="min")


class SlipState(StrEnum):
    """Where a slip stands."""

    DRAFT = "draft"
    CHECKED = "checked"
    DONE = "done"
    FILED = "filed"
    CANCELLED = "cancelled"


class Slip(Document):
    """A slip of paper."""

    __tablename__ = "dummy_slip"

    title: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int | None]
    fee: Mapped[Decimal | None] = mapped_column(Money)
    urgent: Mapped[bool] = mapped_column(default=False)
    done_on: Mapped[dt.date | None]
    state: Mapped[SlipState] = choice(SlipState, default=SlipState.DRAFT)

    def __str__(self) -> str:
        return self.title


def long_enough(slip: Slip, *, actor: User, today: dt.date) -> Refusal | None:
    """Refuse a check that was shorter than the company wants."""
    limit = SHORTEST.value(today)
    if (slip.minutes or 0) >= limit:
        return None
    return Refusal(
        "slips.short",
        "Checked for %(minutes)s min; %(limit)s are needed.",
        field="minutes",
        link="/settings/slips.shortest",
        error=ValidationError,
        data={"minutes": slip.minutes, "limit": limit},
    )


SLIP_WORKFLOW = Workflow(
    Slip,
    Transition("check", SlipState.DRAFT, SlipState.CHECKED, "Check", tone="primary"),
    Transition("finish", SlipState.CHECKED, SlipState.DONE, "Finish", guard=long_enough),
    Transition("file", SlipState.DONE, SlipState.FILED, "File"),
    Transition("cancel", (SlipState.DRAFT, SlipState.CHECKED), SlipState.CANCELLED, "Cancel", confirm="Really?"),
    Transition("lapse", SlipState.DRAFT, SlipState.CANCELLED, "Lapse", automatic=True),
    Transition("remind", (SlipState.DRAFT, SlipState.CHECKED), None, "Remind", automatic=True),
)
SLIP_WORKFLOW.resource = RESOURCE


@SLIP_WORKFLOW.transition("check")
def check_slip(slip: Slip, *, actor: User, minutes: int, owner: Employee | None = None) -> None:
    """Record how long it took."""
    if minutes <= 0:
        raise ValidationError("slips.minutes", "At least %(limit)s.", field="minutes", limit=1)
    slip.minutes, slip.owner_id = minutes, owner.id if owner else None


@SLIP_WORKFLOW.transition("finish")
def finish_slip(slip: Slip, *, actor: User, now: dt.datetime, today: dt.date) -> None:
    """Post it."""
    slip.number = f"S{slip.id:04}"
    slip.posted_at, slip.done_on = now, today


@SLIP_WORKFLOW.transition("file")
def file_slip(slip: Slip, *, actor: User) -> None:
    """Put it away."""


@SLIP_WORKFLOW.transition("cancel")
def cancel_slip(slip: Slip, *, actor: User, reason: LongText) -> None:
    """Cancel it."""


@SLIP_WORKFLOW.transition("lapse")
def lapse_slip(slip: Slip, *, actor: User) -> None:
    """Let it go."""


@SLIP_WORKFLOW.transition("remind")
def remind_of_slip(slip: Slip, *, actor: User) -> None:
    """Mark it urgent; it stays where it is."""
    slip.urgent = True
