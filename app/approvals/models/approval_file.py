"""A request for approval, with the path that it takes."""

import datetime as dt
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from app.approvals.models.chain import ApprovalChain
from app.companies.ownership import Owned
from app.database.base import CompanyModel
from app.database.columns import Id, UtcDateTime, choice, many_to_one, reference
from app.database.personal import Attached
from app.database.session import session
from app.errors import Text
from app.i18n import _, humanize
from app.security.records import model_of


class FileState(StrEnum):
    """What became of a request."""

    OPEN = "open"
    APPROVED = "approved"  # All have signed; it is carried out next.
    DONE = "done"
    FAILED = "failed"  # Approved, not carried out.
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class ApprovalFile(Owned, CompanyModel):
    """A transition that somebody asked for, and that others sign before it is done. Its owner is who asked."""

    __tablename__ = "approvals_file"
    __table_args__ = (Index(None, "company_id", "resource", "record_id"), Index(None, "company_id", "state"))
    __title__ = "title"
    __personal__ = ("title", "failure", "facts", "arguments")
    __quotes__ = ("title", "failure", "facts", "arguments", "route")
    __attached__ = Attached()

    resource: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int] = mapped_column(Id)
    transition: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))  # The document's, so that an inbox needs no table but this.
    state: Mapped[FileState] = choice(FileState, FileState.OPEN)
    chain_id: Mapped[int] = reference("approvals_chain")
    rule: Mapped[str] = mapped_column(String(80))  # The name of the rule that fired.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # What it looked at, in words, to explain the path.
    route: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # The steps, with signers who were added on the way.
    step: Mapped[str | None] = mapped_column(String(40))  # The key of the step that it lies at.
    round: Mapped[int] = mapped_column(default=0)  # How often a step was opened; tasks of earlier rounds are past.
    step_name: Mapped[str | None] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    terms_hash: Mapped[str] = mapped_column(String(64))
    requester_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True)
    requested_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(LongText)

    chain: Mapped[ApprovalChain] = many_to_one("ApprovalFile.chain_id", "ApprovalChain.id")

    @property
    def document(self) -> Any:
        """The document itself, for its link; None where it is not there any more."""
        model = model_of(self.resource)
        return session.get(model, self.record_id) if model is not None else None

    @property
    def action(self) -> Text:
        """What is asked for, as its button says."""
        workflow = current_app.extensions["workflows"].get(self.resource)
        transition = workflow.transitions.get(self.transition) if workflow is not None else None
        return transition.label if transition is not None else _(humanize(self.transition))
