"""The page of packs and its commands."""

import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.packs.conftest import TEXT

pytestmark = pytest.mark.by_turns

PAGE = "/packs/packs/"
Login = Callable[..., FlaskClient]


@pytest.fixture
def folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A folder with one pack, which takes the place of the product's."""
    from app.packs import reading

    (tmp_path / "visiting.toml").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    return tmp_path


def test_seen_applied_and_rolled_back_on_the_page(world: Any, login: Login, folder: Any) -> None:
    root = login("root", world.two)
    assert "visiting" in root.get(PAGE).text

    page = root.get(PAGE, query_string={"pack": "visiting"}).text
    assert "core.escalate_hours" in page
    assert "far_away" in page
    values = {"pack": "visiting", "seal": re.findall(r'name="seal" value="(\w+)"', page)[0]}
    told = root.post(f"{PAGE}apply", data=values, follow_redirects=True).text
    assert "Applied: 6 changes." in told
    (run,) = re.findall(r'name="run" value="(\d+)"', told)
    assert "Nothing differs" not in root.get(PAGE, query_string={"pack": "visiting"}).text

    told = root.post(f"{PAGE}roll_back", data={"run": run}, follow_redirects=True).text
    assert "The pack was rolled back." in told
    assert 'name="run"' not in told


def test_something_else_than_was_seen_is_refused(world: Any, login: Login, folder: Any) -> None:
    root = login("root", world.two)

    told = root.post(f"{PAGE}apply", data={"pack": "visiting", "seal": "0"}, follow_redirects=True).text

    assert "no longer those that you saw" in told
    assert 'name="run"' not in told


@pytest.mark.parametrize(
    "asked", [{"pack": "../etc"}, {"offer": "7"}, {"pack": "visiting", "valid_from": "2026-02-30"}]
)
def test_what_is_not_there_is_said(world: Any, login: Login, folder: Any, asked: dict[str, str]) -> None:
    answer = login("root", world.two).get(PAGE, query_string=asked)

    assert answer.status_code == 200
    assert 'role="alert"' in answer.text


def upload(client: FlaskClient, content: bytes, name: str = "own.toml", **values: str) -> Any:
    """Send a file to the preview."""
    return client.post(f"{PAGE}preview", data={"file": (io.BytesIO(content), name), **values})


def sent_on(page: str) -> dict[str, str]:
    """Return what the preview sends when it is applied."""
    (text,) = set(re.findall(r'<textarea name="text" hidden>\n(.*?)</textarea>', page, re.DOTALL))
    (name,) = set(re.findall(r'name="file_name" value="([^"]*)"', page))
    (seal,) = re.findall(r'name="seal" value="(\w+)"', page)
    return {"text": html.unescape(text), "file_name": html.unescape(name), "seal": seal}


def test_an_uploaded_pack_is_seen_applied_and_rolled_back(world: Any, login: Login, folder: Any) -> None:
    root = login("root", world.two)
    content = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()

    page = upload(root, content, "C:\\packs\\<b>own</b>.toml")
    assert page.status_code == 200
    assert "<b>own" not in page.text
    assert "core.escalate_hours" in page.text
    values = sent_on(page.text)
    assert "Applied" not in root.get(PAGE).text
    changed = root.post(f"{PAGE}apply", data={**values, "text": TEXT.replace("12", "13")}, follow_redirects=True).text
    assert "no longer those that you saw" in changed
    told = root.post(f"{PAGE}apply", data=values, follow_redirects=True).text
    assert "Applied: 6 changes." in told
    (run,) = re.findall(r'name="run" value="(\d+)"', told)
    assert "The pack was rolled back." in root.post(f"{PAGE}roll_back", data={"run": run}, follow_redirects=True).text


@pytest.mark.parametrize(
    ("content", "name", "wrong"),
    [
        (b"", "own.txt", "A pack is a file that ends in .toml."),
        (b"", "", "Choose a file."),
        (b"#" * (256 * 1024 + 1), "own.toml", "own.toml is larger than 256 KB."),
        (b"\xff\xfe", "own.toml", "own.toml is not written in UTF-8."),
        (b"a = [" + b"[" * 100_000, "own.toml", "own.toml is no TOML"),
        (b"a = \x00", "own.toml", "own.toml is no TOML"),
        (b"[core.parameters]\nescalate_hours = 'x'", "own.toml", "own.toml, [core.parameters] escalate_hours:"),
        (b"[core.parameters]\nno_such = 1", "own.toml", "own.toml, [core.parameters] no_such:"),
    ],
)
def test_a_bad_upload_is_named_and_changes_nothing(
    world: Any, login: Login, content: bytes, name: str, wrong: str
) -> None:
    root = login("root", world.two)

    answer = upload(root, content, name)

    assert answer.status_code == 422
    assert wrong in html.unescape(answer.text)
    assert 'name="seal"' not in answer.text
    assert 'name="run"' not in root.get(PAGE).text


def test_others_neither_see_nor_apply(world: Any, login: Login, folder: Any) -> None:
    ann = login("ann", world.two)

    assert ann.get(PAGE).status_code in (302, 403)
    assert ann.post(f"{PAGE}apply", data={"pack": "visiting"}).status_code in (302, 403)
    assert ann.get(f"{PAGE}export").status_code in (302, 403)
    assert upload(ann, TEXT.encode()).status_code in (302, 403)


def test_the_company_is_exported(world: Any, login: Login) -> None:
    answer = login("root", world.two).get(f"{PAGE}export")

    assert answer.mimetype == "application/toml"
    assert 'title = "Two Farms"' in answer.text


def test_the_commands(world: Any, folder: Any, tmp_path: Any) -> None:
    from app.cli.pack_commands import pack

    def run(*words: str) -> str:
        answer = world.app.test_cli_runner().invoke(pack, words)
        assert answer.exit_code == 0, answer.output
        return str(answer.output)

    who = ("--company", "two", "--by", "root")
    assert "visiting" in run("list")
    assert "[pack]" in run("show", "visiting")
    assert "Skipped, not here: far_away" in run("diff", "visiting", *who)
    assert "Applied: visiting, 6 changes" in run("apply", "visiting", "--yes", *who)
    file = tmp_path / "carried.toml"
    run("export", "--to", str(file), *who)
    assert "escalate_hours" in file.read_text(encoding="utf-8")
    assert "Applied: carried" in run("apply", str(file), "--yes", "--company", "one", "--by", "root")
    assert "Rolled back: visiting" in run("rollback", "--yes", *who)
    refused = world.app.test_cli_runner().invoke(
        pack, ["apply", "visiting", "--yes", "--company", "two", "--by", "ann"]
    )
    assert refused.exit_code == 1
    assert "You need the right" in refused.output


def test_what_was_applied_leaves_as_a_file(world: Any, login: Login, apply: Any) -> None:
    apply(world.two)

    answer = login("root", world.two).get("/list-files/packs-applied.csv")

    assert answer.status_code == 200
    assert answer.text.count("visits_pack") == 6
    assert "12 (" in answer.text


def test_what_an_addon_brings_is_offered_on_both_pages(
    world: Any, login: Login, apply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    setups = world.app.extensions["setups"]
    monkeypatch.setitem(world.app.extensions, "setups", [one for one in setups if one.name != "visits"])
    apply(world.two, TEXT.replace('"bonus", ', ""))
    monkeypatch.setitem(world.app.extensions, "setups", setups)
    root = login("root", world.two)

    for page in (PAGE, "/apps/"):
        shown = root.get(page).text
        assert "also has values for visits, which can be had now" in shown
    (offer,) = re.findall(r"offer=(\d+)", root.get("/apps/").text)
    page = root.get(PAGE, query_string={"offer": offer}).text
    seal = re.findall(r'name="seal" value="(\w+)"', page)[0]
    assert (
        "Applied: 2 changes."
        in root.post(f"{PAGE}apply", data={"offer": offer, "seal": seal}, follow_redirects=True).text
    )
    assert "which can be had now" not in root.get(PAGE).text
