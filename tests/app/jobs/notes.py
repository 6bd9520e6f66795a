"""A business table whose rows show which work was saved, by whom, and where."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database.base import CompanyModel
from app.database.columns import Money, reference
from app.database.encryption import EncryptedText
from app.database.session import session


class DummyNote(CompanyModel):
    """A note with an amount, a phone that is encrypted, a secret, and lines."""

    __tablename__ = "dummy_note"
    __personal__ = ("pin",)

    text: Mapped[str] = mapped_column(sa.String(80))
    amount: Mapped[Decimal | None] = mapped_column(Money)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    pin: Mapped[str | None] = mapped_column(sa.String(20))

    lines: Mapped[list["DummyNoteLine"]] = relationship(
        primaryjoin="DummyNote.id == foreign(DummyNoteLine.note_id)", cascade="all, delete-orphan"
    )


class DummyNoteLine(CompanyModel):
    """A line of a note."""

    __tablename__ = "dummy_note_line"

    note_id: Mapped[int] = reference("dummy_note")
    text: Mapped[str] = mapped_column(sa.String(80))


class DummyNoise(CompanyModel):
    """A technical row that nobody wants in the log."""

    __tablename__ = "dummy_noise"
    __audit__ = False

    text: Mapped[str] = mapped_column(sa.String(80))


def write_note(text: str) -> DummyNote:
    """Do some work."""
    note = DummyNote(text=text)
    session.add(note)
    session.flush()
    return note


def notes() -> list[str]:
    """Return the work that the active company can see, in order."""
    return list(session.scalars(sa.select(DummyNote.text).order_by(DummyNote.id)))
