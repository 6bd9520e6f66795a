"""Arguments from forms and JSON: every type, every way to get it wrong."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import pytest
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.errors import ConfigurationError, ValidationError
from app.workflow.arguments import Amount, LongText, MaxLength, arguments_of, load
from tests.app.workflow.slips import Slip


class Colour(StrEnum):
    """A choice."""

    RED = "red"
    BLUE = "blue"


def service(
    slip: Slip,
    *,
    actor: User,
    now: dt.datetime,
    name: str,
    count: int | None = None,
    fee: Decimal | None = None,
    day: dt.date | None = None,
    at: dt.datetime | None = None,
    colour: Colour | None = None,
    urgent: bool = False,
    other: Slip | None = None,
    tags: list[str] | None = None,
    others: list[Slip] | None = None,
    code: Annotated[str, MaxLength(3)] = "new",
    reason: LongText | None = None,
) -> None:
    """Take everything there is."""


ARGUMENTS = arguments_of(service)
UTC = dt.UTC


def test_the_actor_the_document_and_the_clock_are_not_asked_for():
    assert list(ARGUMENTS) == [
        "name",
        "count",
        "fee",
        "day",
        "at",
        "colour",
        "urgent",
        "other",
        "tags",
        "others",
        "code",
        "reason",
    ]
    assert [name for name, argument in ARGUMENTS.items() if argument.is_required] == ["name"]


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("name", "  王 ", "王"),
        ("name", "a\0b\u200b", "ab"),
        ("count", "１２", 12),
        ("count", "-3", -3),
        ("fee", "1.50", Decimal("1.50")),
        ("fee", "1,234.5", Decimal("1234.5")),
        ("fee", "１．５", Decimal("1.5")),
        ("day", "2026-03-02", dt.date(2026, 3, 2)),
        ("day", "2026/3/2", dt.date(2026, 3, 2)),
        ("day", "2026年3月2日", dt.date(2026, 3, 2)),
        ("day", "２０２６．３．２", dt.date(2026, 3, 2)),
        ("at", "2026-03-02T10:00:00+00:00", dt.datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        ("colour", "red", Colour.RED),
        ("urgent", "y", True),
        ("urgent", "off", False),
        ("urgent", "", False),
        ("count", " ", None),
        ("code", "abc", "abc"),
        ("tags", "a\r\n b \n\nc", ["a", "b", "c"]),
        ("reason", "x" * 4000, "x" * 4000),
    ],
)
def test_what_was_typed_is_read(name, raw, value):
    found = load(MultiDict({"name": "n", "csrf_token": "t", name: raw}), ARGUMENTS)

    assert found.get(name) == value


def test_a_time_without_an_offset_is_the_wall_clock_of_the_company(in_one):
    def read(raw):
        return in_one(lambda: load({"name": "n", "at": raw}, ARGUMENTS)["at"])

    assert read("2026-03-02T10:00") == dt.datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert read("2026年3月2日 10:00:30") == dt.datetime(2026, 3, 2, 2, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("count", 12, 12),
        ("count", 12.0, 12),
        ("fee", 1.5, Decimal("1.5")),
        ("urgent", True, True),
        ("tags", ["a", " "], ["a"]),
        ("day", "2026-03-02", dt.date(2026, 3, 2)),
        ("colour", None, None),
        ("version", 3, None),
    ],
)
def test_json_is_read(name, raw, value):
    found = load({"name": "n", name: raw}, ARGUMENTS)

    assert found.get(name) == value


def test_records_come_by_id(in_one, slip_id):
    typed = MultiDict([("name", "n"), ("other", str(slip_id)), ("others", str(slip_id))])

    found = in_one(lambda: load(typed, ARGUMENTS))

    assert found["other"] is found["others"][0]


def test_a_record_of_another_company_is_no_record(desk, slip_id, run_in):
    for company, missing in ((desk.two, slip_id), (desk.one, 0), (desk.one, -1), (desk.one, slip_id + 1)):
        with pytest.raises(ValidationError) as refused:
            run_in(company, lambda key=missing: load({"name": "n", "other": key}, ARGUMENTS))

        assert (refused.value.code, refused.value.field) == ("argument.invalid", "other")


def test_what_is_not_given_is_left_to_the_service(in_one):
    found = in_one(lambda: load({"name": "n"}, ARGUMENTS))

    assert found == {"name": "n"}


@pytest.mark.parametrize("raw", ["", "   ", "　", None, "\u200b", "\ud800\0"])
def test_a_required_value_is_missing(raw):
    with pytest.raises(ValidationError) as refused:
        load({"name": raw}, ARGUMENTS)

    assert (refused.value.code, refused.value.field) == ("argument.missing", "name")
    assert str(refused.value) == "Name is required."


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("count", "abc"),
        ("count", "1.5"),
        ("count", True),
        ("count", "9" * 30),
        ("count", 2**40),
        ("count", [1, 2]),
        ("count", {}),
        ("fee", "NaN"),
        ("fee", "Infinity"),
        ("fee", float("nan")),
        ("fee", "1e9"),
        ("fee", "1_0"),
        ("fee", "9" * 13),
        ("fee", "1" + "0" * 5000),
        ("day", "2026-02-30"),
        ("day", "yesterday"),
        ("day", "2026-03-02x"),
        ("day", 20260302),
        ("at", "2026-03-02 25:00"),
        ("at", "10:00"),
        ("at", "2026-03-02T10:00:00+99:00"),
        ("colour", "green"),
        ("colour", 1),
        ("urgent", "maybe"),
        ("urgent", 1),
        ("other", 10**30),
        ("other", "x"),
        ("tags", [1]),
        ("name", 5),
        ("name", ["n"]),
        ("fee", "1.1234567"),
    ],
)
def test_a_wrong_value_is_refused_naming_the_field(name, raw):
    with pytest.raises(ValidationError) as refused:
        load({"name": "n", name: raw}, ARGUMENTS)

    assert refused.value.field == name
    assert refused.value.code.partition(".")[0] in ("argument", "input")
    assert str(ARGUMENTS[name].label) in str(refused.value)


@pytest.mark.parametrize(
    ("name", "raw", "limit"),
    [("name", "x" * 201, 200), ("code", "abcd", 3), ("reason", "x" * 4001, 4000), ("tags", ["x"] * 1001, 1000)],
)
def test_too_much_is_refused_naming_the_limit(name, raw, limit):
    with pytest.raises(ValidationError) as refused:
        load({"name": "n", name: raw}, ARGUMENTS)

    assert (refused.value.field, refused.value.data["limit"]) == (name, limit)


@pytest.mark.parametrize(
    ("body", "code"),
    [([], "argument.body"), ("text", "argument.body"), ({"name": "n", "nmae": "m"}, "argument.unknown")],
)
def test_a_wrong_body_is_refused(body, code):
    with pytest.raises(ValidationError) as refused:
        load(body, ARGUMENTS)

    assert refused.value.code == code


def test_a_type_that_no_form_can_carry_stops_the_start():
    def odd(slip: Slip, *, actor: User, shape: dict[str, int]) -> None:
        """Ask for too much."""

    with pytest.raises(ConfigurationError, match="shape"):
        arguments_of(odd)


def test_rest_is_told_what_is_wanted():
    assert [ARGUMENTS[name].to_dict() for name in ("name", "colour", "others")] == [
        {"name": "name", "label": "Name", "type": "string", "list": False, "required": True},
        {
            "name": "colour",
            "label": "Colour",
            "type": "choice",
            "list": False,
            "required": False,
            "choices": ["red", "blue"],
        },
        {"name": "others", "label": "Others", "type": "id", "list": True, "required": False},
    ]


def pay(slip: Slip, *, actor: User, amount: Amount, parts: list[Amount] | None = None) -> None:
    """Take money."""


@pytest.mark.parametrize("raw", ["0.005", "1.100", 1.005, "１．００５"])
@pytest.mark.parametrize("name", ["amount", "parts"])
def test_a_third_decimal_of_money_is_refused_never_rounded(name, raw):
    money = arguments_of(pay)
    for source in ({"amount": "1", name: raw}, MultiDict({"amount": "1", name: str(raw)})):
        with pytest.raises(ValidationError) as refused:
            load(source, money)
        assert (refused.value.code, refused.value.field, refused.value.data["limit"]) == ("input.decimals", name, 2)
    assert load({"amount": "1,234.50", "parts": ["0.01", 2]}, money) == {
        "amount": Decimal("1234.50"),
        "parts": [Decimal("0.01"), Decimal(2)],
    }
    assert money["amount"].to_dict()["decimals"] == 2
