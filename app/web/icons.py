"""One sprite of the icons that the screens use, made at start from the Lucide archive.

Nobody keeps a list of icons: what code and templates name is found in them. Where an icon is meant for sure
(icon('check') in a template, the icon of a menu entry, a manifest, a button) a wrong name stops the start; elsewhere
every quoted word that happens to be an icon's name is taken along, which costs a few hundred bytes and spares everybody
a declaration.
"""

import functools
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from app.errors import ConfigurationError

# Flask-AppBuilder names Font Awesome icons in its own menu and actions.
FONT_AWESOME = {
    "fa-bar-chart": "chart-column", "fa-bar-chart-o": "chart-column", "fa-calendar": "calendar", "fa-chain": "link",
    "fa-chain-broken": "shield", "fa-check": "check", "fa-cogs": "settings", "fa-copy": "copy", "fa-cubes": "boxes",
    "fa-edit": "pencil", "fa-envelope": "mail", "fa-eye": "eye", "fa-folder-open-o": "archive", "fa-group": "users",
    "fa-home": "house", "fa-key": "key", "fa-link": "link", "fa-list": "list", "fa-list-alt": "list-checks",
    "fa-lock": "lock", "fa-percent": "percent", "fa-pie-chart": "chart-column", "fa-plus": "plus",
    "fa-print": "printer",
    "fa-rocket": "send", "fa-search": "search", "fa-table": "columns-3", "fa-trash": "trash-2", "fa-truck": "truck",
    "fa-user": "user", "fa-user-gear": "user-cog", "fa-user-group": "users-round", "fa-user-plus": "user-plus",
    "fa-users": "users",
}  # fmt: skip

FALLBACK = "circle"
_CALLED = re.compile(r"""\bicon\(\s*['"]([a-z0-9-]+)['"]""")
_QUOTED = re.compile(r"""["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']""")

# An abacus: the tool of the shopkeeper that the product is named after.
_LOGO = (
    '<symbol id="logo" viewBox="0 0 24 24"><path d="M4 4.5h16v15H4zM4 9.6h16M8.2 4.5v15M12 4.5v15M15.8 4.5v15"'
    ' fill="none" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round" opacity=".72"/>'
    '<path d="M6.3 7h3.8M10.1 7h3.8M13.9 7h3.8M6.3 12h3.8M6.3 14.6h3.8M10.1 17.2h3.8M13.9 14.6h3.8M13.9 17.2h3.8"'
    ' stroke="currentColor" stroke-width="2.3" stroke-linecap="butt"/></symbol>'
)


class IconSprite:
    """The declared icons as one SVG file of symbols; every page refers to them by name."""

    def __init__(self, archive: Path) -> None:
        if not archive.is_file():
            raise ConfigurationError(f"{archive} is missing: the set-up fetches it (setup/fetch_assets.py)")
        self.archive = archive
        with zipfile.ZipFile(archive) as files:
            self._available = frozenset(name.removesuffix(".svg") for name in files.namelist())
        self._declared: set[str] = set()
        self._folders: list[Path] = []
        self.declare({*FONT_AWESOME.values(), FALLBACK}, by="app/web/icons.py")

    def declare(self, names: Iterable[str], *, by: str) -> None:
        """Put these icons into the sprite. Raises ConfigurationError, naming `by`, for one that does not exist."""
        for name in names:
            if not name or name.split()[-1].startswith("fa-"):
                continue
            if name not in self._available:
                raise ConfigurationError(f"{by}: there is no Lucide icon named {name!r}")
            self._declared.add(name)

    def read(self, folder: Path) -> None:
        """Put what the templates and the code of a folder name into the sprite; raises ConfigurationError as above."""
        for path in folder.rglob("*.html"):
            self.declare(icons_named_in(path.read_text("utf-8")), by=str(path))
        self._folders.append(folder)

    @functools.cached_property
    def _names(self) -> set[str]:
        """All of them; the code is read when the first page is made, since no word in it can be wrong."""
        paths = [path for folder in self._folders for kind in ("*.html", "*.py") for path in folder.rglob(kind)]
        quoted = (_QUOTED.findall(path.read_text("utf-8")) for path in paths)
        return self._declared.union(*(self._available.intersection(words) for words in quoted))

    def resolve(self, name: str | None) -> str:
        """Return the name of the symbol to show: Font Awesome names are translated, an unknown one is a circle."""
        wanted = (name or "").split()[-1:] or [FALLBACK]
        symbol = FONT_AWESOME.get(wanted[0], wanted[0])
        return symbol if symbol in self._names or symbol == "logo" else FALLBACK

    def build(self) -> bytes:
        """Return the sprite."""
        with zipfile.ZipFile(self.archive) as files:
            symbols = [_symbol(name, files.read(f"{name}.svg").decode()) for name in sorted(self._names)]
        return f'<svg xmlns="http://www.w3.org/2000/svg">{_LOGO}{"".join(symbols)}</svg>'.encode()


def icons_named_in(template: str) -> set[str]:
    """Return the icons that a template names literally, as in icon('check')."""
    return set(_CALLED.findall(template)) - {"logo"}


def _symbol(name: str, svg: str) -> str:
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    flat = re.sub(r"\n\s*", "", body)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{flat}</symbol>'
