"""A hundred values that people and machines send: none may be a 500, and none may come back as markup."""

MARK = "zgx"  # In every piece of markup, so that a page can be searched for it.

_MARKUP = (
    f"<script>{MARK}(1)</script>", f"<img src=x onerror={MARK}(1)>", f"'\"><svg/onload={MARK}(1)>",
    f"</textarea><script>{MARK}(1)</script>", f"</title><script>{MARK}(1)</script>",
    f"<a href=javascript:{MARK}(1)>x</a>",
    f"{{{{ {MARK} }}}}", f"{{% {MARK} %}}", f"${{{MARK}}}", f"<!-- {MARK} -->", f"<{MARK} attr='1'>", f"&lt;{MARK}&gt;",
    f"&#60;{MARK}&#62;", f"<ScRiPt>{MARK}</sCrIpT>", f"<iframe src=//{MARK}>",
)  # fmt: skip
_FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("//x")',
    "|x",
    "%0A=1",
)
_QUOTES = (
    "'", '"', "`", "\\", "''", "'; DROP TABLE x; --", "' OR '1'='1", "%", "_", "%%", "%s", "%(name)s", "{0}", "{name}",
    "{", "}", "$1", ":name", "?", "*", "../../etc/passwd", "C:\\x", "//x", "a\\u0000b",
)  # fmt: skip
_NUMBERS = (
    "NaN", "nan", "inf", "-inf", "Infinity", "1e309", "1e-309", "1e9999999999", "-0", "0x10", "1_000", "00012", "1.2.3",
    "1,2,3", "9" * 19, "9" * 400, "-" + "9" * 30, "0." + "0" * 300 + "1", "２０２６", "１２．５", "٣", "一百", "½", "²",
)  # fmt: skip
_DAYS = (
    "2026-02-30", "2026-13-01", "0000-00-00", "9999-12-31", "10000-01-01", "-0001-01-01", "2026年2月30日", "2026/3",
    "31.12.2026", "2026-03-02T25:61", "2026-03-02T10:00:00+99:99", "２０２６-０３-０２",
)  # fmt: skip
_LETTERS = (
    "\u200b", "a\u200bb", "\ufeff", "\u202egnp.exe", "😀" * 50, "👨‍👩‍👧‍👦", "é" * 30, "Z̷͓͑a̶͇̐l̵̘̈́g̸͈͝o̸", "\x00",
    "a\x00b", "\x1b[31m", "\x7f",
    "\x85", "\u2028", "a\nb\r\nc", "\t", "ﬁ", "ß", "İ", "ＡＢＣ", "𠮷野家", "مرحبا", "\uffff",
    "\U0010ffff", " " * 300, "长" * 5_000, "a" * 70_000,
)  # fmt: skip
_SHAPES = ("null", "true", "[]", "{}", "[1]", "undefined", "-1", "0")
TEXTS = tuple(dict.fromkeys((*_MARKUP, *_FORMULAS, *_QUOTES, *_NUMBERS, *_DAYS, *_LETTERS, *_SHAPES)))
# Figures and days that a form takes, and that a sum, a column or a calendar may not: each in all fields of its kind.
FIGURES = ("999999999999.99", "-999999999999.99", "0.000001", "0")
DAYS = ("2199-12-31", "1900-01-01")
# As long as a text may be where nothing else is said, and with markup in it.
LONGEST = f"<script>{MARK}(1)</script>" + "长" * 170 + "x" * 5
# JSON can say more than a form.
VALUES = (None, True, False, 0, -1, 2**31, 2**63, 10**400, 1.5, 1e308, [], [[]], {}, [None], {"id": 1}, [1] * 2_000)
