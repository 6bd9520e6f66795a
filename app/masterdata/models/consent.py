"""What a partner agreed to, when, and until when (P:CRM-22)."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import UtcDateTime, choice, many_to_one, reference
from app.masterdata.choices import ConsentPurpose
from app.masterdata.models.partner import Partner


class Consent(CompanyModel):
    """One consent to one purpose; a withdrawal ends it and is kept, a new consent is a new row."""

    __tablename__ = "masterdata_consent"
    __quotes__ = ("source",)

    partner_id: Mapped[int] = reference("masterdata_partner")
    purpose: Mapped[ConsentPurpose] = choice(ConsentPurpose)
    given_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # How it was given: a signed notice, a form on the web site, a phone call.
    source: Mapped[str] = mapped_column(String(100))

    partner: Mapped[Partner] = many_to_one("Consent.partner_id", "Partner.id")

    def __str__(self) -> str:
        return self.purpose.value

    def is_in_force(self, now: dt.datetime) -> bool:
        """Tell whether it had been given and not yet withdrawn at an instant."""
        return self.given_at <= now and (self.withdrawn_at is None or now < self.withdrawn_at)
