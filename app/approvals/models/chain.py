"""A version of the approval chain of one transition."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import get_history

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice
from app.errors import Conflict
from app.i18n import _


class ChainState(StrEnum):
    """How far a version has come."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class ApprovalChain(CompanyModel):
    """One numbered version: the rules and steps of a transition. What was activated never changes again.

    Running files keep the version that they began with, so that it can always be said why they took their path.
    """

    __tablename__ = "approvals_chain"
    __title__ = "resource"
    __table_args__ = (
        UniqueConstraint("company_id", "resource", "transition", "number"),
        Index(None, "company_id", "resource", "transition", "state"),
    )

    resource: Mapped[str] = mapped_column(String(80))
    transition: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    state: Mapped[ChainState] = choice(ChainState, ChainState.DRAFT)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    activated_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    activated_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    def __str__(self) -> str:
        return f"{self.resource} {self.transition} {self.number}"


@event.listens_for(ApprovalChain, "before_update")
def _refuse_change(_mapper: object, _connection: object, chain: ApprovalChain) -> None:
    was = get_history(chain, "state").deleted or [chain.state]
    if was[0] is not ChainState.DRAFT and get_history(chain, "definition").has_changes():
        raise Conflict("approval.version", _("An activated version is never changed; make a new one."))
