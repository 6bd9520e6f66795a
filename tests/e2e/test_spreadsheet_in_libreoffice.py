"""LibreOffice opens an exported file as it is: no repair, no formula run, every value as written."""

import csv
import datetime as dt
import subprocess
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.reports import ReportColumn, write_sheet

COLUMNS = [
    ReportColumn("name", "姓名"),
    ReportColumn("amount", "Amount", "money", total=True),
    ReportColumn("day", "Day", "date"),
    ReportColumn("at", "At", "datetime"),
    ReportColumn("share", "Share", "percent"),
]
AT = dt.datetime(2026, 3, 2, 9, 5, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 2)


@pytest.mark.needs("libreoffice")
def test_libreoffice_reads_what_was_written(tmp_path):
    names = [
        "王小明",
        "=1+1",
        '=HYPERLINK("http://x.example/")',
        "<r>raw</r>",
        "_x0041_",
        "a\x00\ud800b",
        "家👨‍👩‍👧\u200b",
        'a,"b"',
    ]
    rows = [(name, Decimal("1234567.89"), DAY, AT, Decimal("0.125")) for name in names]
    write_sheet(COLUMNS, rows, tmp_path / "report.xlsx", title="接待[记录]", zone=ZoneInfo("Asia/Shanghai"))

    subprocess.run(  # UTF-8 with commas, every value as it is shown.
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "report.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.reader(file))
    shown = [name.replace("\x00", "").replace("\ud800", "") for name in names]
    assert read == [
        ["姓名", "Amount", "Day", "At", "Share"],
        *[[name, "1,234,567.89", "2026-03-02", "2026-03-02 17:05", "12.50%"] for name in shown],
        ["Total", "9,876,543.12", "", "", ""],
    ]
