"""`flask addon new`: a whole small add-on to begin with, which installs and works as it is written."""

import re
import shutil
import tempfile
from pathlib import Path
from string import Template
from typing import Any

from babel.messages.catalog import Catalog

import config
from app.addon_loader.discovery import OWN_FOLDER, find_addons
from app.addon_loader.manifest import RESERVED
from app.errors import ConfigurationError
from app.factory import create_app
from app.i18n import humanize
from app.release import release
from app.release.site import site
from app.web.translation_commands import compile_catalogue, write_catalogue

SKELETON = Path(__file__).parent / "skeleton"
SUFFIX = ".tmpl"
CHINESE = {
    "$title": "$chinese",
    "$nouns": "$chinese",
    "$title: manager": "$chinese管理员",
    "$title: reader": "$chinese查看者",
    "$title per day": "每日$chinese",
    "What $title is for.": "$chinese的用途。",
    "Due on": "到期日",
    "Finish": "完成",
    "Note": "备注",
    "Records": "记录数",
}
_NAME = re.compile(r"[a-z][a-z0-9_]{1,19}")  # Shorter than a manifest allows: names of constraints are made from it.
_NOUN = re.compile(r"[A-Z][A-Za-z0-9]{1,19}")
_TITLE = re.compile(r"[^\"\\/$<>\n]{1,40}")  # It stands between quotes, and names a menu.


def write_addon(name: str, *, title: str = "", chinese: str = "", noun: str = "", folder: Path = OWN_FOLDER) -> Path:
    """Write the add-on with its first migration, and return its folder.

    Raises ConfigurationError for a name that is taken, reserved or misspelt, for a title that cannot stand in code,
    and for a folder that the product does not look into; nothing is written then.
    """
    words = _words(name, title, chinese, noun)
    _refuse_folder(folder)
    if name in find_addons(config.settings()["ADDONS_PATH"]) or (folder / name).exists():
        raise ConfigurationError(f"{name}: there is an add-on or folder of this name already")
    try:
        _write_files(folder / name, words)
        _write_migration(name)
    except BaseException:
        shutil.rmtree(folder / name, ignore_errors=True)
        raise
    return folder / name


def _words(name: str, title: str, chinese: str, noun: str) -> dict[str, str]:
    """Return what stands for the marks of the skeleton."""
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r}: a name has 2 to 20 small letters, digits and underlines: site_visits")
    if name in RESERVED:
        raise ConfigurationError(f"{name}: the platform uses this name")
    title = title.strip() or humanize(name)
    noun = noun or "".join(part.title() for part in name.removesuffix("s").split("_"))
    chinese = chinese.strip() or title
    if not _NOUN.fullmatch(noun):
        raise ConfigurationError(f"--noun {noun!r}: the name of a class has 2 to 20 letters and digits: SiteVisit")
    for option, value in (("--title", title), ("--title-zh", chinese)):
        if not _TITLE.fullmatch(value):
            raise ConfigurationError(f"{option} {value!r}: at most 40 characters, without quotes, slashes and brackets")
    table = re.sub(r"(?<!^)(?=[A-Z])", "_", noun).lower()
    return {"name": name, "title": title, "chinese": chinese, "noun": noun, "nouns": humanize(noun), "table": table}


def _refuse_folder(folder: Path) -> None:
    known = [OWN_FOLDER, *(Path(one) for one in config.settings()["ADDONS_PATH"])]
    if folder.resolve() not in {one.resolve() for one in known}:
        raise ConfigurationError(f"{folder}: add-ons are looked for in {', '.join(map(str, known))} (ADDONS_PATH)")


def _write_files(folder: Path, words: dict[str, str]) -> None:
    (folder / "migrations" / "versions").mkdir(parents=True)
    for file in sorted(SKELETON.glob(f"*{SUFFIX}")):
        text = Template(file.read_text("utf-8")).substitute(words)
        (folder / file.name.removesuffix(SUFFIX)).write_text(text, "utf-8")
    catalogue = Catalog(locale="zh")
    for text, chinese in CHINESE.items():
        catalogue.add(Template(text).substitute(words), Template(chinese).substitute(words))
    path = folder / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
    write_catalogue(path, catalogue)
    compile_catalogue(path)


def _write_migration(name: str) -> None:
    """Compare the models with an empty database, as `flask db revision` does with the one in use."""
    with tempfile.TemporaryDirectory() as place:
        nowhere: dict[str, Any] = {
            "DATA_FOLDER": place, "DATABASE_URL": "", "DATABASE_OWNER_URL": "", "REDIS_URL": "",
        }  # fmt: skip
        release([], **nowhere)
        with create_app([name], **nowhere).app_context(), site(**nowhere) as here:
            here.migrator.write_revision(name, "first tables", f"{name}_0001")
