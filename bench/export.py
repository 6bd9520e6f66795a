"""Export of 100,000 rows x 12 columns from the generated list, against XlsxWriter alone writing the same from memory.

The export is a real request: log-in, company, permission and scope checks, both walls, PostgreSQL, the app role. The
other side has the finished values in a list and writes them cell by cell in XlsxWriter's constant-memory mode. They
run by turns, each in a fresh process, and must give the same cells. One encrypted column is measured apart. Memory is
what the process holds for itself at its peak during the request, the idle worker included; the code of shared
libraries, which all workers have in common, is told beside it.
"""

import datetime as dt
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from _shipments import ShipmentsDatabase, log_in

ROWS, ROUNDS = 100_000, 3
LEAST_RATIO, MOST_MEGABYTES = 0.85, 120.0
SHEET = "xl/worksheets/sheet1.xml"
LISTS = {"plain columns": "ShipmentView", "one encrypted": "CourierView"}


def main() -> None:
    """Print times, ratio and memory; exit with 1 where a target is missed."""
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with ShipmentsDatabase("zg_bench_export", work, rows=ROWS, rows_of_others=ROWS // 50) as database:
            (work / "settings.json").write_text(json.dumps(database.settings))
            for name, view in LISTS.items():
                ratio, peak = _compare(name, view, work)
                if name == "plain columns" and (ratio < LEAST_RATIO or peak >= MOST_MEGABYTES):
                    missed.append(name)
    print(f"target        ratio >= {LEAST_RATIO}, peak < {MOST_MEGABYTES:.0f} MB: {'MISSED' if missed else 'met'}")
    sys.exit(1 if missed else 0)


def _compare(name: str, view: str, work: Path) -> tuple[float, float]:
    exports, plains = [], []
    for _round in range(ROUNDS):
        exports.append(_run("export", view, work))
        plains.append(_run("plain", view, work))
    if _cells(work / "export.xlsx") != _cells(work / "plain.xlsx"):
        sys.exit("the two files differ")
    ours, alone = (statistics.median(each["seconds"] for each in runs) for runs in (exports, plains))
    peak, shared = (max(each[name] for each in exports) for name in ("private", "shared"))
    print(f"{name:13} export {ours:5.2f} s   XlsxWriter alone {alone:5.2f} s   ", end="")
    print(f"ratio {alone / ours:4.2f}   peak {peak:.0f} MB (and {shared:.0f} MB shared)", flush=True)
    return alone / ours, peak


def _run(side: str, view: str, work: Path) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, __file__, side, view, str(work)], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def _cells(file: Path) -> str:
    """Return the cells as XML, with styles numbered as they first occur: each side makes its formats in its order."""
    xml = zipfile.ZipFile(file).read(SHEET).decode()
    numbers: dict[str, int] = {}
    return re.sub(
        r' s="(\d+)"',
        lambda found: f' s="{numbers.setdefault(found[1], len(numbers))}"',
        xml[xml.index("<sheetData>") : xml.index("</sheetData>")],
    )


def export(view: str, work: Path) -> float:
    """Request the list's export once, and keep the file; return the seconds it took."""
    from app.factory import create_app

    app = create_app(**json.loads((work / "settings.json").read_text()))
    client = log_in(app)
    with app.test_request_context():
        address = app.url_for(f"shipments_{view}.export")
    _forget_peak()
    started = time.perf_counter()
    answer = client.get(address, buffered=False)
    with (work / "export.xlsx").open("wb") as file:
        for chunk in answer.iter_encoded():
            file.write(chunk)
    seconds = time.perf_counter() - started
    if answer.status_code != 200:
        sys.exit(f"export refused: {answer.status_code}")
    return seconds


def plain(view: str, work: Path) -> float:
    """Write the same values from memory with XlsxWriter alone; return the seconds it took."""
    from app.factory import create_app

    app = create_app(**json.loads((work / "settings.json").read_text()))
    labels, rows = _values(app, view)
    started = time.perf_counter()
    _write_plainly(labels, rows, work / "plain.xlsx")
    return time.perf_counter() - started


def _values(app: Any, view: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the labels and the finished values: words for choices, local times without a zone."""
    from sqlalchemy import select

    from addons.shipments import views
    from app.crud.columns import label_of
    from app.database.session import as_company, session
    from app.i18n import humanize

    zone = ZoneInfo("Asia/Shanghai")

    def finished(value: Any) -> Any:
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, dt.datetime):
            return value.astimezone(zone).replace(tzinfo=None)
        return humanize(value.value) if hasattr(value, "value") else value

    model, names = getattr(views, view).model, getattr(views, view).list_columns
    statement = select(*(getattr(model, name) for name in names)).order_by(model.id.desc())
    with app.test_request_context(), as_company(1):
        labels = [str(label_of(name)) for name in names]
        return labels, [tuple(map(finished, row)) for row in session.execute(statement)]


def _write_plainly(labels: list[str], rows: list[tuple[Any, ...]], file: Path) -> None:
    from xlsxwriter import Workbook

    with Workbook(str(file), {"constant_memory": True}) as workbook:
        formats = {
            kind: workbook.add_format({"num_format": pattern})
            for kind, pattern in (
                ("money", "#,##0.00"),
                ("integer", "#,##0"),
                ("date", "yyyy-mm-dd"),
                ("at", "yyyy-mm-dd hh:mm"),
            )
        }
        head = workbook.add_format({"bold": True, "bg_color": "#E3F4F0", "bottom": 1, "bottom_color": "#0B7A66"})
        sheet = workbook.add_worksheet()
        for column, label in enumerate(labels):
            sheet.write_string(0, column, label, head)
        writers = [_writer(sheet, label, formats) for label in labels]
        for number, values in enumerate(rows, 1):
            for column, (write, cell_format) in enumerate(writers):
                if values[column] is not None:
                    write(number, column, values[column], cell_format)


def _writer(sheet: Any, label: str, formats: dict[str, Any]) -> tuple[Any, Any]:
    """Return the fastest call of XlsxWriter's for a column, and its format."""
    kinds: dict[str, tuple[Any, Any]] = {
        "Pieces": (sheet.write_number, formats["integer"]), "Weight": (sheet.write_number, None),
        "Freight": (sheet.write_number, formats["money"]), "Shipped on": (sheet.write_datetime, formats["date"]),
        "Delivered at": (sheet.write_datetime, formats["at"]),
    }  # fmt: skip
    return kinds.get(label, (sheet.write_string, None))


def _forget_peak() -> None:
    """Let the kernel measure the peak anew: hashing the password at log-in took 32 MB for a moment."""
    Path("/proc/self/clear_refs").write_text("5")


def _memory() -> dict[str, float]:
    """Return the peak of private memory and the shared pages, in MB."""
    lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    kilobytes = {words[0]: int(words[1]) for words in lines if words[-1] == "kB"}
    shared = kilobytes["RssFile:"] + kilobytes["RssShmem:"]
    return {"private": (kilobytes["VmHWM:"] - shared) / 1000, "shared": shared / 1000}


if __name__ == "__main__":
    if sys.argv[1:]:
        side, name, folder = sys.argv[1:]
        taken = {"export": export, "plain": plain}[side](name, Path(folder))
        print(json.dumps({"seconds": taken, **_memory()}))
    else:
        main()
