"""Table of change requests."""

import datetime as dt
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.changes.words import changes_in_words
from app.companies.models import Employee
from app.database.columns import Id, UtcDateTime, choice, many_to_one, reference
from app.database.encryption import EncryptedText
from app.database.personal import Attached
from app.documents.document import Document
from app.security.records import find_visible, model_of, present_actor

LONGEST_REASON = 400
Change = Mapping[str, list[Any]]  # {"old": value, "new": value}, each with its kind, as JSON keeps it.


class ChangeState(StrEnum):
    """How far a request has come. An approved one that could not be applied says why, and can be tried again."""

    __tones__: ClassVar = {"submitted": "blue", "approved": "amber", "applied": "green", "refused": "red"}

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    APPLIED = "applied"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


PENDING = (ChangeState.DRAFT, ChangeState.SUBMITTED, ChangeState.APPROVED)
_PENDING_SQL = sa.text("state IN ('draft', 'submitted', 'approved')")


class ChangeRequest(Document):
    """What shall stand in confirmed fields of a record instead, and why. Its owner is who asks.

    `changes` is {field: {"old": …, "new": …}} as JSON; it is encrypted, because the fields may be. The request holds
    for the version of the record that was seen. A record has one pending request at a time.
    """

    __tablename__ = "changes_request"
    __table_args__ = (
        Index(None, "company_id", "resource", "record_id"),
        Index(
            "uq_changes_request_pending", "company_id", "resource", "record_id",
            unique=True, sqlite_where=_PENDING_SQL, postgresql_where=_PENDING_SQL,
        ),
    )  # fmt: skip
    __title__ = "number"
    __attached__ = Attached()
    __quotes__ = ("reason", "answer", "failure")

    state: Mapped[ChangeState] = choice(ChangeState, ChangeState.DRAFT)
    resource: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int] = mapped_column(Id)
    record_version: Mapped[int]
    changes: Mapped[str] = mapped_column(EncryptedText)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    requester_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True)
    due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # By when it is to be decided.
    submitted_to_id: Mapped[int | None] = reference("companies_employee", nullable=True)  # The responsible head.
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    applied_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(String(LONGEST_REASON))

    requester: Mapped[User] = relationship(User, foreign_keys=[requester_id])
    submitted_to: Mapped[Employee | None] = many_to_one("ChangeRequest.submitted_to_id", "Employee.id")
    decided_by: Mapped[User | None] = relationship(User, foreign_keys=[decided_by_id])

    @property
    def fields(self) -> dict[str, Change]:
        """What is asked for, by field; nothing once the record's personal data was erased."""
        found: dict[str, Change] = json.loads(self.changes) if self.changes else {}
        return found

    @property
    def document(self) -> Any:
        """The record, where the present actor sees it; else None."""
        model = model_of(self.resource)
        return None if model is None else find_visible(model, self.record_id, actor=present_actor())

    @property
    def asked(self) -> str:
        """What is asked for, in words: 'Amount: 50,000.00 → 55,000.00'."""
        return "; ".join(map(str, changes_in_words(self)))

    @staticmethod
    def __takes_part__(user_id: int, _employee_id: int, _day: dt.date) -> sa.ColumnElement[bool]:
        """Return the condition of the requests that somebody made himself."""
        return ChangeRequest.requester_id == user_id

    def __str__(self) -> str:
        return self.number or f"#{self.id}"
