"""Marking text for translation, from the lowest layer up.

`_("Left at must be after %(limit)s.")` is lazy: it is worded in the language of whoever reads it.
"""

import enum
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.support import Translations
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask_babel import Domain, LazyString, get_locale

__all__ = [
    "LazyString",
    "_",
    "duration_words",
    "humanize",
    "install_catalogue",
    "member_words",
    "message_key",
    "said_by",
    "translated",
]


class Catalogue(Domain):  # type: ignore[misc]  # Flask-Babel is untyped.
    """Finds the translations once a request; Flask-Babel looks them up again for each of a page's hundreds of texts.

    On the screens of an add-on its own catalogue comes first: “Receive” is one thing for guests, another for money.
    """

    def __init__(self) -> None:
        super().__init__()
        self._own: dict[tuple[Path, str], Any] = {}

    def get_translations(self) -> Any:
        """Return the translations for whoever asks. Flask-Babel itself forgets them when the language changes."""
        try:
            found = g._flask_babel.babel_translations  # noqa: SLF001  # Where Flask-Babel keeps its own.
        except (AttributeError, RuntimeError):  # Not asked yet, or outside an app.
            found = None
        if found is None:
            found = self.of_folder(_folder_of_screen())
            if has_app_context() and "_flask_babel" in g:
                g._flask_babel.babel_translations = found  # noqa: SLF001  # As above.
        return found

    def of_folder(self, folder: Path | None) -> Any:
        """Return the catalogue of an add-on over that of all together; the latter alone without a folder."""
        shared, locale = super().get_translations(), str(get_locale())
        if folder is None:
            return shared
        if (folder, locale) not in self._own:
            own = Translations.load(folder, [locale])
            own.add_fallback(shared)
            self._own[folder, locale] = own
        return self._own[folder, locale]


def _folder_of_screen() -> Path | None:
    """Return where the add-on keeps its catalogues whose screen, report or REST is asked for."""
    if not has_request_context():
        return None
    known = current_app.extensions
    addon = known.get("addon_of_blueprint", {}).get(request.blueprint)
    if addon is None:  # A report's name begins with its add-on.
        addon = str((request.view_args or {}).get("name", "")).partition(".")[0]
    return _folder_of(addon)


def _folder_of(addon: str) -> Path | None:
    manifest = current_app.extensions.get("manifests", {}).get(addon)
    return None if manifest is None else manifest.path / "translations"


_CATALOGUE = Catalogue()


def install_catalogue(app: Flask) -> None:
    """Make an app and its templates read translations so. Call it once Flask-Babel is there."""
    app.extensions["babel"].instance.domain_instance = _CATALOGUE
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # Of Jinja's extension for translations.
        lambda text: _CATALOGUE.get_translations().ugettext(text),
        lambda one, many, number: _CATALOGUE.get_translations().ungettext(one, many, number),
        newstyle=True,
    )


class _MarkedText(LazyString):  # type: ignore[misc]  # Flask-Babel is untyped.
    """A text that is translated for its words only: FAB asks all that a view has for marks of its own, at the start."""

    def __getattr__(self, name: str) -> Any:
        if not hasattr(str, name):
            raise AttributeError(name)
        return getattr(str(self), name)


def _(text: str) -> LazyString:
    """Mark a text for translation. Data is filled in later, so a '%' in data is harmless."""
    return _MarkedText(translated, text)


def translated(text: str) -> str:
    """Return a text in the language of whoever reads it, now."""
    found: str = _CATALOGUE.gettext(text)
    return found


def said_by(resource: str, text: str | LazyString) -> LazyString:
    """Return a text that the add-on of this resource translates, on whatever screen it stands.

    Screens of the platform show what many add-ons call otherwise: what an order “received”, a visitor was not.
    """
    key = message_key(text) if isinstance(text, LazyString) else text
    return _MarkedText(_translated_by, key, resource.partition(".")[0])


def _translated_by(text: str, addon: str) -> str:
    folder = _folder_of(addon) if has_app_context() else None
    if folder is None:
        return translated(text)
    found: str = _CATALOGUE.of_folder(folder).ugettext(text)
    return found


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


def member_words(member: enum.Enum) -> LazyString:
    """Return the words for a member of a closed set: its own `label`, or its humanised value."""
    own: LazyString | None = getattr(member, "label", None)
    return _(humanize(str(member.value))) if own is None else own


def duration_words(minutes: int) -> str:
    """Return minutes as days of 24 hours, hours and minutes, those left out that are none: '2 d 5 min'."""
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((_("%(count)s d"), days), (_("%(count)s h"), hours), (_("%(count)s min"), rest))
    words = " ".join(str(unit) % {"count": count} for unit, count in parts if count)
    return words or str(_("%(count)s min")) % {"count": 0}
