"""Export of 100,000 rows x 12 columns from the generated list, against XlsxWriter alone writing the same from memory.

The export is what a user does: a request that asks for the file, the job that writes it, in the same process, and a
request that fetches it; with log-in, company, permission and scope checks, both walls, PostgreSQL, the app role. The
other side has the finished values in a list and writes them cell by cell in XlsxWriter's constant-memory mode. They
run by turns, each in a fresh process, and must give the same cells. Apart are measured one encrypted column, and the
same masked, for a clerk who may not see it.

`export.py million` has a worker process write 1,000,000 rows instead, and looks at the job's progress meanwhile.

Memory, of the process that writes, at its peak, with the idle product in it: `private` is what it holds for itself
(anonymous pages), PSS adds its part of the libraries that all Python processes of the machine share, and RSS counts
those libraries in full, as if nobody else had them.
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
MILLION = 1_000_000
LISTS = {"plain columns": ("ShipmentView", "clerk"), "one encrypted": ("CourierView", "clerk"),
         "one masked": ("CourierView", "masked_clerk")}  # fmt: skip


def main() -> None:
    """Print times, ratio and memory; exit with 1 where a target is missed."""
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with ShipmentsDatabase("zg_bench_export", work, rows=ROWS, rows_of_others=ROWS // 50) as database:
            (work / "settings.json").write_text(json.dumps(database.settings))
            for name, (view, clerk) in LISTS.items():
                ratio, peak = _compare(name, view, clerk, work)
                if name == "plain columns" and (ratio < LEAST_RATIO or peak >= MOST_MEGABYTES):
                    missed.append(name)
    print(f"target        ratio >= {LEAST_RATIO}, peak < {MOST_MEGABYTES:.0f} MB: {'MISSED' if missed else 'met'}")
    sys.exit(1 if missed else 0)


def million() -> None:
    """Have a worker write a million rows, and print what others saw of it and what it took; exit with 1 as above."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with ShipmentsDatabase("zg_bench_million", work, rows=MILLION, rows_of_others=ROWS // 50) as database:
            (work / "settings.json").write_text(json.dumps(database.settings))
            job = int(_run("ask", "ShipmentView", "clerk", work)["job"])
            worker = subprocess.Popen(
                [sys.executable, __file__, "work", str(job), "", str(work)], stdout=subprocess.PIPE, text=True
            )
            seen = set()
            with database.connect() as connection:
                while worker.poll() is None:
                    row = connection.execute("SELECT done, total FROM jobs_job WHERE id = %s", [job]).fetchone()
                    seen.add(row)
                    time.sleep(0.5)
                state = connection.execute("SELECT state FROM jobs_job WHERE id = %s", [job]).fetchone()
            found = json.loads((worker.stdout or sys.exit("no worker")).read().splitlines()[-1])
            size = sum(file.stat().st_size for file in (work / "jobs" / str(job)).iterdir()) / 1e6
    is_done = state == ("done",)
    missed = found["private"] >= MOST_MEGABYTES or not is_done or len(seen) < 10
    print(f"million       {found['seconds']:.0f} s, {size:.0f} MB, progress seen {len(seen)} times   ", end="")
    print(_memory_words(found))
    print(f"target        done, private < {MOST_MEGABYTES:.0f} MB: {'MISSED' if missed else 'met'}")
    sys.exit(1 if missed else 0)


def _compare(name: str, view: str, clerk: str, work: Path) -> tuple[float, float]:
    exports, plains = [], []
    for _round in range(ROUNDS):
        exports.append(_run("export", view, clerk, work))
        plains.append(_run("plain", view, clerk, work))
    if _cells(work / "export.xlsx") != _cells(work / "plain.xlsx"):
        sys.exit("the two files differ")
    ours, alone = (statistics.median(each["seconds"] for each in runs) for runs in (exports, plains))
    most = {kind: max(each[kind] for each in exports) for kind in ("private", "pss", "rss")}
    print(f"{name:13} export {ours:5.2f} s   XlsxWriter alone {alone:5.2f} s   ", end="")
    print(f"ratio {alone / ours:4.2f}   {_memory_words(most)}", flush=True)
    return alone / ours, most["private"]


def _memory_words(found: dict[str, float]) -> str:
    return f"peak: private {found['private']:.0f} MB, PSS {found['pss']:.0f} MB, RSS {found['rss']:.0f} MB"


def _run(side: str, name: str, clerk: str, work: Path) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, __file__, side, name, clerk, str(work)], check=True, stdout=subprocess.PIPE, text=True
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


def export(view: str, clerk: str, work: Path) -> dict[str, float]:
    """Ask for the list's export, let the job write it, fetch the file; return the seconds it took."""
    from app.factory import create_app

    app = create_app(**json.loads((work / "settings.json").read_text()), JOBS_INLINE=True)
    client = log_in(app, clerk)
    address = _address(app, view)
    _forget_peak()
    started = time.perf_counter()
    page = client.post(address)
    answer = client.get(f"{page.headers.get('Location')}/file", buffered=False)
    with (work / "export.xlsx").open("wb") as file:
        for chunk in answer.iter_encoded():
            file.write(chunk)
    seconds = time.perf_counter() - started
    if answer.status_code != 200:
        sys.exit(f"export refused: {page.status_code}, {answer.status_code}")
    return {"seconds": seconds, **_memory()}


def ask(view: str, clerk: str, work: Path) -> dict[str, float]:
    """Ask for the list's export where no worker hears of it; return the number of the job."""
    from app.factory import create_app
    from app.jobs.dispatch import Dispatcher

    app = create_app(**json.loads((work / "settings.json").read_text()))
    Dispatcher.dispatch = lambda *_arguments, **_options: None  # type: ignore[method-assign]
    page = log_in(app, clerk).post(_address(app, view))
    return {"job": int(page.headers["Location"].rpartition("/")[2])}


def work(job: str, _clerk: str, folder: Path) -> dict[str, float]:
    """Do the job, as a worker does; return the seconds it took."""
    from app.factory import create_app
    from app.jobs import run_job

    app = create_app(**json.loads((folder / "settings.json").read_text()))
    started = time.perf_counter()
    with app.app_context():
        run_job(1, int(job))
    return {"seconds": time.perf_counter() - started, **_memory()}


def _address(app: Any, view: str) -> str:
    with app.test_request_context():
        address: str = app.url_for(f"shipments_{view}.export")
    return address


def plain(view: str, clerk: str, work: Path) -> dict[str, float]:
    """Write the same values from memory with XlsxWriter alone; return the seconds it took."""
    from app.factory import create_app

    app = create_app(**json.loads((work / "settings.json").read_text()))
    labels, rows = _values(app, view, masked=clerk != "clerk")
    started = time.perf_counter()
    _write_plainly(labels, rows, work / "plain.xlsx")
    return {"seconds": time.perf_counter() - started}


def _values(app: Any, view: str, *, masked: bool) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the labels and the finished values: words for choices, local times without a zone."""
    from sqlalchemy import select

    from addons.shipments import views
    from app.crud.columns import label_of
    from app.database.session import as_company, session
    from app.i18n import humanize
    from app.security.masking import mask_phone

    zone = ZoneInfo("Asia/Shanghai")
    note = getattr(views, view).list_columns.index("note")

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
        rows = [tuple(map(finished, row)) for row in session.execute(statement)]
    if masked:
        rows = [(*row[:note], mask_phone(row[note]), *row[note + 1 :]) for row in rows]
    return labels, rows


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
    """Return the peak of private memory, of PSS and of RSS, in MB. The kernel keeps the peak of RSS only."""
    status, now = (_kilobytes(f"/proc/self/{file}") for file in ("status", "smaps_rollup"))
    peak, files = status["VmHWM"], status["RssFile"] + status["RssShmem"]
    return {"private": (peak - files) / 1000, "pss": (peak - now["Rss"] + now["Pss"]) / 1000, "rss": peak / 1000}


def _kilobytes(file: str) -> dict[str, int]:
    lines = (line.split() for line in Path(file).read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) for words in lines if words[-1] == "kB"}


if __name__ == "__main__":
    if sys.argv[1:] == ["million"]:
        million()
    elif sys.argv[1:]:
        side, name, clerk, folder = sys.argv[1:]
        print(json.dumps({"export": export, "plain": plain, "ask": ask, "work": work}[side](name, clerk, Path(folder))))
    else:
        main()
