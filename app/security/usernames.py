"""User names: an employee number or the initials of a name in pinyin, and one that is still free (S:CORE-01)."""

import re

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.session import session
from app.search.pinyin import syllables


def initials(name: str) -> str:
    """Return the initials of a name in small letters: '张帅' becomes 'zs', 'Anna Lee' becomes 'al'."""
    words = re.findall(r"[A-Za-z]+|[^\W\d_]", name)  # A Latin word, or one Chinese character.
    return "".join(syllables(word)[0][0] for word in words).lower()


def free_username(wanted: str) -> str:
    """Return the wanted name, or with the smallest number that makes it free: 'zs', 'zs2', 'zs3'."""
    wanted = wanted.strip().lower()
    lower = sa.func.lower(User.username)
    taken = set(session.scalars(sa.select(lower).where(lower.startswith(wanted, autoescape=True))))
    number = 2
    found = wanted
    while found in taken:
        found, number = f"{wanted}{number}", number + 1
    return found
