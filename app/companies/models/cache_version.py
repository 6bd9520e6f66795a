"""The version of what processes keep in memory."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import Model


class CacheVersion(Model):
    """One number per process cache; a process reloads its cache when the number has moved."""

    __tablename__ = "companies_cache_version"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int] = mapped_column(default=0)
