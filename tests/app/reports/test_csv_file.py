"""CSV files: Excel sees Chinese, numbers stay plain, nothing runs."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest

from app.reports import ReportColumn, write_csv

ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = [
    ReportColumn("name", "姓名"),
    ReportColumn("amount", "=Amount", "money"),
    ReportColumn("share", "Share", "percent"),
]


def write(*rows):
    target = BytesIO()
    count = write_csv(COLUMNS, rows, target, zone=ZONE)
    return target.getvalue(), count


def test_rows_are_utf8_with_a_byte_order_mark():
    content, count = write(("王小明", Decimal("-1234.50"), Decimal("0.125")), (None, None, None))

    assert count == 2
    assert content == "\ufeff姓名,'=Amount,Share\r\n王小明,-1234.50,12.50%\r\n,,\r\n".encode()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1+1", "＠a"])
def test_no_text_runs(text):
    content, _count = write((text, None, None))

    assert list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))[1][0] == "'" + text


def test_hostile_values_neither_run_nor_break_the_file():
    content, _count = write(('a,"b"\nc\ud800', "=HYPERLINK(1)", Decimal("NaN")), ("", "•••", float("inf")))

    assert list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))[1:] == [
        ['a,"b"\nc?', "'=HYPERLINK(1)", "NaN%"],
        ["", "•••", "inf%"],
    ]
