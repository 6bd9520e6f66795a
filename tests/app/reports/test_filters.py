"""What is typed into a report's filters: understood as people write it, refused by name and limit otherwise."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ValidationError
from app.reports import Period, ReportFilter, this_month, today_as_period
from tests.app.reports.deals import Stage

TODAY = dt.date(2026, 3, 15)
DAY = ReportFilter("day", "Day", "date")
SPAN = ReportFilter("span", "Span", "period", longest=31)
NUMBER = ReportFilter("number", "Number", "integer")
AMOUNT = ReportFilter("amount", "Amount", "money")
STAGE = ReportFilter("stage", "Stage", "choice", choices=Stage)
LEVEL = ReportFilter("level", "Level", "choice", choices={"a": "Strong", "b": "Weak"})
FLAG = ReportFilter("flag", "Flag", "bool")
WORD = ReportFilter("word", "Word")


@pytest.mark.parametrize(
    ("asked", "raw", "value"),
    [
        (DAY, {"day": "2026-03-02"}, dt.date(2026, 3, 2)),
        (DAY, {"day": " ２０２６－０３－０２ "}, dt.date(2026, 3, 2)),
        (DAY, {"day": "2026年3月2日"}, dt.date(2026, 3, 2)),
        (DAY, {"day": "2026/3/2"}, dt.date(2026, 3, 2)),
        (DAY, {}, None),
        (DAY, {"day": "\u200b"}, None),
        (SPAN, {"span_from": "2026-03-01", "span_to": "2026-03-31"}, Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))),
        (NUMBER, {"number": "－１２"}, -12),
        (AMOUNT, {"amount": "1,234.50"}, Decimal("1234.50")),
        (STAGE, {"stage": "won"}, Stage.WON),
        (LEVEL, {"level": "b"}, "b"),
        (FLAG, {"flag": "ON"}, True),
        (FLAG, {"flag": "0"}, False),
        (WORD, {"word": "王\u200b小明"}, "王小明"),
    ],
)
def test_input_is_understood(asked, raw, value):
    assert asked.parse(raw, today=TODAY) == value


@pytest.mark.parametrize(
    ("asked", "raw", "code", "field", "message"),
    [
        (
            DAY,
            {"day": "2026-02-30"},
            "date",
            "day",
            "Day: “2026-02-30” is not a day of the calendar. Write it like 2026-03-02.",
        ),
        (DAY, {"day": "%(x)s"}, "date", "day", "Day: “%(x)s” is not a day of the calendar. Write it like 2026-03-02."),
        (
            DAY,
            {"day": "02/03/2026"},
            "date",
            "day",
            "Day: “02/03/2026” is not a day of the calendar. Write it like 2026-03-02.",
        ),
        (SPAN, {"span_from": "2026-03-02"}, "period", "span_to", "Span needs both its first and its last day."),
        (
            SPAN,
            {"span_from": "2026-03-02", "span_to": "2026-03-01"},
            "period_order",
            "span_to",
            "Span: the last day may not be before the first day, 2026-03-02.",
        ),
        (
            SPAN,
            {"span_from": "2026-03-01", "span_to": "2026-04-01"},
            "period_length",
            "span_to",
            "Span may span at most 31 days.",
        ),
        (
            SPAN,
            {"span_from": "2026-13-01", "span_to": "2026-04-01"},
            "date",
            "span_from",
            "Span: “2026-13-01” is not a day of the calendar. Write it like 2026-03-02.",
        ),
        (NUMBER, {"number": "1.5"}, "integer", "number", "Number must be a whole number of at most 18 digits."),
        (NUMBER, {"number": "9" * 5000}, "integer", "number", "Number must be a whole number of at most 18 digits."),
        (NUMBER, {"number": str(2**63)}, "integer", "number", "Number must be a whole number of at most 18 digits."),
        *[
            (
                AMOUNT,
                {"amount": text},
                "money",
                "amount",
                "Amount must be an amount below 10,000,000,000,000 with at most two decimals.",
            )
            for text in ("NaN", "sNaN", "Infinity", "1e999999", "0.001", "10000000000000", "12 yuan")
        ],
        (STAGE, {"stage": "lost"}, "choice", "stage", "Stage must be one of: Open, Won."),
        (LEVEL, {"level": "c"}, "choice", "level", "Level must be one of: Strong, Weak."),
        (FLAG, {"flag": "perhaps"}, "bool", "flag", "Flag must be yes, no."),
        (WORD, {"word": "x" * 201}, "too_long", "word", "Word may have at most 200 characters."),
    ],
)
def test_bad_input_is_refused_with_field_and_limit(asked, raw, code, field, message):
    with pytest.raises(ValidationError) as refused:
        asked.parse(raw, today=TODAY)

    assert (refused.value.code, refused.value.field, str(refused.value)) == (f"reports.filter.{code}", field, message)


def test_the_default_holds_until_it_is_taken_away():
    asked = ReportFilter("span", "Span", "period", default=this_month)

    assert asked.parse({}, today=TODAY) == Period(dt.date(2026, 3, 1), TODAY)
    assert asked.parse({"span_from": "", "span_to": ""}, today=TODAY) is None


def test_a_required_filter_falls_back_to_its_default_and_else_is_refused():
    asked = ReportFilter("span", "Span", "period", default=today_as_period, required=True)
    bare = ReportFilter("span", "Span", "period", required=True)

    assert asked.parse({"span_from": "", "span_to": ""}, today=TODAY) == Period(TODAY, TODAY)
    with pytest.raises(ValidationError) as refused:
        bare.parse({}, today=TODAY)
    assert (refused.value.field, str(refused.value)) == ("span_from", "Span is needed.")


def test_inputs_and_options_for_the_form():
    assert SPAN.input_names == ("span_from", "span_to")
    assert [(value, str(words)) for value, words in STAGE.options] == [("open", "Open"), ("won", "Won")]
    assert LEVEL.options == [("a", "Strong"), ("b", "Weak")]


@given(st.text(max_size=60))
def test_no_text_makes_a_filter_fail_otherwise(text):
    for asked in (DAY, NUMBER, AMOUNT, STAGE, FLAG, WORD):
        with suppress(ValidationError):
            asked.parse({asked.name: text}, today=TODAY)
