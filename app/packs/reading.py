"""Reads packs: TOML files with a head and one section for each add-on that they say something about."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask_babel import get_locale

from app.errors import AppError, NotFound, Text, ValidationError
from app.i18n import _

FOLDER = Path(__file__).parents[2] / "packs"
LARGEST = 1_000_000  # Characters of one pack.
LARGEST_UPLOAD = 256 * 1024  # Bytes of an uploaded file; it travels in a form once more when it is applied.
LONGEST_NAME = 80
SUFFIX = ".toml"
HEAD = "pack"
PARTS = ("parameters", "chains", "roles", "numbering", "options")  # What a section may hold.
_PLACE = re.compile(r"at line (\d+), column (\d+)")
_HEAD_KEYS = frozenset({"title", "summary", "addons"})


@dataclass(frozen=True)
class Pack:
    """A pack as it was read; what its sections hold is checked against the installed add-ons when it is planned."""

    name: str
    file: str
    text: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    addons: Sequence[str]
    sections: Mapping[str, Mapping[str, Any]]

    def wrong(self, section: str, key: str, reason: Text | AppError) -> ValidationError:
        """Return the refusal that names file, section and key."""
        return ValidationError(
            "packs.wrong",
            _("%(file)s, [%(section)s] %(key)s: %(reason)s"),
            file=self.file,
            section=section,
            key=key,
            reason=str(reason),
        )


def in_words(texts: Mapping[str, str], otherwise: str = "") -> str:
    """Return the text in the reader's language, else in English."""
    locale = get_locale()
    return texts.get(str(locale.language) if locale else "en") or texts.get("en") or otherwise


def list_packs() -> list[Pack]:
    """Return the packs that come with the product, by name."""
    return [_read_file(path) for path in sorted(FOLDER.glob("*.toml"))]


def find_pack(name: str) -> Pack:
    """Return a pack that comes with the product. Raises NotFound."""
    path = next((one for one in FOLDER.glob("*.toml") if one.stem == name), None)
    if path is None:
        raise NotFound("packs.missing", _("There is no pack “%(name)s”."), name=name[:80])
    return _read_file(path)


def open_pack(name: str) -> Pack:
    """Return a pack by its name, or by the path of its file. Raises NotFound."""
    path = Path(name)
    return _read_file(path) if path.suffix == ".toml" and path.is_file() else find_pack(name)


def read_pack(text: str, *, file: str) -> Pack:
    """Return the pack that a text is. Raises ValidationError naming the file and what is wrong (R1, R4)."""
    if len(text) > LARGEST:
        raise ValidationError(
            "packs.large", _("%(file)s is larger than %(limit)s characters."), file=file, limit=LARGEST
        )
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise _no_toml(file, error) from error
    head = data.pop(HEAD, {})
    pack = Pack(Path(file).stem[:80], file, text, {}, {}, (), data)
    if not isinstance(head, dict):
        raise pack.wrong(HEAD, HEAD, _("This must be a section."))
    for key, value in head.items():
        _check_head(pack, key, value)
    for name, section in data.items():
        _check_section(pack, name, section)
    return Pack(
        pack.name,
        file,
        text,
        _words(head.get("title", "")),
        _words(head.get("summary", "")),
        tuple(head.get("addons", ())),
        data,
    )


def read_upload(content: bytes, *, file: str) -> Pack:
    """Return the pack that somebody uploads, under the name of its file without folders.

    Raises ValidationError for another type of file, one that is too large or not UTF-8, and as `read_pack`.
    """
    name = "".join(sign for sign in re.split(r"[/\\]", file)[-1] if sign.isprintable()).strip()[-LONGEST_NAME:]
    if not name.lower().endswith(SUFFIX) or name.lower() == SUFFIX:
        raise ValidationError("packs.type", _("A pack is a file that ends in %(limit)s."), field="file", limit=SUFFIX)
    if len(content) > LARGEST_UPLOAD:
        raise ValidationError(
            "packs.large_file",
            _("%(file)s is larger than %(limit)s KB."),
            field="file",
            file=name,
            limit=LARGEST_UPLOAD // 1024,
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError("packs.utf8", _("%(file)s is not written in UTF-8."), file=name) from error
    return read_pack(text.replace("\r\n", "\n"), file=name)


def is_table(value: Any) -> bool:
    """Tell whether a value of a pack is a section or an inline table."""
    return isinstance(value, dict)


def read_day(value: Any) -> dt.date | None:
    """Return a day as TOML has it, or None for anything else."""
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None


def _read_file(path: Path) -> Pack:
    try:
        return read_pack(path.read_text(encoding="utf-8"), file=path.name)
    except UnicodeDecodeError as error:
        raise ValidationError("packs.utf8", _("%(file)s is not written in UTF-8."), file=path.name) from error


def _no_toml(file: str, error: Exception) -> ValidationError:
    """Return the refusal of a text that is no TOML. What the reader says is in English, so only the place is taken."""
    place = _PLACE.search(str(error))
    if place is None:
        return ValidationError("packs.toml", _("%(file)s is no TOML."), file=file)
    message = _("%(file)s is no TOML: line %(line)s cannot be read from character %(column)s on.")
    return ValidationError("packs.toml", message, file=file, line=place[1], column=place[2])


def _words(value: Any) -> Mapping[str, str]:
    return {"en": value} if isinstance(value, str) else value


def _check_head(pack: Pack, key: str, value: Any) -> None:
    if key not in _HEAD_KEYS:
        raise pack.wrong(HEAD, key, _("There is no such key."))
    if key == "addons":
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise pack.wrong(HEAD, key, _("This must be a list of texts."))
    elif not isinstance(value, str) and not (is_table(value) and all(isinstance(one, str) for one in value.values())):
        raise pack.wrong(HEAD, key, _("This must be a text, or one for each language."))


def _check_section(pack: Pack, name: str, section: Any) -> None:
    if not is_table(section):
        raise pack.wrong(name, name, _("This must be a section."))
    for key, value in section.items():
        if key not in PARTS:
            raise pack.wrong(name, key, _("There is no such key."))
        if key == "chains":
            if not isinstance(value, list) or not all(is_table(one) for one in value):
                raise pack.wrong(name, key, _("Each chain must be a section in double brackets."))
        elif not is_table(value):
            raise pack.wrong(name, key, _("This must be a section."))
