"""The translations that a request reads."""

from typing import Any

from flask import Flask, g, has_app_context
from flask_babel import Domain


class Catalogue(Domain):
    """Finds the translations once a request; Flask-Babel looks them up again for each of a page's hundreds of texts."""

    def get_translations(self) -> Any:
        """Return the translations for whoever asks. Flask-Babel itself forgets them when the language changes."""
        kept = g.get("_flask_babel") if has_app_context() else None
        found = getattr(kept, "babel_translations", None)
        if found is None:
            found = super().get_translations()
            if kept is not None:
                kept.babel_translations = found
        return found


def install_catalogue(app: Flask) -> None:
    """Make an app read its translations so. Call it once Flask-Babel is there."""
    app.extensions["babel"].instance.domain_instance = Catalogue()
