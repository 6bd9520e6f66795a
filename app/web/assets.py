"""Styles, scripts and icons: bundled in memory at start, served under names that change with their content.

A browser may keep such a file for ever, so a warm page loads nothing but its own HTML. There is no node and no build
step: styles are joined in the order of their names, scripts are wrapped one by one so that each keeps its own names.
"""

import functools
import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, url_for
from markupsafe import Markup

from app.errors import ConfigurationError
from app.web.icons import IconSprite

STATIC = Path(__file__).parent.parent / "static"
YEAR = 365 * 24 * 3600
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_WORTH_COMPRESSING = 900  # Bytes; below that, gzip's own header eats the gain.

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    name: str
    body: bytes

    @functools.cached_property
    def digest(self) -> str:
        """The part of the address that changes with the content."""
        return hashlib.sha256(self.body).hexdigest()[:12]

    @functools.cached_property
    def compressed(self) -> bytes:
        """The body as gzip, made once."""
        return gzip.compress(self.body, 9, mtime=0)

    @property
    def content_type(self) -> str:
        """The media type."""
        return f"{_TYPES[Path(self.name).suffix]}; charset=utf-8"


class Assets:
    """All files a page may ask for. `app.extensions["assets"]`."""

    def __init__(self, static: Path = STATIC) -> None:
        self.static = static
        self.icons = IconSprite(static / "vendor" / "lucide.zip")

    @functools.cached_property
    def files(self) -> dict[str, Asset]:
        """Every asset by name; read once, at the first use."""
        bodies = {
            "app.css": join_styles(sorted((self.static / "css").glob("*.css"))),
            "app.js": bundle_scripts({one.stem: one.read_text("utf-8") for one in (self.static / "js").glob("*.js")}),
            "icons.svg": self.icons.build(),
            "favicon.svg": (self.static / "favicon.svg").read_bytes(),
        }
        vendor = {path.name: path.read_bytes() for path in (self.static / "vendor").glob("*.js")}
        return {name: Asset(name, body) for name, body in (bodies | vendor).items()}

    @functools.lru_cache(maxsize=2048)  # noqa: B019  # The assets live as long as the process.
    def icon(self, name: str | None, classes: str) -> Markup:
        """Return an icon of the sprite; made once, because a page has hundreds."""
        address = f"/assets/{self.get('icons.svg').digest}/icons.svg#{self.icons.resolve(name)}"
        return Markup('<svg class="icon {}" aria-hidden="true"><use href="{}"/></svg>').format(classes, address)

    def get(self, name: str) -> Asset:
        """Return an asset; raises ConfigurationError for an unknown one."""
        if name not in self.files:
            raise ConfigurationError(f"no asset is named {name!r}; there are {', '.join(sorted(self.files))}")
        return self.files[name]


def asset(name: str) -> str:
    """Return the address of an asset, to be kept for ever."""
    found: Asset = current_app.extensions["assets"].get(name)
    return url_for("assets.static", digest=found.digest, name=name)


@blueprint.get("/assets/<digest>/<name>")
def static(digest: str, name: str) -> Response:
    """Send an asset. Under an old address the new content is sent, but not to be kept."""
    assets: Assets = current_app.extensions["assets"]
    if name not in assets.files:
        abort(404)
    found = assets.files[name]
    response = Response(found.body, content_type=found.content_type)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(found.compressed)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if digest == found.digest else "no-cache"
    return response


def compress(response: Response) -> Response:
    """Gzip a page or a JSON answer that is long enough."""
    if (
        response.status_code != 200
        or response.direct_passthrough
        or response.is_streamed
        or "Content-Encoding" in response.headers
        or "gzip" not in request.headers.get("Accept-Encoding", "")
        or not (response.mimetype or "").startswith(("text/", "application/json"))
    ):
        return response
    body = response.get_data()
    if len(body) > _WORTH_COMPRESSING:
        response.set_data(gzip.compress(body, 5))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


def join_styles(paths: Iterable[Path]) -> bytes:
    """Return one style sheet, in the order given, without comments and indentation."""
    text = "\n".join(path.read_text("utf-8") for path in paths)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip().encode()


_IMPORT = re.compile(r"""^import \{([^}]*)\} from ["']\./([\w-]+)\.js["'];$""", re.MULTILINE)
_EXPORT = re.compile(r"^export (async function|function|const|let) (\w+)", re.MULTILINE)


def bundle_scripts(sources: dict[str, str]) -> bytes:
    """Return one script out of ES modules, so that a page loads one file and each module keeps its own names.

    Understands what our modules use: `import {a, b} from "./name.js";` on one line, exported functions and constants.
    Raises ConfigurationError for an import of nothing and for a circle.
    """
    ordered = _in_order(sources)
    parts = ['"use strict";', "(() => {", "const modules = {};"]
    parts += [_wrapped(name, sources[name]) for name in ordered]
    parts.append("})();")
    return "\n".join(parts).encode()


def _in_order(sources: dict[str, str]) -> list[str]:
    done: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path or name not in sources:
            raise ConfigurationError(f"scripts: {' imports '.join((*path, name))}: a circle, or no such module")
        if name not in done:
            for match in _IMPORT.finditer(sources[name]):
                visit(match[2], (*path, name))
            done.append(name)

    for name in sorted(sources):
        visit(name, ())
    return done


def _wrapped(name: str, source: str) -> str:
    exported = ", ".join(match[2] for match in _EXPORT.finditer(source))
    body = _IMPORT.sub(lambda match: f'const {{{match[1]}}} = modules["{match[2]}"];', source)
    body = _EXPORT.sub(r"\1 \2", body)
    body = re.sub(r"^\s*(//.*)?\n", "", body, flags=re.MULTILINE)
    body = re.sub(r"/\*\*?\s.*?\*/\n?", "", body, flags=re.DOTALL)
    return f'modules["{name}"] = (() => {{\n{body}return {{{exported}}};\n}})();'
