"""Reporting a fault or a wish, and answering it (S:CORE-21, S:CORE-25)."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.database.session import session
from app.errors import ValidationError
from app.feedback.models import FaultKind, FaultReport
from app.i18n import _
from app.notices import NoticeKind, notify

TEXT_LENGTH, PAGE_LENGTH, ANSWER_LENGTH = 4_000, 300, 400
CLOSED = NoticeKind("feedback.closed", _("My report was closed"), "life-buoy")


def report_fault(*, actor: User, kind: FaultKind, text: str, page: str | None, now: dt.datetime) -> FaultReport:
    """Keep what a user reports. Raises ValidationError for a blank or an overlong text (R1, R4)."""
    cleaned = _text(text, "text", TEXT_LENGTH)
    made = FaultReport(
        kind=kind, text=cleaned, page=(page or "")[:PAGE_LENGTH] or None, reporter_id=actor.id, reported_at=now
    )
    session.add(made)
    session.flush()
    return made


def answer_report(report: FaultReport, *, answer: str, now: dt.datetime) -> None:
    """Note the answer, and tell who reported it. Raises ValidationError for a blank or an overlong answer."""
    report.answer, report.closed_at = _text(answer, "answer", ANSWER_LENGTH), now
    notify(
        [report.reporter_id],
        kind=CLOSED,
        text=_("Your report no. %(number)s is closed: %(answer)s"),
        values={"number": report.id, "answer": report.answer},
        now=now,
    )


def list_own_reports(actor: User, *, limit: int = 50) -> list[FaultReport]:
    """Return what this user has reported, the latest first."""
    statement = select(FaultReport).where(FaultReport.reporter_id == actor.id)
    return list(session.scalars(statement.order_by(FaultReport.id.desc()).limit(limit)))


def _text(typed: str, field: str, limit: int) -> str:
    cleaned = typed.replace("\r\n", "\n").replace("\0", "").strip()
    if not cleaned or any("\ud800" <= character <= "\udfff" for character in cleaned):
        raise ValidationError("feedback.blank", _("Write something first."), field=field)
    if len(cleaned) > limit:
        raise ValidationError(
            "feedback.long", _("At most %(limit)s characters."), field=field, limit=limit, length=len(cleaned)
        )
    return cleaned
