"""What is typed is made one way to write it, or refused with its field (P section 0)."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ValidationError
from app.masterdata import normalise

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

ACCEPTED: list[tuple[Callable[..., Any], Any, Any]] = [
    (normalise.parse_phone, "13812345678", "13812345678"),
    (normalise.parse_phone, "+86 138-1234-5678", "13812345678"),
    (normalise.parse_phone, "００８６１３８ １２３４ ５６７８", "13812345678"),
    (normalise.parse_phone, "１３８—１２３４—５６７８", "13812345678"),
    (normalise.parse_phone, "8613812345678", "13812345678"),
    (normalise.parse_phone, 13812345678, "13812345678"),
    (normalise.parse_phone, 13812345678.0, "13812345678"),
    (normalise.parse_phone, "\u200b13812345678\ufeff", "13812345678"),
    (normalise.parse_phone, "(010) 1234-5678", "010-12345678"),
    (normalise.parse_phone, "０１０－６２３４５６７８", "010-62345678"),
    (normalise.parse_phone, "+86 571 87654321", "0571-87654321"),
    (normalise.parse_phone, "0571 87654321 转 802", "0571-87654321-802"),
    (normalise.parse_phone, "0571-8765432-1", "0571-8765432-1"),
    (normalise.parse_phone, "400-123-4567", "4001234567"),
    (normalise.parse_phone, "+1 (415) 555-0100", "+14155550100"),
    (normalise.parse_phone, "0014155550100", "+14155550100"),
    (normalise.parse_phone, "+852 9123 4567", "+85291234567"),
    (normalise.parse_identity_number, "11010519491231002x", "11010519491231002X"),
    (normalise.parse_identity_number, "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
    (normalise.parse_credit_code, "91350100m000100y43", "91350100M000100Y43"),
    (normalise.parse_credit_code, " 9135 0100 M000 100Y 43 ", "91350100M000100Y43"),
    (normalise.parse_date, "2026年3月2日", dt.date(2026, 3, 2)),
    (normalise.parse_date, "2026/3/2", dt.date(2026, 3, 2)),
    (normalise.parse_date, "２０２６－０３－０２", dt.date(2026, 3, 2)),
    (normalise.parse_date, "2026.3.2", dt.date(2026, 3, 2)),
    (normalise.parse_date, "20260302", dt.date(2026, 3, 2)),
    (normalise.parse_date, "2026-03-02 00:00:00", dt.date(2026, 3, 2)),
    (normalise.parse_date, dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC), dt.date(2026, 3, 2)),
    (normalise.parse_money, "1,234.50", Decimal("1234.50")),
    (normalise.parse_money, "１，２３４．５０", Decimal("1234.50")),
    (normalise.parse_money, "¥ 12", Decimal("12.00")),
    (normalise.parse_money, "￥12.3元", Decimal("12.30")),
    (normalise.parse_money, "-0", Decimal("0.00")),
    (normalise.parse_money, 12.5, Decimal("12.50")),
    (normalise.parse_money, Decimal("110.000000"), Decimal("110.00")),
    (normalise.parse_money, "999999999999.99", Decimal("999999999999.99")),
    (normalise.parse_decimal, "-1.234567", Decimal("-1.234567")),
    (normalise.parse_mail, "Li.Si@Example.COM", "li.si@example.com"),
    (normalise.parse_mail, "ｌｉ＠ｑｑ．ｃｏｍ", "li@qq.com"),
    (normalise.parse_wechat, "Zhang_San-1", "zhang_san-1"),
    (normalise.parse_wechat, "138 1234 5678", "13812345678"),
]

REFUSED: list[tuple[Callable[..., Any], Any, str]] = [
    (normalise.parse_mobile, "1381234567", "input.mobile"),
    (normalise.parse_mobile, "23812345678", "input.mobile"),
    (normalise.parse_phone, "138123456789", "input.mobile"),
    (normalise.parse_phone, "62345678", "input.area_code"),
    (normalise.parse_phone, "abc", "input.landline"),
    (normalise.parse_phone, "", "input.landline"),
    (normalise.parse_phone, "１３８٣٤٥٦٧٨٩٠", "input.mobile"),
    (normalise.parse_phone, float("nan"), "input.landline"),
    (normalise.parse_foreign_phone, "+8613812345678", "input.foreign_phone"),
    (normalise.parse_phone, "+0123456789", "input.foreign_phone"),
    (normalise.parse_identity_number, "12345", "input.identity_number"),
    (normalise.parse_identity_number, "010105194912310021", "input.identity_number"),
    (normalise.parse_identity_number, "110105194902300025", "input.identity_birthday"),
    (normalise.parse_identity_number, "110105194912310021", "input.identity_check"),
    (normalise.parse_credit_code, "9135", "input.credit_code"),
    (normalise.parse_credit_code, "9I350100M000100Y43", "input.credit_code"),
    (normalise.parse_credit_code, "91350100M000100Y44", "input.credit_check"),
    (normalise.parse_date, "2026-02-30", "input.no_such_date"),
    (normalise.parse_date, "0001-01-01", "input.no_such_date"),
    (normalise.parse_date, "2026-13-01", "input.no_such_date"),
    (normalise.parse_date, "26-3-2", "input.date"),
    (normalise.parse_date, "2026-03-02 17:00", "input.date"),
    (normalise.parse_date, "tomorrow", "input.date"),
    (normalise.parse_money, "NaN", "input.number"),
    (normalise.parse_money, float("nan"), "input.number"),
    (normalise.parse_money, Decimal("sNaN"), "input.number"),
    (normalise.parse_money, "inf", "input.number"),
    (normalise.parse_money, "abc", "input.number"),
    (normalise.parse_money, "1e5", "input.number"),
    (normalise.parse_money, "1,23", "input.number"),
    (normalise.parse_money, "٣", "input.number"),
    (normalise.parse_money, True, "input.number"),
    (normalise.parse_money, "9" * 1000, "input.number"),
    (normalise.parse_money, "1.005", "input.decimals"),
    (normalise.parse_money, 1.005, "input.decimals"),
    (normalise.parse_money, "-1", "input.range"),
    (normalise.parse_money, "1000000000000", "input.range"),
    (normalise.parse_decimal, "0.1234567", "input.decimals"),
    (normalise.parse_mail, "a@b", "input.mail"),
    (normalise.parse_mail, "x y@example.com", "input.mail"),
    (normalise.parse_wechat, "abc", "input.wechat"),
    (normalise.required_text, " \u200b\u3000", "input.required"),
    (normalise.required_text, "a" * 201, "input.text_length"),
]


def called(case):
    """Return a readable name for a case."""
    return f"{case[0].__name__}({case[1]!a:.40})"


@pytest.mark.parametrize(("parse", "typed", "expected"), ACCEPTED, ids=map(called, ACCEPTED))
def test_variants_become_one_form(parse, typed, expected):
    assert parse(typed, field="answer") == expected


@pytest.mark.parametrize(("parse", "typed", "code"), REFUSED, ids=map(called, REFUSED))
def test_malformed_input_is_refused_at_its_field(parse, typed, code):
    with pytest.raises(ValidationError) as refusal:
        parse(typed, field="answer")

    assert (refusal.value.code, refusal.value.field) == (code, "answer")


def test_a_birthday_to_come_is_refused():
    number = _identity_number("110105", dt.date(2030, 1, 1), 7)

    assert normalise.parse_identity_number(number, field="id_no") == number
    with pytest.raises(ValidationError) as refusal:
        normalise.parse_identity_number(number, field="id_no", today=dt.date(2026, 3, 2))

    assert refusal.value.code == "input.identity_birthday"


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        (" 王\u200b 小\u3000明 \x00", "王 小 明"),
        ("ＡＢ１２（中国）", "AB12（中国）"),
        ("a\r\nb  c", "a\nb c"),
        ("\ud800x", "x"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("\u200b", None),
        (None, None),
    ],
)
def test_text_loses_what_cannot_be_seen(typed, cleaned):
    assert normalise.clean_text(typed) == cleaned


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("华为技术有限公司", "华为技术"),
        ("北京（中国）科技有限责任公司", "北京(中国)科技股份有限公司"),
        ("Huawei Technologies Co., Ltd.", "HUAWEI  technologies"),
        ("王　小明", "王小明"),
    ],
)
def test_names_are_compared_without_width_blanks_and_legal_form(one, other):
    assert normalise.name_key(one) == normalise.name_key(other)


@pytest.mark.parametrize("name", ["公司", "有限公司", "!!!", "海尔集团"])
def test_a_name_is_never_compared_as_nothing(name):
    assert normalise.name_key(name)


def _identity_number(province: str, born: dt.date, serial: int) -> str:
    body = f"{province}{born:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


identity_numbers = st.builds(
    _identity_number,
    st.sampled_from(["110105", "310115", "440524", "810000"]),
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)),
    st.integers(0, 999),
)
mobiles = st.from_regex(r"1[0-9]{10}", fullmatch=True)


@st.composite
def spaced(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> tuple[str, str]:
    """A number, and how somebody may type it: wide, with blanks and dashes anywhere."""
    number = draw(numbers)
    gaps = draw(
        st.lists(st.sampled_from(["", "", " ", "-", "\u3000", "\u200b"]), min_size=len(number), max_size=len(number))
    )
    typed = "".join(gap + digit for gap, digit in zip(gaps, number, strict=True))
    return number, typed.translate(WIDE) if draw(st.booleans()) else typed


@given(spaced(mobiles), st.sampled_from(["", "+86", "0086", "＋８６ ", "+86-"]))
def test_any_way_to_type_a_mobile_is_one_number(case, prefix):
    number, typed = case

    assert normalise.parse_mobile(prefix + typed, field="phone") == number


@given(spaced(identity_numbers))
def test_any_way_to_type_an_identity_number_is_one_number(case):
    number, typed = case

    assert normalise.parse_identity_number(typed, field="id_no") == number


@given(identity_numbers, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_mistyped_digit_of_an_identity_number_is_noticed(number, place, digit):
    typed = number[:place] + digit + number[place + 1 :]
    if typed == number:
        return

    with pytest.raises(ValidationError):
        normalise.parse_identity_number(typed, field="id_no")


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)),
    st.sampled_from(["{0.year}年{0.month}月{0.day}日", "{0.year}/{0.month}/{0.day}", "{0:%Y-%m-%d}", "{0:%Y%m%d}"]),
    st.booleans(),
)
def test_every_day_is_read_in_every_form(day, form, wide):
    typed = form.format(day)

    assert normalise.parse_date(typed.translate(WIDE) if wide else typed, field="on") == day


@given(st.decimals(0, Decimal("999999999999.99"), places=2), st.booleans(), st.booleans())
def test_every_amount_is_read_as_it_is_shown(amount, commas, wide):
    typed = f"{amount:,.2f}" if commas else f"{amount:.2f}"

    assert normalise.parse_money(typed.translate(WIDE) if wide else typed, field="amount") == amount


@given(st.one_of(st.text(), st.floats(), st.decimals(), st.integers()))
def test_no_input_breaks_a_number(value):
    for parse in (normalise.parse_money, normalise.parse_decimal):
        with suppress(ValidationError):
            assert abs(parse(value, field="x")) <= normalise.LARGEST_MONEY


@given(st.text())
def test_no_text_breaks_a_parser_and_each_answer_is_stable(value):
    for parse in (
        normalise.parse_phone,
        normalise.parse_identity_number,
        normalise.parse_credit_code,
        normalise.parse_date,
        normalise.parse_mail,
        normalise.parse_wechat,
        normalise.required_text,
    ):
        with suppress(ValidationError):
            answer = parse(value, field="x")
            assert parse(answer) == answer


@given(st.text())
def test_cleaned_text_can_be_stored_and_is_stable(value):
    cleaned = normalise.clean_text(value)

    if cleaned is not None:
        cleaned.encode()
        assert "\x00" not in cleaned
        assert normalise.clean_text(cleaned) == cleaned
