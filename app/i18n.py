"""Marking text for translation, from the lowest layer up.

`_("Left at must be after %(limit)s.")` is lazy: it is worded in the language of whoever reads it.
"""

import re
from functools import lru_cache

from flask_babel import LazyString, lazy_gettext

__all__ = ["LazyString", "_", "humanize", "message_key"]


def _(text: str) -> LazyString:
    """Mark a text for translation. Data is filled in later, so a '%' in data is harmless."""
    return lazy_gettext(text)


def message_key(text: LazyString) -> str:
    """Return the English text of a marked one: what a row keeps that is translated for each of its readers."""
    key: str = text._args[0]  # noqa: SLF001  # Flask-Babel has no public way to it.
    return key


@lru_cache(maxsize=4096)
def humanize(name: str) -> str:
    """Return the English label of a column, state or class: 'arrived_at' becomes 'Arrived at', 'OrgUnit' 'Org unit'.

    Labels made this way are collected into the catalogue by `flask translations collect`.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("_id").replace("_", " "))
    return words.strip().capitalize()
