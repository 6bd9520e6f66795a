"""What the pages of docs/ and the READMEs name exists: files, headings, commands, settings."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask.cli import FlaskGroup

import config
from app.cli import create_app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("README*.md"), *ROOT.glob("addons/*/README.md")])
_COMMAND = re.compile(r"(?:^|`)flask ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def commands() -> click.Group:
    """All commands of `flask`, without a database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["flask", "release"])
        app = create_app()
    return click.Group("flask", {**FlaskGroup().commands, **app.cli.commands})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    lost = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if not _leads(page, link)]
    assert not lost, f"{page.name} links to what is not there: {lost}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist(page: Path, commands: click.Group) -> None:
    text = page.read_text(encoding="utf-8")
    unknown = [words for words in _COMMAND.findall(text) if not _is_command(commands, words.split())]
    assert not unknown, f"{page.name} names commands that `flask` does not know: {unknown}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_settings_exist(page: Path) -> None:
    named = set(re.findall(r"ZHANGGUI_([A-Z][A-Z0-9_]+)", page.read_text(encoding="utf-8")))
    unknown = sorted(named - set(config.settings()))
    assert not unknown, f"{page.name} names settings that config.py does not have: {unknown}"


def _leads(page: Path, link: str) -> bool:
    path, _hash, anchor = link.partition("#")
    if "://" in link or link.startswith("mailto:"):
        return True
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or anchor in set(_anchors(target))


def _anchors(page: Path) -> Iterator[str]:
    for heading in re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _is_command(group: click.Command, words: list[str]) -> bool:
    """Follow the words into the groups; what comes after a command are its arguments."""
    for word in words:
        if not isinstance(group, click.Group):
            return True
        if word not in group.commands:
            return False
        group = group.commands[word]
    return True
