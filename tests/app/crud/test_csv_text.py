"""CSV in the codes and with the separators that Excel and banks write."""

import csv

import pytest

from app.crud.importing.csv_text import csv_rows, decode_csv


def rows(text):
    return list(csv_rows(text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_every_code_gives_the_same_text(encoding):
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert decode_csv(mark + "日期,李𠮷".encode(encoding)) == "日期,李𠮷"


@pytest.mark.parametrize(
    "raw",
    ["日期,金额".encode("utf-16-le"), b"\xff\xfea", b"\xff\xfe\x00\xd8", b"PK\x00\x03", b"\x81\xff"],
    ids=["UTF-16 without its mark", "half a character", "half a pair", "an archive", "no code"],
)
def test_what_is_no_text_is_not_read(raw):
    assert decode_csv(raw) is None


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_parts_the_most(separator):
    head, row = ["日期", "贷方", "摘要"], ["2026-03-02", "1.250,00" if separator != "," else "1250.00", "货款"]
    above = "户名：云栖置业,一分公司" if separator != "," else "户名：云栖置业;一分公司"
    text = f"{above}\n{separator.join(head)}\n{separator.join(row)}"
    assert rows(text) == [[above], head, row]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("名称\n甲;乙\n丙", [["名称"], ["甲;乙"], ["丙"]]),  # One column: nothing parts the most of its rows.
        ("日期\t,金额\t\n2026-03-02\t,5\t", [["日期\t", "金额\t"], ["2026-03-02\t", "5\t"]]),
        ('a,b\n"x;y","p\nq"', [["a", "b"], ["x;y", "p\nq"]]),
        ('a;b\n="0012";="x"y', [["a", "b"], ["0012", '="x"y']]),
        ("", []),
    ],
)
def test_cells_stay_whole(text, expected):
    assert rows(text) == expected


def test_an_open_quote_is_no_table():
    with pytest.raises(csv.Error):
        rows('a,b\n"x,y')
