"""A version of the text that staff sign."""

import datetime as dt

from sqlalchemy import CheckConstraint, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel


class AgreementVersion(CompanyModel):
    """In force from a day until a later one is; never changed, because people have signed it."""

    __tablename__ = "agreements_version"
    __table_args__ = (UniqueConstraint("company_id", "number"), CheckConstraint("length(text_zh) > 0", name="text_zh"))

    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(120))
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[dt.date]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    def text_in(self, language: str) -> str:
        """Return the text for readers of a language; the Chinese one where it was not written in it."""
        return self.text_en if language == "en" and self.text_en else self.text_zh
