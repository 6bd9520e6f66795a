"""Values in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from app.errors import Text
from app.i18n import humanize


def bool_word(value: Any) -> str:
    """Return yes or no; nothing for None."""
    return "" if value is None else gettext("Yes") if value else gettext("No")


def choice_word(value: Any, choices: Mapping[str, Text] | None) -> str:
    """Return a choice's words: those declared, or else its stored value humanised and translated."""
    words = (choices or {}).get(str(value))
    return gettext(humanize(str(value))) if words is None else str(words)
