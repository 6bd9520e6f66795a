"""What is indexed of a value, and how a typed text is read. Pure functions.

Every token is found by equality or as the beginning of a token, never by LIKE: only such operators may use an index
under row-level security. So a run of Chinese is indexed from each of its characters on: 王小明 gives 王小明, 小明
and 明, and any part of it is the beginning of one of them.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.database.encryption import keyed_hash
from app.search.pinyin import readings

TOKEN_LENGTH = 24  # Characters of a token; longer words are found by their beginning.
CHINESE_LENGTH = 8  # Characters of a Chinese token; longer texts are found in pieces.
INITIALS_LENGTH = 12
VALUE_LENGTH = 64  # Characters of a value that are indexed.
QUERY_LENGTH = 100  # Characters of a typed text that are read,
QUERY_WORDS = 8  # and words of it.
LAST_DIGITS = 4
MOBILE_LENGTH = 11
IDENTITY_LENGTH = 18
SHORTEST_PERSONAL = 6  # Characters of a phone, mail or WeChat name.

_CHINESE = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
_RUN = re.compile(rf"(?P<chinese>{_CHINESE})|[^\W_]+?(?={_CHINESE}|[\W_]|$)")
_SPLIT = re.compile(rf"{_CHINESE}|[^\s\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_DIGITS = re.compile(r"[0-9]+")
_PHONE_MARKS = re.compile(r"[\s\-+()./]")
_SPACED_MOBILE = re.compile(r"(?<![0-9])(?:\+86|0086)?[\s-]?1[0-9]{2}[\s-][0-9]{4}[\s-][0-9]{4}(?![0-9])")
_TYPED_NUMBER = re.compile(r"[\s0-9\-+()]*[0-9x]\s*")
_COUNTRY = re.compile(r"^(?:0086|86)(?=1[0-9]{10}$)")


@dataclass(frozen=True)
class Word:
    """One typed word: all `beginnings` must be found among the open tokens, or one of `personal` among the others."""

    beginnings: tuple[str, ...]
    personal: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Return a text as it is compared: width, case and invisible characters do not count."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return "".join(
        character
        for character in folded
        if unicodedata.category(character) not in {"Cf", "Cs", "Cc"} or character.isspace()
    )


def open_tokens(value: str) -> set[str]:
    """Return the tokens of a value that everybody who sees the record may search."""
    tokens: set[str] = set()
    for run in _RUN.finditer(fold(value)[:VALUE_LENGTH]):
        tokens.update(_of_chinese(run[0]) if run["chinese"] else _of_word(run[0]))
    return tokens


def _of_chinese(run: str) -> Iterator[str]:
    for start in range(len(run)):
        yield run[start : start + CHINESE_LENGTH]
    for reading in readings(run):
        for start in range(len(reading)):
            yield "".join(reading[start:])[:TOKEN_LENGTH]
            if start + 1 < len(reading):
                yield "".join(syllable[0] for syllable in reading[start:])[:INITIALS_LENGTH]


def _of_word(word: str) -> Iterator[str]:
    yield word[:TOKEN_LENGTH]
    for digits in _DIGITS.findall(word):
        yield digits[:TOKEN_LENGTH]
        yield digits[-LAST_DIGITS:]


def personal_tokens(value: str) -> set[str]:
    """Return the tokens of a phone, mail or identity number: keyed hashes of the whole and of the last four."""
    whole = compact(value)
    tokens = {_hash_whole(whole)} if whole else set()
    return tokens | {_hash_end(whole[-LAST_DIGITS:])} if _DIGITS.search(whole[-LAST_DIGITS:]) else tokens


def number_hash(value: str) -> str:
    """Return the keyed hash under which the whole of a number is kept, however it is written."""
    return _hash_whole(compact(value))


def compact(value: str) -> str:
    """Return a number without blanks, marks and the country code of mobile numbers."""
    return _COUNTRY.sub("", _PHONE_MARKS.sub("", fold(value)))


def _hash_whole(text: str) -> str:
    return keyed_hash(f"search:{text}")[:TOKEN_LENGTH]


def _hash_end(text: str) -> str:
    return keyed_hash(f"search end:{text}")[:TOKEN_LENGTH]


def read_query(text: str, *, include_personal: bool = False) -> list[Word]:
    """Return the words of a typed text; all of them must match. Empty if there is nothing to search for."""
    folded = _SPACED_MOBILE.sub(lambda number: f" {compact(number[0])} ", fold(text[:QUERY_LENGTH]))
    typed: Iterable[str] = [folded] if _is_one_number(folded) else _SPLIT.findall(folded)
    words: list[Word] = []
    for part in typed:
        word = _read_word(part, include_personal=include_personal)
        if word and word not in words:
            words.append(word)
    return words[:QUERY_WORDS]


def _is_one_number(text: str) -> bool:
    """Tell whether digits with gaps are one phone or identity number: '138 0013 8000', '+86 138-0013-8000'."""
    if not _TYPED_NUMBER.fullmatch(text):
        return False
    number = compact(text)
    return (
        text.lstrip().startswith("+")
        or len(number) == IDENTITY_LENGTH
        or (len(number) == MOBILE_LENGTH and number.startswith(("0", "1")))
    )


def _read_word(typed: str, *, include_personal: bool) -> Word | None:
    beginnings: list[str] = []
    for run in _RUN.finditer(typed):
        pieces = _chinese_pieces(run[0]) if run["chinese"] else [run[0][:TOKEN_LENGTH]]
        beginnings.extend(piece for piece in pieces if piece not in beginnings)
    if not beginnings:
        return None
    return Word(tuple(beginnings), _personal_of(typed) if include_personal else ())


def _chinese_pieces(run: str) -> list[str]:
    last = max(len(run) - CHINESE_LENGTH, 0)
    return [run[start : start + CHINESE_LENGTH] for start in (*range(0, last, CHINESE_LENGTH), last)]


def _personal_of(typed: str) -> tuple[str, ...]:
    """Return the hashes that a word may be found by; none for a short word, which is no number and no address."""
    number = compact(typed)
    if len(number) == LAST_DIGITS and _DIGITS.search(number):
        return (_hash_end(number),)
    return (_hash_whole(number),) if len(number) >= SHORTEST_PERSONAL and number.isascii() else ()


def after(beginning: str) -> str | None:
    """Return the least text greater than all that begin so, by code point; None if there is none."""
    for position in range(len(beginning) - 1, -1, -1):
        code = ord(beginning[position])
        if code < sys.maxunicode:
            following = 0xE000 if code == 0xD7FF else code + 1  # Surrogates are no characters.
            return beginning[:position] + chr(following)
    return None
