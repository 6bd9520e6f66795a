"""Printed reports: Chinese text that can be read back, page after page, the same bytes each time."""

import datetime as dt
import re
from contextlib import closing
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from flask_appbuilder.security.sqla.models import User
from pypdfium2 import PdfDocument

from app.errors import ConfigurationError, ValidationError
from app.reports import Period, ReportArguments, ReportColumn, fonts, print_table, write_pdf
from app.reports.line_breaking import break_lines
from app.reports.page_head import PageHead
from tests.app.reports.deals import FILTERED, Stage

ZONE = ZoneInfo("Asia/Shanghai")
AT = dt.datetime(2026, 3, 2, 9, 5, tzinfo=dt.UTC)
HEAD = PageHead("华清置业有限公司", "接待记录", AT, "林芳", "2026-03-02")
COLUMNS = [
    ReportColumn("name", "来访客户"),
    ReportColumn("note", "接待内容"),
    ReportColumn("amount", "意向金额", "money", total=True),
]


def read(target):
    """Return the text of each page."""
    with closing(PdfDocument(target)) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def print_rows(rows, columns=COLUMNS, **options):
    target = BytesIO()
    print_table(columns, rows, target, head=HEAD, zone=ZONE, **options)
    return read(target)


def size_of(columns, rows):
    target = BytesIO()
    print_table(columns, rows, target, head=HEAD, zone=ZONE)
    with closing(PdfDocument(target)) as document:
        return document[0].get_size()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (1440, "1 d"), (1445, "1 d 5 min"), (4505, "3 d 3 h 5 min")],
)
def test_a_duration_is_printed_in_days_hours_and_minutes(minutes, words):
    (page,) = print_rows([("x", minutes)], [ReportColumn("name", "N"), ReportColumn("late", "Late", "duration")])

    assert f"x {words}".strip() in [line.strip() for line in page.split("\n")]


def test_a_report_is_printed_with_its_head_rows_totals_and_signatures():
    arguments = ReportArguments(
        {"closed": Period(AT.date(), AT.date()), "stage": Stage.WON, "deal": None}, User(), AT.date(), ZONE
    )
    rows = [("看房", Stage.WON, Decimal("1250000.10"), AT), ("签约", Stage.OPEN, Decimal("0.20"), AT)]
    target = BytesIO()
    count = write_pdf(FILTERED, arguments, rows, target, company="华清置业有限公司", printed_at=AT, printed_by="林芳")

    assert count == 2
    assert read(target)[0].split("\n") == [
        "华清置业有限公司",
        "成交记录",
        "Closed: 2026-03-02 · Stage: Won",
        "Printed 2026-03-02 17:05 by 林芳 Page 1 of 1",
        "Title Stage Amount Closed at",
        "看房 Won 1,250,000.10 2026-03-02 17:05",
        "签约 Open 0.20 2026-03-02 17:05",
        "Total 1,250,000.30",
        "编制人 审核人",
    ]
    with closing(PdfDocument(target)) as document:
        metadata = document.get_metadata_dict()
    assert (metadata["Title"], metadata["Author"], metadata["CreationDate"]) == (
        "成交记录",
        "华清置业有限公司",
        "D:20260302090500Z",
    )


def test_the_head_stands_on_every_page_and_every_row_once():
    pages = print_rows([(f"客户{number:03}", "随便看看", Decimal(1)) for number in range(100)])

    assert len(pages) == 4
    for number, page in enumerate(pages, 1):
        assert "来访客户 接待内容 意向金额" in page
        assert f"Page {number} of 4" in page
    together = "\n".join(pages)
    assert [together.count(f"客户{number:03} 随便看看 1.00") for number in range(100)] == [1] * 100
    assert "Total 100.00" in pages[-1]


@pytest.mark.parametrize("count", range(36, 48))
def test_neither_totals_nor_signatures_stand_alone_on_a_page(count):
    pages = print_rows([("客户", "看房", Decimal(1))] * count, signatures=["审核人"])

    assert sum(page.count("客户 看房 1.00") for page in pages) == count
    assert "客户 看房 1.00\n" in pages[-1]
    assert f"Total {count}.00\n" in pages[-1]


def test_few_columns_print_upright_and_many_lie_down():
    width, height = size_of(COLUMNS, [("a", "b", Decimal(1))])
    long_width, long_height = size_of([ReportColumn(f"c{index}") for index in range(9)], [("某" * 12,) * 9])

    assert (round(width), round(height)) == (595, 842)
    assert (round(long_width), round(long_height)) == (842, 595)


def test_thirty_columns_still_fit_on_the_page():
    pages = print_rows([("某某某某",) * 30], [ReportColumn(f"c{index}") for index in range(30)])

    assert pages[0].count("某") == 30 * 4


def test_long_text_wraps_and_goes_on_overleaf():
    text = "".join(f"{number:05}" for number in range(4000))
    pages = print_rows([("客户", text, Decimal(1)), ("另一位", "短", Decimal(2))])

    assert len(pages) > 2
    runs = [run for page in pages for run in re.findall(r"\d{20,}", page)]
    assert text.startswith("".join(runs))
    assert len("".join(runs)) > len(text) - 50
    assert "另一位 短 2.00" in pages[-1]


def test_the_same_report_gives_the_same_bytes():
    def print_once():
        target = BytesIO()
        print_table(COLUMNS, [("王小明", "看房", Decimal(1))], target, head=HEAD, zone=ZONE)
        return target.getvalue()

    assert print_once() == print_once()


def test_only_the_characters_used_are_embedded():
    target = BytesIO()
    print_table(COLUMNS, [("王小明", "看房", Decimal(1))], target, head=HEAD, zone=ZONE)

    assert len(target.getvalue()) < 40_000
    assert b"FontFile" in target.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>&amp;", "<b>&amp;"),
        ("家\u200b庭\u202e", "家庭"),
        ("(a\\b)", "(a\\b)"),
        ("a\x00\x1bb", "ab"),
        ("x😀\U00020bb7", "x□□"),
        ("a\tb", "a b"),
    ],
)
def test_hostile_text_prints(text, shown):
    assert f"\n{shown} end NaN\n" in print_rows([(text, "end", Decimal("NaN"))])[0]


def test_no_rows_say_so():
    assert print_rows([])[0].endswith("来访客户 接待内容 意向金额\nNothing to show.")


def test_too_many_rows_are_refused():
    with pytest.raises(ValidationError) as refused:
        print_rows([("a", "b", Decimal(1))] * 5_001)

    assert refused.value.data == {"limit": 5_000}


def test_the_file_may_be_a_path(tmp_path):
    print_table(COLUMNS, [], tmp_path / "r.pdf", head=HEAD, zone=ZONE)

    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")


def test_a_missing_font_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "_CJK_FONT", tmp_path / "NotoSansSC-Regular.otf")

    with pytest.raises(ConfigurationError, match=r"NotoSansSC-Regular\.otf .* run 'make assets'"):
        fonts.cjk_font_path()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two three", ["one two", "three"]),
        ("看房之后，还想再来", ["看房之后，", "还想再来"]),
        ("abcdefghijkl", ["abcdefgh", "ijkl"]),
        ("看abc房", ["看abc房"]),
        ("a\n\nb", ["a", "", "b"]),
        ("2026-03-02", ["2026-03-", "02"]),
    ],
)
def test_lines_break_where_readers_expect(text, lines):
    assert break_lines(text, 8, lambda char: 1 if char.isascii() else 2) == lines
