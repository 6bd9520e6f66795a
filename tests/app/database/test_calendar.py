"""Days, weeks, months, quarters and years: where they begin and end."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.database.calendar import Span, first_day_of, first_day_of_text, last_day_of

DAYS = some.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 30))


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.DAY, "2026-02-28", "2026-02-28"),
        (Span.WEEK, "2026-02-23", "2026-03-01"),
        (Span.MONTH, "2026-02-01", "2026-02-28"),
        (Span.QUARTER, "2026-01-01", "2026-03-31"),
        (Span.YEAR, "2026-01-01", "2026-12-31"),
    ],
)
def test_a_span_begins_and_ends(span: Span, first: str, last: str) -> None:
    day = dt.date(2026, 2, 28)

    assert (str(first_day_of(day, span)), str(last_day_of(day, span))) == (first, last)


@given(DAYS, some.sampled_from(Span))
def test_a_day_lies_in_its_span_and_the_next_span_follows(day: dt.date, span: Span) -> None:
    first, last = first_day_of(day, span), last_day_of(day, span)

    assert first <= day <= last
    assert first_day_of(last, span) == first
    assert first_day_of(last + dt.timedelta(days=1), span) == last + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("stored", "zone", "day"),
    [
        ("2026-03-31 15:59:59.999999", "Asia/Shanghai", "2026-03-31"),
        ("2026-03-31 16:00:00.000000", "Asia/Shanghai", "2026-04-01"),
        ("2026-03-29 00:59:00.000000", "Europe/Berlin", "2026-03-29"),
        ("2026-10-25 22:59:00.000000", "Europe/Berlin", "2026-10-25"),
        ("2026-10-25 23:00:00.000000", "Europe/Berlin", "2026-10-26"),
        ("2026-03-31", "", "2026-03-31"),
    ],
)
def test_an_instant_is_read_on_the_wall_clock(stored: str, zone: str, day: str) -> None:
    assert first_day_of_text(stored, "day", zone) == day
