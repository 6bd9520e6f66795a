"""An add-on that a company has switched on."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Model


class EnabledAddon(Model):
    """One row per company and add-on; no row means off. Read for all companies at once by the cache."""

    __tablename__ = "companies_enabled_addon"
    __table_args__ = (UniqueConstraint("company_id", "addon"),)

    company_id: Mapped[int] = mapped_column(ForeignKey("companies_company.id"))
    addon: Mapped[str] = mapped_column(String(40))
