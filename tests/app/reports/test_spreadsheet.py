"""Excel files: exact values, nothing that runs, the same sheet as XlsxWriter writes cell by cell."""

import datetime as dt
import re
import zipfile
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from xlsxwriter import Workbook

from app.reports import ReportColumn, spreadsheet, write_sheet
from tests.app.reports.deals import Stage

ZONE = ZoneInfo("Asia/Shanghai")
SHEET = "xl/worksheets/sheet1.xml"
ALL_KINDS = [
    ReportColumn("name", "Name"),
    ReportColumn("number", "Number", "integer"),
    ReportColumn("quantity", "Quantity", "quantity"),
    ReportColumn("amount", "Amount", "money"),
    ReportColumn("share", "Share", "percent"),
    ReportColumn("day", "Day", "date"),
    ReportColumn("at", "At", "datetime"),
    ReportColumn("stage", "Stage", "choice"),
    ReportColumn("flag", "Flag", "bool"),
]
AT = dt.datetime(2026, 3, 2, 9, 5, 30, 250_000, tzinfo=dt.UTC)
ROW = (
    "王小明 & <b>",
    7,
    Decimal("1.500000"),
    Decimal("1234567.89"),
    Decimal("0.125"),
    dt.date(2026, 3, 2),
    AT,
    Stage.WON,
    True,
)


def write(columns, rows, **options):
    target = BytesIO()
    count = write_sheet(columns, rows, target, title="Report", zone=ZONE, **options)
    return target, count


def cells_of(target, sheet=0):
    return [[cell.value for cell in row] for row in load_workbook(target).worksheets[sheet].iter_rows()]


def one_cell(kind, value):
    """Return how a single value arrives: openpyxl's cell."""
    target, _count = write([ReportColumn("a", "A", kind), ReportColumn("b", "B")], [(value, "end")])
    return load_workbook(target).active["A2"]


def test_each_kind_arrives_as_itself():
    target, count = write(ALL_KINDS, [ROW, (None,) * 9])

    sheet = load_workbook(target).active
    assert count == 1 + 1
    assert [cell.value for cell in sheet[2]] == [
        "王小明 & <b>",
        7,
        1.5,
        1234567.89,
        0.125,
        dt.datetime.fromisoformat("2026-03-02 00:00:00"),
        dt.datetime.fromisoformat("2026-03-02 17:05:30.250000"),
        "Won",
        "Yes",
    ]
    assert [cell.number_format for cell in sheet[2]] == [
        "General",
        "#,##0",
        "General",
        "#,##0.00",
        "0.00%",
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm",
        "General",
        "General",
    ]


def test_a_printed_page_fits_and_says_what_it_is():
    sheet = load_workbook(write(ALL_KINDS, [ROW], above=("A & B\nLtd", "Customer: 王小明"))[0]).active
    assert sheet.page_setup.fitToHeight == 0  # As many as it takes; one in width goes without saying.
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    header = sheet.oddHeader
    assert [part.text for part in (header.left, header.center, header.right)] == [
        "A && B Ltd", "&BReport&B", "Customer: 王小明",
    ]  # fmt: skip
    assert sheet.oddFooter.right.text == "Page &P of &N"
    assert [sheet[place].alignment.horizontal for place in ("A1", "B1", "F1", "F2")] == [
        "left",
        "right",
        "left",
        "left",
    ]


def test_what_is_too_wide_or_says_too_much_is_printed_all_the_same():
    wide = [ReportColumn(f"c{number}", width=60) for number in range(5)]
    sheet = load_workbook(write(wide, [], above=("x" * 100, "y" * 200))[0]).active
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is None
    assert (sheet.oddHeader.center.text, sheet.oddHeader.right.text) == ("&BReport", None)  # Excel takes 255 signs.


def test_a_duration_is_a_time_that_excel_sums():
    column = ReportColumn("late", "Late by", "duration", total=True)
    target, _count = write([column], [(90,), (None,), ("•••",), (2 * 1440 + 5,)])

    sheet = load_workbook(target).active
    values = [cell.value for (cell,) in sheet.iter_rows(min_row=2)]
    late = [dt.timedelta(minutes=count) for count in (90, 2885, 2975)]
    assert values == [late[0], None, "•••", *late[1:]]
    assert [sheet[place].number_format for place in ("A2", "A5", "A6")] == ["[h]:mm"] * 3


def test_the_head_is_bold_frozen_and_filtered():
    target, _count = write(ALL_KINDS, [ROW, ROW])

    sheet = load_workbook(target).active
    assert [cell.value for cell in sheet[1]][:3] == ["Name", "Number", "Quantity"]
    assert all(cell.font.bold for cell in sheet[1])
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:I3", "$1:$1")
    assert [sheet.column_dimensions[letter].width > 5 for letter in "ABCDEFGHI"] == [True] * 9


def test_the_sheet_is_what_xlsxwriter_writes_cell_by_cell():
    values = [
        [
            text,
            number,
            Decimal(number) / 3,
            Decimal(number) / 100,
            number / 7,
            dt.date(1900, 2, 27) + dt.timedelta(days=abs(number) % 40_000),
            AT + dt.timedelta(seconds=number % 10**9),
            "Won",
            "Yes",
        ]
        for text, number in [
            ("plain", 1),
            (" kept ", -5),
            ('a&b<c>"d"', 10**14),
            ("line\nline", 0),
            ("_x0041_", 3),
            ("", 12),
            ("=1+1", 99),
            (None, 5),
            ("王小明", 59),
            ("tail ", 60),
            ("😀", 61),
        ]
    ]
    ours, _count = write(ALL_KINDS, values)

    plain = BytesIO()
    with Workbook(plain, {"constant_memory": True}) as workbook:
        write_plainly(workbook, values)

    assert xml_rows(ours) == xml_rows(plain)


def write_plainly(workbook, values):
    """Write the same with XlsxWriter's public calls alone, making the formats in the same order."""
    look = {"bold": True, "bg_color": "#E3F4F0", "bottom": 1, "bottom_color": "#0B7A66"}
    left, right = (workbook.add_format({**look, "align": side}) for side in ("left", "right"))
    quoted = workbook.add_format({"quote_prefix": True})
    patterns = [None, "#,##0", None, "#,##0.00", "0.00%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", None, None]
    formats = [
        pattern and workbook.add_format({"num_format": pattern, **({"align": "left"} if "yy" in pattern else {})})
        for pattern in patterns
    ]
    for each in (quoted, *filter(None, formats)):
        each._get_xf_index()
    sheet = workbook.add_worksheet("Report")
    for index, column in enumerate(ALL_KINDS):
        sheet.write_string(0, index, str(column.label), right if column.is_number else left)
    for row, cells in enumerate(values, 1):
        for index, value in enumerate(cells):
            if value in (None, ""):
                continue
            if isinstance(value, str):
                sheet.write_string(row, index, value, quoted if value.startswith("=") else None)
            elif isinstance(value, dt.datetime):
                sheet.write_datetime(row, index, value.astimezone(ZONE).replace(tzinfo=None), formats[index])
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, index, value, formats[index])
            else:
                sheet.write_number(row, index, value, formats[index])


def xml_rows(target):
    xml = zipfile.ZipFile(target).read(SHEET).decode()
    assert xml.index("<dimension")
    return re.search(r"<dimension[^>]*>", xml)[0], re.search(r"<sheetData>.*</sheetData>", xml, re.DOTALL)[0].split(
        "</row>"
    )


def test_a_hostile_label_stays_text():
    target, _count = write([ReportColumn("a", "<r>&"), ReportColumn("b", "=1+1"), ReportColumn("c", "<r>raw</r>")], [])

    assert cells_of(target) == [["<r>&", "=1+1", "<r>raw</r>"]]
    assert [cell.data_type for cell in load_workbook(target).active[1]] == ["s"] * 3


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 138", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "http://x.example/"]
)
def test_no_text_runs(text):
    cell = one_cell("text", text)

    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)
    assert cell.quotePrefix == (not text.startswith("http"))


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        ("a\x00b\x08c\x0bd\x1fe", "abcde"),
        ("\ud800lone", "lone"),
        ("\ufffe\uffffx", "x"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("<r>raw</r>", "<r>raw</r>"),
        ("_x0041_", "_x0041_"),
        ("家👨‍👩‍👧😀\u200b\u202e", "家👨‍👩‍👧😀\u200b\u202e"),
        ("]]><script>", "]]><script>"),
        ("  ", "  "),
        ("x" * 32_767, "x" * 32_767),
        ("x" * 32_768, "x" * 32_766 + "…"),
        ("😀" * 20_000, "😀" * 16_383 + "…"),
    ],
)
def test_hostile_text_arrives_whole_or_clean(text, arrives):
    target, _count = write([ReportColumn("a", "A"), ReportColumn("b", "B")], [(text, "end")])
    found = load_workbook(target).active

    assert openpyxl_unescaped(found["A2"].value) == arrives
    assert found["B2"].value == "end"


def openpyxl_unescaped(text):
    """Undo the one escape that Excel reads and openpyxl leaves: the underscore of what looks like an escape."""
    return text.replace("_x005F_", "_")


@pytest.mark.parametrize(
    ("kind", "value", "arrives"),
    [
        ("integer", 10**15 - 1, 10**15 - 1),
        ("integer", 10**15, "1000000000000000"),
        ("integer", -(2**63), "-9223372036854775808"),
        ("money", Decimal("92233720368547758.07"), "92233720368547758.07"),
        ("money", Decimal("NaN"), "NaN"),
        ("money", Decimal("-Infinity"), "-Infinity"),
        ("quantity", float("nan"), "nan"),
        ("quantity", float("inf"), "inf"),
        ("quantity", Decimal(1) / Decimal(7), 0.1428571428571429),
        ("money", "•••", "•••"),
        ("date", "2026-02-30", "2026-02-30"),
        ("date", dt.date(1899, 12, 31), "1899-12-31"),
        ("date", dt.date(1900, 1, 1), dt.datetime.fromisoformat("1900-01-01 00:00:00")),
        ("date", dt.date(9999, 12, 31), dt.datetime.fromisoformat("9999-12-31 00:00:00")),
        ("datetime", "masked", "masked"),
        ("datetime", dt.datetime.fromisoformat("1800-01-01 12:00:00"), "1800-01-01 12:00:00"),
        ("choice", "<b>", "<b>"),
        ("text", 12.5, "12.5"),
    ],
)
def test_what_excel_cannot_hold_stays_exact_as_text(kind, value, arrives):
    assert one_cell(kind, value).value == arrives


def test_instants_are_written_on_the_companys_wall_clock():
    target = BytesIO()
    write_sheet([ReportColumn("at", "At", "datetime")], [(AT,)], target, title="R", zone=ZoneInfo("America/New_York"))

    assert cells_of(target)[1] == [dt.datetime.fromisoformat("2026-03-02 04:05:30.250000")]


def test_totals_are_exact_and_leave_out_what_is_no_number():
    columns = [
        ReportColumn("n", "N", "integer", total=True),
        ReportColumn("a", "A", "money", total=True),
        ReportColumn("t", "T"),
        ReportColumn("u", "U"),
    ]
    target, _count = write(
        columns,
        [
            (1, Decimal("0.10"), "x", "x"),
            (2, Decimal("0.20"), "x", "x"),
            (None, "•••", "x", "x"),
            (3, Decimal("NaN"), "x", "x"),
        ],
    )

    assert cells_of(target)[-1] == [6, 0.3, "Total", None]


def test_rows_beyond_the_limit_go_on_on_another_sheet(monkeypatch):
    monkeypatch.setattr(spreadsheet, "ROWS_PER_SHEET", 2)
    columns = [ReportColumn("t", "T"), ReportColumn("a", "A", "money", total=True)]
    target, count = write(columns, [(str(number), Decimal(number)) for number in range(4)])

    assert count == 4
    assert [cells_of(target, sheet) for sheet in range(3)] == [
        [["T", "A"], ["0", 0], ["1", 1]],
        [["T", "A"], ["2", 2], ["3", 3]],
        [["T", "A"], ["Total", 6]],
    ]
    assert load_workbook(target).sheetnames == ["Report", "Report (2)", "Report (3)"]


def test_a_full_sheet_alone_is_not_followed_by_an_empty_one(monkeypatch):
    monkeypatch.setattr(spreadsheet, "ROWS_PER_SHEET", 2)
    target, _count = write([ReportColumn("t", "T")], [("1",), ("2",)])

    assert load_workbook(target).sheetnames == ["Report"]


def test_a_report_without_rows_is_a_head():
    target, count = write([ReportColumn("t", "T")], [])

    assert (count, cells_of(target)) == (0, [["T"]])


def test_progress_is_told(monkeypatch):
    monkeypatch.setattr(spreadsheet, "ROWS_PER_PROGRESS", 2)
    told = []
    write([ReportColumn("t", "T")], [("x",)] * 5, progress=lambda done, total: told.append((done, total)), expected=5)

    assert told == [(2, 5), (4, 5), (5, 5)]


def test_the_file_may_be_a_path(tmp_path):
    write_sheet([ReportColumn("t", "T")], [("x",)], tmp_path / "r.xlsx", title="R", zone=ZONE)

    assert cells_of(tmp_path / "r.xlsx") == [["T"], ["x"]]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("接待记录", "接待记录"),
        ("a[b]:c*d?e/f\\g", "a b  c d e f g"),
        ("'quoted'", "quoted"),
        ("", "Sheet"),
        ("History", "Sheet"),
        ("x" * 40, "x" * 31),
        ("😀" * 20, "😀" * 15),
        ("\x00\ud800", "Sheet"),
    ],
)
def test_any_title_names_the_sheet(title, name):
    target = BytesIO()
    write_sheet([ReportColumn("t", "T")], [], target, title=title, zone=ZONE)

    assert load_workbook(target).sheetnames == [name]


@given(st.lists(st.text(), max_size=5))
def test_any_text_opens_again(texts):
    target, _count = write([ReportColumn("a", "A"), ReportColumn("b", "B")], [(text, "end") for text in texts])

    assert [row[1] for row in cells_of(target)] == ["B", *["end"] * len(texts)]
