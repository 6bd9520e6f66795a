"""Table of the workflow engine."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Id, UtcDateTime
from app.database.erasure import is_erasing
from app.database.personal import Attached
from app.errors import Conflict
from app.i18n import _


class TransitionLog(CompanyModel):
    """What happened to a document: who moved it, when, from where to where, and why.

    Never changed; only a person who is erased disappears from its reasons (P:CRM-22).
    """

    __tablename__ = "workflow_log"
    __table_args__ = (Index(None, "company_id", "resource", "record_id"),)
    __personal__ = ("reason",)
    __quotes__ = ("reason",)
    __attached__ = Attached()
    __audit__ = False  # It is a log itself.

    resource: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int] = mapped_column(Id)
    transition: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))  # None for the system.
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text)


@event.listens_for(TransitionLog, "before_update")
@event.listens_for(TransitionLog, "before_delete")
def _refuse_change(_mapper: object, _connection: object, _row: TransitionLog) -> None:
    if not is_erasing():
        raise Conflict("workflow.log", _("The log of a document is never changed."))
