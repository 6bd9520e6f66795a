"""User names: an employee number or the initials of a name in pinyin, and one that is still free (S:CORE-01)."""

import re

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.database.session import session
from app.search.pinyin import syllables

NO_MAIL = ".invalid"  # A domain that no mail ever reaches (RFC 2606): the column of addresses must be filled.


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


def no_mail_address(username: str) -> str:
    """Return what stands in the place of the e-mail address of somebody who has none."""
    return f"{username}@no-mail{NO_MAIL}"


def has_mail(user: User) -> bool:
    """Tell whether a user has an address that mail may reach."""
    return bool(user.email) and not user.email.endswith(NO_MAIL)
