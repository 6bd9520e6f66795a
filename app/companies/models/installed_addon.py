"""The version of an add-on that the tables were last brought up by."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Model
from app.database.columns import UtcDateTime


class InstalledAddon(Model):
    """One row per installed add-on: what the Apps page compares with the files, and what forbids older files."""

    __tablename__ = "companies_installed_addon"

    addon: Mapped[str] = mapped_column(String(40), unique=True)
    version: Mapped[str] = mapped_column(String(20))
    upgraded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
