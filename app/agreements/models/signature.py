"""That a member of staff has signed a version of the agreement."""

import datetime as dt
from enum import StrEnum

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agreements.models.agreement_version import AgreementVersion
from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice, many_to_one, reference


class SigningWay(StrEnum):
    """How it was signed."""

    ON_SCREEN = "on_screen"
    PAPER = "paper"


class Signature(CompanyModel):
    """The name as typed, or as it stands on the paper whose scan is attached; never taken back."""

    __tablename__ = "agreements_signature"
    __table_args__ = (UniqueConstraint("company_id", "agreement_id", "user_id"),)

    agreement_id: Mapped[int] = reference("agreements_version", index=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    way: Mapped[SigningWay] = choice(SigningWay, SigningWay.ON_SCREEN)
    language: Mapped[str] = mapped_column(String(5), default="")  # Of the text that was on the screen.
    signed_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(User, foreign_keys=[user_id])
    agreement: Mapped[AgreementVersion] = many_to_one("Signature.agreement_id", "AgreementVersion.id")
