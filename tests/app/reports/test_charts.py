"""Charts: small, safe, readable without eyes, and honest about odd figures."""

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from app.reports import chart_of
from app.reports.charts import (
    Series,
    bar_chart,
    chart_legend,
    chart_table,
    compact,
    donut_chart,
    horizontal_bar_chart,
    sparkline,
)
from tests.app.reports.deals import BY_STAGE, PLAIN, Stage

MONTHS = [f"{month}月" for month in range(1, 13)]
VALUES = [Decimal(100_000 * month) for month in range(1, 13)]
HOSTILE = '<script>alert("1")</script>&'


def parse(svg):
    """Return the drawing, which must be well-formed XML without a script, an inline style or an outer address."""
    for forbidden in ("<script", "style=", "href", "javascript", " on"):
        assert forbidden not in svg.replace("&lt;script", "")
    return ET.fromstring(str(svg))  # noqa: S314  # Made just now, by us.


def texts(svg):
    return [element.text for element in parse(svg).iter("text")]


def test_bars_with_a_line_stay_small():
    svg = bar_chart(MONTHS, [Series("实际", VALUES)], title="每月收入", line=Series("目标", VALUES))

    drawing = parse(svg)
    assert len(svg.encode()) < 5_000
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == drawing[0].text == "每月收入"
    assert len(drawing.findall(".//path[@class='series-1']")) == 12
    assert len(drawing.find("polyline[@class='line series-2']").get("points").split()) == 12
    assert [text for text in texts(svg) if text.endswith("月")] == MONTHS
    assert drawing.findall("g/title")[11].text == "12月: 实际 1,200,000, 目标 1,200,000"


def test_the_axis_has_round_steps_and_contains_nought():
    assert texts(bar_chart(["a"], [Series("n", [207])], title="t"))[:-1] == ["0", "100", "200", "300"]
    assert texts(bar_chart(["a", "b"], [Series("n", [-15, 40])], title="t"))[:4] == ["-20", "0", "20", "40"]
    assert texts(bar_chart(["a"], [Series("n", [0])], title="t"))[:2] == ["0", "1"]


def test_a_line_breaks_where_a_value_is_missing():
    drawing = parse(bar_chart(["a", "b", "c"], [], title="t", line=Series("n", [1, None, 3])))

    assert len(drawing.findall("polyline")) == 2


def test_many_labels_do_not_overlap():
    labels = [str(number) for number in range(60)]
    shown = texts(bar_chart(labels, [Series("n", [1] * 60)], title="t"))

    assert [text for text in shown if text in labels][-12:] == [str(number) for number in range(0, 60, 5)]


@pytest.mark.parametrize("values", [[1, None, float("nan")], [Decimal("NaN"), float("inf"), 0], [-1, -2, -3]])
def test_odd_figures_draw_something_finite(values):
    labels = ["a", "b", "c"]
    for svg in (
        bar_chart(labels, [Series("n", values)], title="t", line=Series("m", values)),
        horizontal_bar_chart(labels, values, title="t"),
        donut_chart(labels, values, title="t"),
        sparkline(values),
    ):
        parse(svg)
        assert not re.search(r'[ ",](nan|-?inf)', str(svg))


@pytest.mark.parametrize(
    "svg",
    [
        bar_chart([HOSTILE], [Series(HOSTILE, [1])], title=HOSTILE, wording=lambda _value: HOSTILE),
        horizontal_bar_chart([HOSTILE], [1], title=HOSTILE, wording=lambda _value: HOSTILE),
        donut_chart([HOSTILE], [1], title=HOSTILE, centre=HOSTILE, caption=HOSTILE, wording=lambda _value: HOSTILE),
        sparkline([1, 2], title=HOSTILE),
        chart_legend([HOSTILE], line=HOSTILE),
        chart_table([HOSTILE], [Series(HOSTILE, [1])], title=HOSTILE, wording=lambda _value: HOSTILE),
    ],
)
def test_no_text_becomes_markup(svg):
    assert "<script" not in svg
    ET.fromstring(str(svg))  # noqa: S314  # As above.


def test_a_donut_shares_the_whole():
    drawing = parse(donut_chart(["甲", "乙", "丙"], [75, 25, 0], title="t", centre="100"))

    assert [path[0].text for path in drawing.findall("path")] == ["甲: 75 (75.0%)", "乙: 25 (25.0%)"]
    assert [path.get("class") for path in drawing.findall("path")] == ["series-1", "series-2"]


def test_one_part_is_a_whole_ring():
    assert len(parse(donut_chart(["甲"], [5], title="t")).findall("path")) == 1


def test_nothing_to_draw_is_an_empty_drawing():
    assert [
        len(parse(svg))
        for svg in (
            bar_chart([], [], title="t"),
            horizontal_bar_chart([], [], title="t"),
            sparkline([]),
            sparkline([1]),
        )
    ] == [1, 1, 0, 0]
    assert parse(donut_chart([], [], title="t")).findall("path") == []


def test_a_sparkline_without_a_title_is_decoration():
    assert parse(sparkline([1, 2])).get("aria-hidden") == "true"
    assert parse(sparkline([1, 2], title="Trend", colour=3)).attrib["class"] == "sparkline series-3"


def test_the_figures_can_be_read_as_a_table():
    table = ET.fromstring(str(chart_table(["a"], [Series("n", [1]), Series("m", [None])], title="T")))  # noqa: S314

    assert [element.text for element in table.iter() if element.text] == ["T", "n", "m", "a", "1"]


@pytest.mark.parametrize(
    ("value", "text"), [(1_250_000, "1,250,000"), (Decimal("0.50"), "0.5"), (2.0, "2"), (-3, "-3")]
)
def test_amounts_are_worded_shortly(value, text):
    assert compact(value) == text


def test_a_report_is_drawn_as_it_declares():
    rows = [(Stage.OPEN, Decimal("0.30"), 2), (Stage.WON, Decimal("0.30"), 1)]
    drawn = chart_of(BY_STAGE, rows)

    assert drawn.startswith('<div class="legend"><span><i class="legend-mark series-1"></i>Amount</span>')
    assert "<title>Open: Amount 0.3, Number 2</title>" in drawn
    assert chart_of(BY_STAGE, []) is None
    assert chart_of(PLAIN, [("a", Stage.OPEN, Decimal(1), None)]) is None


@pytest.mark.parametrize("kind", ["donut", "horizontal"])
def test_the_other_kinds_of_chart(kind):
    from dataclasses import replace

    report = replace(BY_STAGE, chart=replace(BY_STAGE.chart, kind=kind))

    assert "Open: 0.3" in chart_of(report, [(Stage.OPEN, Decimal("0.30"), 2), (Stage.WON, "•••", 1)])
