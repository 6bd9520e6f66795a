"""The number that tells every process that the installed code has changed, and that it must start anew."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app.companies.models import CacheVersion
from app.database.upsert import update_or_insert

CODE = "code"


def announce_code_change(connection: Connection) -> None:
    """Have every web process and worker start anew within seconds: add-ons came, went or were upgraded."""
    # The increment happens in SQL, so that two changes at once cannot lose one.
    raised = sa.update(CacheVersion).where(CacheVersion.name == CODE).values(number=CacheVersion.number + 1)
    update_or_insert(connection, raised, sa.insert(CacheVersion).values(name=CODE, number=1))


def code_version(connection: Connection) -> int:
    """Return the present number; 0 before the first release."""
    return connection.scalar(sa.select(CacheVersion.number).where(CacheVersion.name == CODE)) or 0
