"""An announcement, and the units that it is addressed to."""

import datetime as dt

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.companies.models import OrgUnit
from app.database.base import CompanyModel
from app.database.columns import many_to_one, reference


class Announcement(CompanyModel):
    """Shown from the day it is published through the day it expires (None: without end), to its units or to all."""

    __tablename__ = "announcements_announcement"
    __table_args__ = (CheckConstraint("expires_on >= publish_on", name="expires_on"),)
    __quotes__ = ("title", "body")

    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str | None] = mapped_column(Text)
    publish_on: Mapped[dt.date]
    expires_on: Mapped[dt.date | None]

    units: Mapped[list["AnnouncementUnit"]] = relationship(
        primaryjoin="Announcement.id == foreign(AnnouncementUnit.announcement_id)",
        cascade="all, delete-orphan",
        order_by="AnnouncementUnit.id",
    )

    @property
    def addressed_to(self) -> str:
        """The names of the units; empty for all."""
        return ", ".join(unit.org_unit.name for unit in self.units)


class AnnouncementUnit(CompanyModel):
    """A unit that an announcement is addressed to, with all below it."""

    __tablename__ = "announcements_unit"
    __table_args__ = (UniqueConstraint("company_id", "announcement_id", "org_unit_id"),)

    announcement_id: Mapped[int] = reference("announcements_announcement", index=False)
    org_unit_id: Mapped[int] = reference("companies_org_unit")

    org_unit: Mapped[OrgUnit] = many_to_one("AnnouncementUnit.org_unit_id", "OrgUnit.id")
