"""One sprite of the icons that the screens use, made at start from the Lucide archive."""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from app.errors import ConfigurationError

# Named from Python (menus, home tiles, tones of messages); those named in templates are read from the templates.
ICONS = frozenset({
    "activity", "archive", "arrow-down", "arrow-left", "arrow-right", "arrow-up", "arrow-up-right", "banknote",
    "bell", "blocks", "book-open", "boxes", "briefcase", "building-2", "calculator", "calendar", "calendar-days",
    "chart-column", "chart-line", "check", "check-check", "chevron-down", "chevron-left", "chevron-right",
    "chevrons-right", "chevrons-up-down", "circle", "circle-check", "circle-dot", "circle-question-mark",
    "clipboard-check", "clipboard-list", "clock", "columns-3", "contact", "copy", "door-open", "download",
    "ellipsis", "eye", "factory", "file-check", "file-pen-line", "file-spreadsheet", "file-text", "flag", "funnel",
    "gauge", "grid-2x2", "hand-coins", "handshake", "hash", "headset", "history", "house", "id-card", "inbox",
    "info", "key", "key-round", "landmark", "languages", "layers", "layout-dashboard", "layout-grid", "life-buoy",
    "link", "list", "list-checks", "list-tree", "lock", "log-in", "log-out", "mail", "map-pin", "megaphone", "menu",
    "message-square", "minus", "moon", "network", "notebook-pen", "package", "paperclip", "pause", "pencil",
    "percent", "phone", "phone-call", "play", "plus", "printer", "puzzle", "qr-code", "receipt", "refresh-cw",
    "rotate-ccw", "route", "save", "scale", "scroll-text", "search", "send", "server-crash", "settings", "shield",
    "shield-alert", "shield-check", "shopping-bag", "shopping-cart", "sliders-horizontal", "sparkles",
    "square-kanban", "square-pen", "star", "store", "sun", "tag", "target", "ticket", "timer", "toggle-right",
    "trash-2",
    "trending-down", "trending-up", "triangle-alert", "truck", "undo-2", "upload", "user", "user-check", "user-cog",
    "user-plus", "user-round", "users", "users-round", "wallet", "warehouse", "wrench", "x", "zap",
})  # fmt: skip

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
        self._names: set[str] = set()
        self.declare(ICONS, by="app/web/icons.py")

    def declare(self, names: Iterable[str], *, by: str) -> None:
        """Put these icons into the sprite. Raises ConfigurationError, naming `by`, for one that does not exist."""
        for name in names:
            if not name or name.split()[-1].startswith("fa-"):
                continue
            if name not in self._available:
                raise ConfigurationError(f"{by}: there is no Lucide icon named {name!r}")
            self._names.add(name)

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
    return set(re.findall(r"""\bicon\(\s*['"]([a-z0-9-]+)['"]""", template)) - {"logo"}


def _symbol(name: str, svg: str) -> str:
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    flat = re.sub(r"\n\s*", "", body)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{flat}</symbol>'
