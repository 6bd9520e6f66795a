"""Files to import: tables as Excel and CSV, and files that nobody should open."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl

PADDING = 30_000_000  # bytes
HEAD = ("单号", "客户", "日期")


def excel(rows: Sequence[Sequence[Any]], head: Sequence[Any] = HEAD) -> bytes:
    """Return a workbook with these rows."""
    book = openpyxl.Workbook()
    for row in [head, *rows]:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def orders(count: int, start: int = 1) -> list[tuple[str, str, str]]:
    """Return rows of orders that are in order."""
    return [(f"A-{number}", f"客户{number}", "2026年3月2日") for number in range(start, start + count)]


def bomb() -> bytes:
    """Return a workbook of a few kilobytes that unpacks to many megabytes."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(excel(orders(1)))) as whole,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in whole.namelist():
            padding = b" " * PADDING if name == "xl/worksheets/sheet1.xml" else b""
            packed.writestr(name, whole.read(name) + padding)
    return target.getvalue()


def lying_bomb() -> bytes:
    """Return a bomb whose directory says that the sheet is small."""
    raw = bomb()
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        size = packed.getinfo("xl/worksheets/sheet1.xml").file_size
    return raw.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))


def laughing() -> bytes:
    """Return a workbook whose sheet defines entities that grow."""
    target = io.BytesIO()
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    hostile = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><worksheet>&a8;</worksheet>'
    with zipfile.ZipFile(io.BytesIO(excel(orders(1)))) as whole, zipfile.ZipFile(target, "w") as packed:
        for name in whole.namelist():
            packed.writestr(name, hostile if name == "xl/worksheets/sheet1.xml" else whole.read(name))
    return target.getvalue()
