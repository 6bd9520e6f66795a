"""An add-on that a company has switched off, and since when it has not heard what happened."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Model
from app.database.columns import UtcDateTime


class DisabledAddon(Model):
    """One row per company and add-on that was on before; it goes when the add-on has caught up."""

    __tablename__ = "companies_disabled_addon"
    __table_args__ = (UniqueConstraint("company_id", "addon"),)

    company_id: Mapped[int] = mapped_column(ForeignKey("companies_company.id"))
    addon: Mapped[str] = mapped_column(String(40))
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)
