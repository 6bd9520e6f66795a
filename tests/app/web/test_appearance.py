"""The look: assets, icons, scripts and styles that the content policy allows, formatting, navigation, translations."""

import datetime as dt
import enum
import hashlib
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import flask_appbuilder
import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from app.errors import ConfigurationError
from app.factory import create_app
from app.web import formatting
from app.web.assets import STATIC, Assets, bundle_scripts
from app.web.filter_form import FilterColumn, filter_chips
from app.web.icons import IconSprite, icons_named_in
from app.web.navigation import url_drop, url_with
from app.web.translation_commands import missing_translations

pytestmark = pytest.mark.by_turns

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "app" / "templates"
FAB_TEMPLATES = Path(flask_appbuilder.__file__).parent / "templates"
OURS = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
# Of all FAB templates, those that ours do not replace, with the reason.
NOT_REPLACED: dict[str, str] = {}
# FAB's templates as ours were written against them: an upgrade that changes one is to be looked at.
FAB_DIGEST = "5e8bf3d28f6bf9689e2cafdf092dc2f88a019b617e3a38e34da8737037f989b5"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The product with all its add-ons; its database is empty, since these tests need none."""
    names = [manifest.parent.name for manifest in ROOT.glob("addons/*/__manifest__.py")]
    return create_app(
        names,
        DATA_FOLDER=str(tmp_path_factory.mktemp("site")),
        DEFAULT_LANGUAGE="en",
        TESTING=True,
        SECRET_KEY="test" * 10,
        PERSONAL_DATA_KEY="test" * 10,  # The key is the process's: other tests have data under this one.
    )


class Colour(enum.StrEnum):
    """A closed set of a test."""

    __tones__: ClassVar = {"dark": "red"}

    IN_PROGRESS = "in_progress"
    DARK = "dark"


def test_an_asset_may_be_kept_for_ever_under_its_address(site: Flask) -> None:
    client = site.test_client()
    address = _address(client, "app.css")

    response = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.mimetype == "text/css"


def test_a_logged_in_user_keeps_assets_too(login: Callable[..., FlaskClient]) -> None:
    client = login("ann")

    assert "immutable" in client.get(_address(client, "app.js")).headers["Cache-Control"]


def test_an_old_address_gives_the_new_content_but_not_to_keep(site: Flask) -> None:
    response = site.test_client().get("/assets/000000000000/app.css")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"


def test_there_is_no_other_file_behind_the_address(site: Flask) -> None:
    client = site.test_client()

    for name in ("lucide.zip", "NotoSansSC-Regular.otf", "..%2fextensions.py", "nothing.css"):
        assert client.get(f"/assets/000000000000/{name}").status_code == 404


def test_a_page_is_sent_compressed_where_it_is_worth_it(login: Callable[..., FlaskClient]) -> None:
    response = login("ann").get("/", headers={"Accept-Encoding": "gzip"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_cold_page_weighs_less_than_the_budget(login: Callable[..., FlaskClient]) -> None:
    client = login("ann")
    page = client.get("/").text
    addresses = set(re.findall(r"/assets/[0-9a-f]+/[\w.]+", page))
    gzip = {"Accept-Encoding": "gzip"}

    weight = len(client.get("/", headers=gzip).data) + sum(len(client.get(one, headers=gzip).data) for one in addresses)

    assert len(addresses) + 1 <= 8
    assert weight <= 80_000


def test_no_page_loads_anything_from_elsewhere_or_from_fab(login: Callable[..., FlaskClient]) -> None:
    client = login("ann")

    for page in (client.get("/").text, client.get("/nothing-here").text, client.get("/account/").text):
        assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)
        assert "/static/appbuilder" not in page
        assert "jquery" not in page.lower()


def test_modules_are_bundled_after_those_that_they_import() -> None:
    bundle = bundle_scripts({
        "a": 'import { two } from "./b.js";\nexport function one() { return two(); }\n',
        "b": "// Why.\nexport const two = () => 2;\n",
    }).decode()  # fmt: skip

    assert bundle.index('modules["b"]') < bundle.index('modules["a"]')
    assert 'const { two } = modules["b"];' in bundle
    assert "export" not in bundle
    assert "return {one};" in bundle


@pytest.mark.parametrize("sources", [
    {"a": 'import { b } from "./b.js";\n'},
    {"a": 'import { b } from "./b.js";\n', "b": 'import { a } from "./a.js";\n'},
])  # fmt: skip
def test_a_missing_module_and_a_circle_stop_the_start(sources: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="a imports b"):
        bundle_scripts(sources)


@pytest.mark.parametrize("name", OURS)
def test_a_template_has_nothing_that_the_content_policy_forbids(name: str) -> None:
    source = (TEMPLATES / name).read_text("utf-8")

    assert not re.search(r"\sstyle=|<style|javascript:", source)
    assert not re.search(r"""\son[a-z]+=["']""", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", source)


def test_styles_stay_within_the_oldest_browser() -> None:
    styles = Assets().get("app.css").body.decode()

    for newer in ("color-mix(", "light-dark(", ":has(", "@container", "@layer", "&:", "& "):
        assert newer not in styles


def test_an_icon_that_does_not_exist_stops_the_start_and_names_who_wants_it() -> None:
    sprite = IconSprite(STATIC / "vendor" / "lucide.zip")

    with pytest.raises(ConfigurationError, match=r"visits.*no Lucide icon named 'cheque'"):
        sprite.declare(["cheque"], by="addons/visits")


def test_names_of_font_awesome_and_unknown_ones_still_show_something() -> None:
    sprite = IconSprite(STATIC / "vendor" / "lucide.zip")

    assert sprite.resolve("fa-users") == "users"
    assert sprite.resolve("fa fa-trash") == "trash-2"
    assert sprite.resolve("fa-unheard-of") == sprite.resolve("") == sprite.resolve(None) == "circle"


def test_every_icon_of_the_templates_is_in_the_sprite(site: Flask) -> None:
    sprite = site.extensions["assets"].get("icons.svg").body.decode()

    for name in OURS:
        for icon in icons_named_in((TEMPLATES / name).read_text("utf-8")):
            assert f'id="{icon}"' in sprite, f"{name}: {icon}"


def test_every_template_of_fab_is_replaced() -> None:
    stock = {path.relative_to(FAB_TEMPLATES).as_posix() for path in FAB_TEMPLATES.rglob("*.html")}

    assert stock - set(OURS) == set(NOT_REPLACED)


def test_fab_has_not_changed_the_templates_that_ours_replace() -> None:
    digest = hashlib.sha256()
    for path in sorted(FAB_TEMPLATES.rglob("*.html")):
        digest.update(path.relative_to(FAB_TEMPLATES).as_posix().encode() + path.read_bytes())

    assert digest.hexdigest() == FAB_DIGEST, "compare FAB's templates with ours, then renew FAB_DIGEST"


def test_every_template_compiles(site: Flask) -> None:
    for name in OURS:
        site.jinja_env.get_template(name)


def test_cells_show_values_in_one_way(site: Flask) -> None:
    with site.test_request_context(), force_locale("en"):
        assert formatting.cell(None) == formatting.cell("") == formatting.NOTHING
        assert formatting.cell(Decimal("1234567.5")) == "1,234,567.50"
        assert formatting.cell(Decimal("12.500000")) == "12.50"
        assert formatting.cell(Decimal("0.3333")) == "0.3333"
        assert formatting.cell(Decimal("1E+3")) == "1,000.00"
        assert formatting.cell(dt.date(2026, 3, 2)) == "2026-03-02"
        assert formatting.cell(42) == 42
        assert ">Yes<" in formatting.cell(value=True)
        assert 'aria-label="No"' in formatting.cell(value=False)
        assert "tone-blue" in formatting.cell(Colour.IN_PROGRESS)
        assert ">In progress<" in formatting.cell(Colour.IN_PROGRESS)
        assert "tone-red" in formatting.cell(Colour.DARK)


def test_what_users_typed_is_escaped(site: Flask) -> None:
    with site.test_request_context():
        assert "<b>" not in formatting.cell(["<b>x</b>"])
        assert "<b>" not in formatting.avatar("<b>")
        assert "<script>" not in formatting.badge("<script>")


def test_an_instant_is_shown_in_the_time_of_the_company(run_in: Callable[..., Any], world: SimpleNamespace) -> None:
    instant = dt.datetime(2026, 3, 1, 16, 30, tzinfo=dt.UTC)

    assert run_in(world.one, lambda: formatting.moment(instant)) == "2026-03-02 00:30"


def test_a_percent_sign_in_data_is_no_format(site: Flask) -> None:
    with site.test_request_context():
        assert formatting.tr("100%(x)s 50%") == "100%(x)s 50%"


@pytest.mark.parametrize(("language", "number", "words"), [
    ("en", 1_234, "1.2k"), ("en", Decimal(3_230_000), "3.23M"), ("en", None, "0"),
    ("zh", 1_234, "1,234"), ("zh", 3_227_000, "322.7 万"), ("zh", 250_000_000, "2.50 亿"),
])  # fmt: skip
def test_large_numbers_are_shortened_as_the_language_does(site: Flask, language: str, number: Any, words: str) -> None:
    with site.test_request_context(), force_locale(language):
        assert formatting.compact(number) == words


@pytest.mark.parametrize(("name", "letters"), [
    ("林悦", "悦"), ("Emma Clarke", "EC"), ("ann", "A"), ("", "?"), (" ", "?"),
])  # fmt: skip
def test_initials(name: str, letters: str) -> None:
    assert formatting.initials(name) == letters


@pytest.mark.parametrize(("agent", "words"), [
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/109.0 Safari/537.36 Edg/109.0", "Edge · Windows"),
    ("Mozilla/5.0 (Linux; Android 13) Chrome/109 MicroMessenger/8", "WeChat · Android"),
    ("curl/8.0", "curl/8.0"), ("", "–"),
])  # fmt: skip
def test_browsers_have_names_that_people_know(agent: str, words: str) -> None:
    assert formatting.browser_name(agent) == words


def test_addresses_keep_the_filters_of_a_list(site: Flask) -> None:
    with site.test_request_context("/?_flt_0_state=done&_flt_0_state=open&q=x&page_V=3&end=1"):
        assert url_with(q=None, end=None) == "/?_flt_0_state=done&_flt_0_state=open&page_V=3"
        assert url_drop("_flt_0_state", "open") == "/?q=x&_flt_0_state=done"
        assert url_drop("q") == "/?_flt_0_state=done&_flt_0_state=open"


def test_chips_word_the_filters_and_leave_out_what_makes_no_sense(site: Flask) -> None:
    column = FilterColumn(name="state", label="State", kind="choice", operators=[(0, "is")], choices=[("done", "Done")])

    with site.test_request_context("/?_flt_0_state=done&_flt_9_state=done&_flt_x_state=1&_flt_0_other=1&state=2"):
        assert filter_chips([column]) == [
            {"label": "State", "op": "is", "value": "Done", "key": "_flt_0_state", "raw": "done"}
        ]


def test_the_theme_is_remembered_and_nothing_else_is_taken_from_its_cookie(site: Flask) -> None:
    client = site.test_client()
    client.set_cookie("theme", "dark")
    assert '<html lang="en" data-theme="dark">' in client.get("/login/").text

    client.set_cookie("theme", '"><script>')
    assert 'data-theme="light"' in client.get("/login/").text


def test_a_page_speaks_the_language_of_its_reader(login: Callable[..., FlaskClient]) -> None:
    client = login("ann")

    assert "Hello, Ann Test" in client.get("/").text
    client.get("/lang/zh")
    chinese = client.get("/").text
    assert '<html lang="zh-CN"' in chinese
    assert "您好，Ann Test" in chinese


def test_logging_out_and_switching_company_are_forms(login: Callable[..., FlaskClient], world: SimpleNamespace) -> None:
    page = login("ann", world.one).get("/").text

    assert '<form method="post" action="/logout/">' in page
    assert f'<form method="post" action="/company/{world.two}">' in page
    assert 'href="/logout' not in page


def test_everything_that_the_product_says_is_translated(site: Flask) -> None:
    with site.app_context():
        assert list(missing_translations()) == []


def test_no_translation_loses_or_invents_a_place_for_data() -> None:
    for path in [*ROOT.glob("app/translations/**/*.po"), *ROOT.glob("addons/*/translations/**/*.po")]:
        with path.open("rb") as source:
            for message in read_po(source):
                if message.id:
                    assert _places(message.id) >= _places(message.string), f"{path}: {message.id!r}"


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{[\w:]*\}", text))


def _address(client: FlaskClient, name: str) -> str:
    found = re.search(rf"/assets/[0-9a-f]+/{re.escape(name)}", client.get("/login/", follow_redirects=True).text)
    assert found is not None
    return found[0]


def test_a_blank_cell_of_a_list_is_muted_itself():
    from markupsafe import Markup

    from app.web.formatting import cell, cells

    columns = [("name", Markup('<td class="cell-key">'), cell), ("note", Markup('<td class="">'), cell)]
    shown = cells({"name": None, "note": ""}, columns, "/a?b=1&c=2")
    assert shown == ('<td class="muted cell-key"><a href="/a?b=1&amp;c=2">–</a></td><td class="muted ">–</td>')
    assert (
        cells({"name": "A<b>", "note": 3}, columns, None) == '<td class="cell-key">A&lt;b&gt;</td><td class="">3</td>'
    )
