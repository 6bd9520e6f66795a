"""The page of policy values: what holds today, what is to come, and a form that says what is wrong with a value."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.by_turns

Login = Callable[..., FlaskClient]
PAGE = "/parameters/values/"
SET = f"{PAGE}set"
KEY = "core.import_max_rows"


@pytest.fixture
def root(world: Any, login: Login) -> FlaskClient:
    """The administrator in company one."""
    return login("root", world.one)


@pytest.fixture
def values(world: Any, run_in: Any) -> Callable[[], list[Any]]:
    """Return a function that reads what company one has decided."""
    from app.parameters.registry import get_parameter, list_values

    return lambda: run_in(world.one, lambda: list_values(get_parameter(KEY)))


@pytest.mark.rule("P:COR-03")
def test_a_value_is_set_from_a_day_on(root: FlaskClient, values: Any) -> None:
    page = root.get(PAGE).text
    assert KEY in page
    assert "5000" in page
    assert "Default" in page
    assert "S:CORE-13" in root.get(f"{PAGE}body", query_string={"key": KEY}).text

    for day, value in (("2026-01-01", "700"), ("2199年1月1日", "９００")):
        answer = root.post(SET, data={"key": KEY, "value": value, "valid_from": day})
        assert answer.status_code == 302, answer.text
    assert values() == [(dt.date(2199, 1, 1), 900), (dt.date(2026, 1, 1), 700)]
    page = root.get(PAGE).text
    assert "since 2026-01-01" in page
    assert "Changes on 2199-01-01" in page


@pytest.mark.parametrize(
    ("value", "day", "wrong"),
    [
        ("many", "2026-01-01", "must be a whole number"),
        ("", "2026-01-01", "is required"),
        ("0", "2026-01-01", "must be at least 1"),
        ("200001", "2026-01-01", "must be at most 200000"),
        ("10", "", "This field is required"),
        ("10", "2026-02-30", "2026-02-30"),
        ("10", "2025-01-01", "has a value from 2025-01-01 on already"),
        ("<b>", "2026-01-01", "must be a whole number"),
    ],
)
def test_a_bad_value_is_refused_on_its_field(root: FlaskClient, values: Any, value: str, day: str, wrong: str) -> None:
    root.post(SET, data={"key": KEY, "value": "10", "valid_from": "2025-01-01"})
    answer = root.post(SET, data={"key": KEY, "value": value, "valid_from": day})

    assert answer.status_code in (409, 422)
    assert wrong in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert '<b>"' not in answer.text
    assert f'name="value" value="{"&lt;b&gt;" if value == "<b>" else value}"' in answer.text
    assert f'name="valid_from" value="{day}"' in answer.text
    assert values() == [(dt.date(2025, 1, 1), 10)]


def test_what_is_folded_comes_when_it_is_opened(root: FlaskClient) -> None:
    every, few = root.get(PAGE).text, root.get(PAGE, query_string={"q": KEY}).text
    body = root.get(f"{PAGE}body", query_string={"q": "rows", "key": KEY}).text

    assert 'name="valid_from"' not in every
    assert f"/body?q=&amp;key={KEY}" in every
    assert 'name="valid_from"' in few
    assert f'<input type="hidden" name="key" value="{KEY}"><input type="hidden" name="q" value="rows">' in body
    assert "<html" not in body
    assert root.get(f"{PAGE}body", query_string={"key": "no.such"}).status_code == 404


def test_what_is_searched_for(root: FlaskClient) -> None:
    assert KEY in root.get(PAGE, query_string={"q": "IMPORT"}).text
    nothing = root.get(PAGE, query_string={"q": "<zebra>"}).text
    assert f'id="{KEY}"' not in nothing
    assert "Nothing found." in nothing
    assert "<zebra>" not in nothing


def test_only_those_with_the_right(world: Any, login: Login, root: FlaskClient, values: Any) -> None:
    data = {"key": KEY, "value": "10", "valid_from": "2026-01-01"}
    eve = login("eve", world.one)
    assert KEY not in eve.get(PAGE).text
    eve.post(SET, data=data)
    for wrong in ({**data, "key": "no.such"}, {**data, "key": "\0"}, {**data, "key": "reception.turn_mode"}):
        assert root.post(SET, data=wrong).status_code == 404
    assert root.post(f"{PAGE}unset", data=data).status_code == 404
    assert values() == []


def test_a_parameter_without_a_value_must_be_filled(world: Any, root: FlaskClient, monkeypatch: Any) -> None:
    from app.parameters.parameter import Parameter

    bare: Parameter[Any] = Parameter("core.open_question", list[str], "Open question")
    monkeypatch.setitem(world.app.extensions["parameters"], bare.key, bare)

    def summary() -> str:
        return root.get(PAGE).text.partition(f'id="{bare.key}"')[2].partition("</summary>")[0]  # type: ignore[no-any-return]

    assert "Open question" in summary()
    assert "Must be filled" in summary()
    answer = root.post(SET, data={"key": bare.key, "value": "a\nb", "valid_from": "2026-01-01"})
    assert answer.status_code == 302
    assert "Must be filled" not in summary()
    assert "a, b" in summary()


def test_the_history_says_who_decided_what_and_when(root: FlaskClient) -> None:
    for day, value in (("2025-02-01", "700"), ("2026-02-01", "900")):
        assert root.post(SET, data={"key": KEY, "value": value, "valid_from": day}).status_code == 302

    page = root.get(PAGE, query_string={"q": KEY}).text
    rows = re.findall(
        r"<tr><td>(\d{4}-\d\d-\d\d)</td><td>(?:<b>)?(\d+) rows(?:</b>)?</td><td>([^<]*)</td><td>([^<]+)", page
    )

    assert [row[:3] for row in rows] == [("2026-02-01", "900", "Root Test"), ("2025-02-01", "700", "Root Test")]
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d", row[3]) for row in rows)


def test_a_value_is_found_by_what_a_rule_book_calls_it(root: FlaskClient) -> None:
    page = root.get(PAGE, query_string={"q": "rec.hard_delete"}).text

    assert "core.hard_delete" in page
    assert KEY not in page


@pytest.mark.rule("S:REC-16")
def test_a_list_with_a_closed_set_is_ticked_in_words(root: FlaskClient, world: Any, run_in: Any) -> None:
    from app.parameters.registry import get_parameter, list_values

    key = "core.dup_keys"
    shown = root.get(PAGE, query_string={"q": key, "key": key}).text
    assert re.findall(r'name="value" value="(\w+)" checked> ([\w ]+)<', shown) == [
        ("phone", "Phone"),
        ("tax_no", "Tax no"),
        ("name", "Name"),
    ]
    assert ">Phone, Tax no, Name<" in shown

    sent = {"key": key, "valid_from": "2026-01-01"}
    strange = root.post(SET, data={**sent, "value": ["phone", "shoe_size"]})
    assert strange.status_code == 422
    assert "must be one of: phone, tax_no, name." in strange.text
    box = strange.text.partition(f'id="{key}"')[2].partition("</details>")[0]
    assert re.findall(r'name="value" value="(\w+)" checked', box) == ["phone"], "What was ticked is kept."
    assert root.post(SET, data={**sent, "value": ["phone", "name"]}).status_code == 302
    assert root.post(SET, data={**sent, "valid_from": "2026-02-01"}).status_code == 302, "None ticked is an empty list."

    decided = run_in(world.one, lambda: [value for _day, value in list_values(get_parameter(key))])
    assert decided == [[], ["phone", "name"]]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("core.dashboard_roles", "companies_administrator", "Company administrator"),
        ("core.attachment_types", "pdf", "pdf"),
    ],
)
def test_what_can_be_chosen_is_ticked_and_nothing_else_is_taken(
    root: FlaskClient, key: str, value: str, words: str
) -> None:
    page = root.get(PAGE, query_string={"q": key}).text
    assert f'<input type="checkbox" name="value" value="{value}"> {words}</label>' in page
    wrong = root.post(SET, data={"key": key, "value": "no such", "valid_from": "2026-01-01"})
    assert (wrong.status_code, "must be one of" in wrong.text) == (422, True)
    assert root.post(SET, data={"key": key, "value": value, "valid_from": "2026-01-01"}).status_code == 302
    shown = root.get(PAGE, query_string={"q": key}).text
    assert f">{words}<" in shown
