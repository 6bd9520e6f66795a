"""What people type, made one way to write each thing, or refused with a sentence that helps.

Pure functions. `field` names the input that a refusal is shown at; a form that knows it already leaves it out.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from app.errors import ValidationError
from app.i18n import _

TEXT_LENGTH = 200
MAIL_LENGTH = 254
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
LARGEST_MONEY = Decimal("999999999999.99")  # decimal(14,2)
MONEY_PLACES, QUANTITY_PLACES = 2, 6
COUNTRY_CODE = "86"

# Full-width digits, letters and blank mean the ASCII ones; full-width punctuation belongs to Chinese names.
_WIDTH = {ord("\u3000"): " "} | {
    code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
# A zero-width joiner means something between emoji only.
_LONELY_JOINER = re.compile("(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d")
_INVISIBLE = {"Cf", "Cs", "Cc", "Co"}


def clean_text(value: str | None) -> str | None:
    """Return a text without invisible characters and needless blanks; None where nothing is left. Lines stay lines."""
    kept = _LONELY_JOINER.sub("", (value or "").translate(_WIDTH).replace("\r\n", "\n"))
    kept = "".join(
        character
        for character in kept
        if character in "\n\t\u200d" or unicodedata.category(character) not in _INVISIBLE
    )
    return "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip() or None


def optional_text(value: str | None, *, field: str | None = None, maximum: int = TEXT_LENGTH) -> str | None:
    """Return a cleaned text in one line, or None. Raises ValidationError beyond `maximum` characters."""
    cleaned = " ".join((clean_text(value) or "").split())
    if len(cleaned) > maximum:
        raise ValidationError(
            "input.text_length", _("At most %(limit)s characters are allowed."), field=field, limit=maximum
        )
    return cleaned or None


def required_text(value: str | None, *, field: str | None = None, maximum: int = TEXT_LENGTH) -> str:
    """Return a cleaned text in one line; a blank one is refused (R1)."""
    if (cleaned := optional_text(value, field=field, maximum=maximum)) is None:
        raise ValidationError("input.required", _("This field is required."), field=field)
    return cleaned


def _plain(value: str | float) -> str:
    """Return a number, date or code in ASCII, without anything invisible; spreadsheets give numbers as floats."""
    narrow = unicodedata.normalize("NFKC", f"{value:.0f}" if isinstance(value, float) else str(value))
    return "".join(
        character for character in narrow if character.isspace() or unicodedata.category(character) not in _INVISIBLE
    ).strip()


_DASHES = "\\-\u2010-\u2015\u2212\u30fc"
_PHONE_MARKS = re.compile(rf"[\s().·/{_DASHES}]")
_DOMESTIC = re.compile(r"^(?:\+86|0086|86(?=1\d{10}$))")
_MOBILE = re.compile(r"1[0-9]{10}")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_LANDLINE = re.compile(r"(?P<area>0(?:10|2[0-9])|0[3-9][0-9]{2})(?P<number>[1-9][0-9]{6,7})")
_WITH_EXTENSION = re.compile(
    rf"(?P<main>.*[0-9]{{7,8}})\s*(?:[#*{_DASHES}]|转|分机|ext\.?|x)\s*(?P<extension>[0-9]{{1,6}})", re.IGNORECASE
)
_FOREIGN = re.compile(r"\+[1-9][0-9]{6,14}")
_LOCAL_LENGTHS = (7, 8)


def parse_mobile(value: str | float, *, field: str | None = None) -> str:
    """Return a mainland mobile number as its 11 digits; blanks, dashes, width and +86 do not count."""
    number = _DOMESTIC.sub("", _PHONE_MARKS.sub("", _plain(value)))
    if not _MOBILE.fullmatch(number):
        raise ValidationError(
            "input.mobile", _("A mobile number has %(limit)s digits and starts with 1."), field=field, limit=11
        )
    return number


def parse_landline(value: str | float, *, field: str | None = None) -> str:
    """Return a landline as '010-12345678', with '-802' for an extension; the area code is required."""
    typed = _plain(value)
    if found := _WITH_EXTENSION.fullmatch(typed):
        main = _landline(found["main"])
        if main:
            return f"{main}-{found['extension']}"
    if main := _landline(typed):
        return main
    if _PHONE_MARKS.sub("", typed).isdecimal() and len(_PHONE_MARKS.sub("", typed)) in _LOCAL_LENGTHS:
        raise ValidationError(
            "input.area_code", _("Add the area code, for example %(example)s."), field=field, example="010-12345678"
        )
    raise ValidationError(
        "input.landline",
        _("This is no phone number. Examples: %(mobile)s, %(landline)s."),
        field=field,
        mobile="13812345678",
        landline="010-12345678",
    )


def _landline(typed: str) -> str | None:
    number = _PHONE_MARKS.sub("", typed)
    if (local := _DOMESTIC.sub("", number)) != number and not local.startswith("0"):
        local = f"0{local}"
    if _SERVICE.fullmatch(local):
        return local
    found = _LANDLINE.fullmatch(local)
    return f"{found['area']}-{found['number']}" if found else None


def parse_foreign_phone(value: str | float, *, field: str | None = None) -> str:
    """Return a number outside the mainland as '+' and its digits, the country code first."""
    number = _PHONE_MARKS.sub("", _plain(value))
    number = f"+{number[2:]}" if number.startswith("00") else number
    if not _FOREIGN.fullmatch(number) or number.startswith(f"+{COUNTRY_CODE}"):
        raise ValidationError(
            "input.foreign_phone", _("A foreign number starts with + and the country code."), field=field
        )
    return number


def parse_phone(value: str | float, *, field: str | None = None) -> str:
    """Return a mobile, landline, service or foreign number in its one form, whatever it was typed like."""
    number = _PHONE_MARKS.sub("", _plain(value))
    local = _DOMESTIC.sub("", number)
    if local == number and number.startswith(("+", "00")):
        return parse_foreign_phone(value, field=field)
    if local.startswith("1") and not _WITH_EXTENSION.fullmatch(_plain(value)):
        return parse_mobile(value, field=field)
    return parse_landline(value, field=field)


def is_mobile(number: str) -> bool:
    """Tell whether a normalised number is a mainland mobile, which one person carries."""
    return _MOBILE.fullmatch(number) is not None


def parse_mail(value: str, *, field: str | None = None) -> str:
    """Return a mail address in lower case; whether it exists is not asked of any server."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # Reads its tables when first used.

    try:
        checked = validate_email(_plain(value), check_deliverability=False)
    except EmailNotValidError as error:
        raise ValidationError(
            "input.mail", _("This is no mail address. Example: %(example)s."), field=field, example="li@example.com"
        ) from error
    return checked.normalized.lower()


_WECHAT = re.compile(r"[A-Za-z][A-Za-z0-9_-]{5,19}")


def parse_wechat(value: str, *, field: str | None = None) -> str:
    """Return a WeChat name in lower case, or the mobile number that stands for one."""
    typed = _plain(value)
    if _WECHAT.fullmatch(typed):
        return typed.lower()
    try:
        return parse_mobile(typed, field=field)
    except ValidationError as error:
        raise ValidationError(
            "input.wechat",
            _("A WeChat name has 6 to %(limit)s letters and digits and starts with a letter."),
            field=field,
            limit=20,
        ) from error


# GB/T 2260; 81 to 83 are residents from Hong Kong, Macao and Taiwan, 91 foreign permanent residents.
_PROVINCES = frozenset(
    str(code)
    for code in (
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 66),
        71,
        81,
        82,
        83,
        91,
    )
)
_IDENTITY = re.compile(r"[0-9]{17}[0-9X]")
_IDENTITY_WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
_IDENTITY_CHECKS = "10X98765432"


def parse_identity_number(value: str | float, *, field: str | None = None, today: dt.date | None = None) -> str:
    """Return a mainland identity number of 18 characters; length, province, birthday and check digit are examined.

    With `today`, a birthday to come is refused too.
    """
    number = _PHONE_MARKS.sub("", _plain(value)).upper()
    if not _IDENTITY.fullmatch(number) or number[:2] not in _PROVINCES:
        raise ValidationError(
            "input.identity_number", _("An identity number has %(limit)s characters."), field=field, limit=18
        )
    born = _real_date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    if born is None or (today is not None and born > today):
        raise ValidationError(
            "input.identity_birthday",
            _("The birthday in the identity number does not exist."),
            field=field,
            birthday=number[6:14],
        )
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _IDENTITY_WEIGHTS, strict=True))
    if _IDENTITY_CHECKS[total % 11] != number[17]:
        raise ValidationError(
            "input.identity_check", _("The check digit is wrong: one character was mistyped."), field=field
        )
    return number


_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))
_CREDIT = re.compile(f"[{_CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[{_CREDIT_ALPHABET}]{{10}}")


def parse_credit_code(value: str | float, *, field: str | None = None) -> str:
    """Return a unified social credit code of 18 characters (GB 32100-2015), which is also the tax number."""
    code = _PHONE_MARKS.sub("", _plain(value)).upper()
    if not _CREDIT.fullmatch(code):
        raise ValidationError(
            "input.credit_code",
            _("A unified social credit code has %(limit)s characters, without I, O, S, V and Z."),
            field=field,
            limit=18,
        )
    total = sum(
        _CREDIT_ALPHABET.index(character) * weight for character, weight in zip(code[:17], _CREDIT_WEIGHTS, strict=True)
    )
    if _CREDIT_ALPHABET[-total % 31] != code[17]:
        raise ValidationError(
            "input.credit_check", _("The check digit is wrong: one character was mistyped."), field=field
        )
    return code


_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:年|[-/.])\s*(?P<month>[0-9]{1,2})(?:月|[-/.])\s*(?P<day>[0-9]{1,2})\s*[日号]?"
    r"(?:[T\s]\s*00:00(?::00(?:\.0+)?)?)?"
)
_COMPACT_DATE = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")


def parse_date(value: str | dt.date, *, field: str | None = None) -> dt.date:
    """Return the day of '2026年3月2日', '2026/3/2', '2026.3.2', '2026-03-02', '20260302' or of a spreadsheet's cell."""
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        found: dt.date | None = _real_date(day.year, day.month, day.day)
    else:
        typed = _plain(value)
        match = _DATE.fullmatch(typed) or _COMPACT_DATE.fullmatch(typed)
        if match is None:
            raise ValidationError(
                "input.date", _("This is no date. Example: %(example)s."), field=field, example="2026-03-02"
            )
        found = _real_date(int(match["year"]), int(match["month"]), int(match["day"]))
    if found is None:
        raise ValidationError(
            "input.no_such_date",
            _("There is no such day between %(earliest)s and %(latest)s."),
            field=field,
            earliest=EARLIEST_YEAR,
            latest=LATEST_YEAR,
        )
    return found


def _real_date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if EARLIEST_YEAR <= year <= LATEST_YEAR else None
    except ValueError:
        return None


_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_MONEY_MARKS = re.compile(r"^(?:¥|￥|RMB|CNY|人民币)\s*|\s*元$", re.IGNORECASE)
_LONGEST_NUMBER = 40


def parse_money(
    value: str | float | Decimal,
    *,
    field: str | None = None,
    minimum: Decimal = Decimal(0),
    maximum: Decimal = LARGEST_MONEY,
) -> Decimal:
    """Return an amount of '1,234.50', '１２３４．５' or '¥ 1,234.50'. A third decimal is refused, never cut (R4)."""
    if isinstance(value, str):
        value = _MONEY_MARKS.sub("", _plain(value))
    amount = parse_decimal(value, field=field, places=MONEY_PLACES, minimum=minimum, maximum=maximum)
    return amount.quantize(Decimal("0.01"))


def parse_decimal(
    value: str | float | Decimal,
    *,
    field: str | None = None,
    places: int = QUANTITY_PLACES,
    minimum: Decimal = -LARGEST_MONEY,
    maximum: Decimal = LARGEST_MONEY,
) -> Decimal:
    """Return a decimal with at most `places` decimals within both limits; NaN, infinity and '1e5' are refused (R4)."""
    # A decimal from a column carries zeros for all its places; in a typed text they are decimals.
    typed = f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else _plain(str(value))
    if isinstance(value, bool) or len(typed) > _LONGEST_NUMBER or not _NUMBER.fullmatch(typed):
        raise ValidationError(
            "input.number", _("This is no number. Example: %(example)s."), field=field, example="1,234.50"
        )
    number = Decimal(typed.replace(",", "")) + 0  # Adding nothing turns -0 into 0.
    if -int(number.as_tuple().exponent) > places:
        raise ValidationError("input.decimals", _("At most %(limit)s decimals are allowed."), field=field, limit=places)
    if not minimum <= number <= maximum:
        raise ValidationError(
            "input.range",
            _("The number must be between %(minimum)s and %(maximum)s."),
            field=field,
            minimum=minimum,
            maximum=maximum,
        )
    return number


_LEGAL_FORM = re.compile(
    r"(?:(?:股份)?有限(?:责任)?公司|公司|co(?:mpany)?ltd|company|corporation|corp|incorporated|inc|limited|ltd|llc|gmbh)$"
)


def name_key(name: str) -> str:
    """Return what names are compared by: without blanks, punctuation, case, width and the legal form (S:A28)."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    letters = "".join(character for character in folded if character.isalnum())
    bare = _LEGAL_FORM.sub("", letters)
    return (bare or letters or folded.strip())[:TEXT_LENGTH]
