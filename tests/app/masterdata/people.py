"""Somebody to act and somebody to write about."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User

from app.database.session import session
from app.masterdata.partners import PartnerDetails

NOW = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)


def actor(world, name="ann"):
    """Return a user of the test world."""
    return session.get_one(User, world.users[name])


def wang(**values):
    """Return the details of one customer; a test changes what it is about."""
    return PartnerDetails(**{"name": "王小明", "phone": "138 0013 8000", "id_no": "11010519491231002x", **values})
