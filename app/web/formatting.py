"""How values look on a screen: cells, badges, avatars."""

import datetime as dt
import enum
import hashlib
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import Role
from flask_babel import format_date, format_timedelta, get_locale, gettext
from markupsafe import Markup, escape

from app.companies.clock import active_zone
from app.database.context import active_company
from app.i18n import humanize, member_words, translated
from app.security.wording import role_words

_DASH = Markup("–")
_MUTED = Markup('class="'), Markup('class="muted ')
NOTHING = Markup('<span class="muted">{}</span>').format(_DASH)

# Which colour a state has, unless its enum says otherwise with __tones__ = {"value": "tone"}.
TONES = {
    tone: words.split()
    for tone, words in {
        "blue": "open confirmed running sent planned booked called started new in_progress answered issued",
        "amber": "pending waiting queued partial paused due expiring reserved review submitted held warning returned "
        "different",
        "green": "done approved active paid delivered invoiced closed won passed present valid checked_in served yes "
        "equal",
        "red": "cancelled rejected failed overdue void lost expired blocked refused error no_show locked terminated",
    }.items()
}
_TONE_OF = {word: tone for tone, words in TONES.items() for word in words}


def tr(text: Any) -> Any:
    """Translate a text that comes from data or code; unlike _() in a template it never formats, so "%" is harmless."""
    return translated(str(text)) if text else text


def icon(name: str | None, classes: str = "") -> Markup:
    """Return an icon of the sprite; it says nothing to screen readers, the text next to it does."""
    markup: Markup = current_app.extensions["assets"].icon(name, classes)
    return markup


def tone_of(value: Any) -> str:
    """Return the colour of a state: gray, blue, amber, green or red."""
    raw = str(value.value) if isinstance(value, enum.Enum) else str(value)
    own: dict[str, str] = getattr(type(value), "__tones__", {})
    return own.get(raw) or _TONE_OF.get(raw, "gray")


def label_of(value: Any) -> str:
    """Return the words for a value of a closed set: its own `label`, or its humanised value, translated."""
    if isinstance(value, enum.Enum):
        return str(member_words(value))
    return str(tr(value))


def badge(value: Any, tone: str | None = None) -> Markup:
    """Return a coloured label for a state."""
    return _badge(label_of(value), tone or tone_of(value))


@lru_cache(maxsize=4096)
def _badge(words: str, tone: str) -> Markup:
    return Markup('<span class="badge tone-{}">{}</span>').format(tone, words)


def local(value: dt.datetime) -> dt.datetime:
    """Return an instant on the wall clock of the active company; a naive one is taken as UTC."""
    aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    return aware.astimezone(active_zone()) if active_company() is not None else aware


def date(value: dt.date | None, pattern: str | None = None) -> str:
    """Return a day in the same form in every language, or as the pattern says."""
    if value is None:
        return ""
    return format_date(value, pattern) if pattern else f"{value:%Y-%m-%d}"


def moment(value: dt.datetime | None, pattern: str = "%Y-%m-%d %H:%M") -> str:
    """Return an instant in the time of the active company."""
    return local(value).strftime(pattern) if value else ""


def amount(value: Decimal | float | None, places: int | None = None) -> str:
    """Return a number with thousands separated; a Decimal keeps at least two places, and no useless ones beyond."""
    if value is None:
        return ""
    if places is None and isinstance(value, Decimal):
        # A quantity is kept to 6 places; 12.500000 reads as 12.50, 0.333300 as 0.3333.
        used = -int(value.normalize().as_tuple().exponent or 0) if value.is_finite() else 0
        places = max(2, used)
    return f"{value:,.{places}f}" if places is not None else f"{value:,}"


def compact(value: Decimal | float | None) -> str:
    """Return a large number short: 3.23M, and 322.7 万 in Chinese."""
    number = float(value or 0)
    if lang().startswith("zh"):
        return (
            f"{number / 1e8:,.2f} 亿"
            if abs(number) >= 1e8
            else (f"{number / 1e4:,.1f} 万" if abs(number) >= 1e4 else f"{number:,.0f}")
        )
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size:
            return f"{number / size:,.{1 if letter == 'k' else 2}f}{letter}"
    return f"{number:,.0f}"


def cell(value: Any) -> Any:
    """Return a value the way every generated list and record shows it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        if not value:
            return Markup('<span class="muted" role="img" aria-label="{}">–</span>').format(gettext("No"))
        return icon("check", "yes") + Markup('<span class="sr-only">{}</span>').format(gettext("Yes"))
    if isinstance(value, enum.Enum):
        return badge(value)
    if isinstance(value, Decimal | float):
        return amount(value)
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return date(value)
    if isinstance(value, dt.timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, list | tuple | set | frozenset):
        tags = [Markup('<span class="tag">{}</span>').format(_item_words(item)) for item in value]
        return Markup(" ").join(tags) if tags else NOTHING
    return value


def cells(row: Any, columns: Sequence[tuple[str, Markup, Callable[[Any], Any]]], href: str | None) -> Markup:
    """Return the cells of one row: (name, opening tag, how the value is shown) for each; the first leads to `href`.

    A list asks for hundreds of them: Python writes them in half the time of a template.
    """
    parts: list[str] = []
    for name, plain, shown in columns:
        opening, value = plain, escape(shown(row[name]))
        if value == NOTHING:  # The cell is muted itself: an element less in most rows.
            opening, value = plain.replace(*_MUTED, 1), _DASH
        parts += (opening, f'<a href="{escape(href)}">{value}</a>' if href and not parts else value, "</td>")
    return Markup("".join(parts))  # noqa: S704  # All escaped.


def _item_words(item: Any) -> str:
    """Return one of several in words: FAB's roles are kept as names of code."""
    return role_words(item.name) if isinstance(item, Role) else str(tr(item))


def is_number(value: Any) -> bool:
    """Tell whether a value is set flush right."""
    return isinstance(value, Decimal | int | float) and not isinstance(value, bool | enum.Enum)


def avatar(name: Any, size: str = "") -> Markup:
    """Return a round mark with the initials of a person; its colour follows from the name."""
    text = str(name or "?")
    colour = int(hashlib.sha256(text.encode()).hexdigest()[:4], 16) % 8
    more = f"avatar-{size}" if size else ""
    return Markup('<span class="avatar avatar-{} {}" aria-hidden="true">{}</span>').format(colour, more, initials(text))


def initials(name: str) -> str:
    """Return what stands in an avatar: the last Chinese character, or the first letters of the first and last word."""
    chinese = re.findall(r"[\u4e00-\u9fff]", name)
    if chinese:
        return str(chinese[-1])
    words = name.split() or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def lang() -> str:
    """Return the language of the page as browsers want it."""
    return "zh-CN" if str(get_locale() or "en").startswith("zh") else "en"


def is_wide(value: Any) -> bool:
    """Tell whether a value needs the whole width of a record: long text, or many tags."""
    if isinstance(value, str):
        return len(value) > 60 or "\n" in value
    return isinstance(value, list | tuple | set | frozenset) and len(value) > 3


def job_title(name: str) -> str:
    """Return what people call a job: 'crud.import' is an import."""
    return str(tr(humanize(name.rpartition(".")[2])))


def age(span: dt.timedelta) -> str:
    """Return how long ago something was: '3 days ago'."""
    return format_timedelta(-span, add_direction=True)


def browser_name(agent: str) -> str:
    """Return the browser and the system in a user agent line, as far as a person cares."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(word for word in (browser, system) if word) or agent[:40] or "–"


# The first mark that fits counts: Edge also says Chrome, and Chrome also says Safari.
_BROWSERS = (("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip
