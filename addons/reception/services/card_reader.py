"""Reads a business card from text: typed, pasted, or what its QR code holds (vCard, MeCard) (S:REC-04)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.sdk.errors import ValidationError
from app.sdk.masterdata import clean_text, parse_phone

LONGEST_CARD = 4_000
_NUMBER = re.compile(r"(?:\+|00)?[\d０-９][\d０-９\s()（）-]{5,22}[\d０-９]")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_WECHAT = re.compile(r"(?:微信号?|wechat)\s*[:：]?\s*([A-Za-z][\w-]{5,19})", re.IGNORECASE | re.ASCII)
_LABEL = re.compile(r"^\s*(姓名|公司|单位|职务|职位|地址|name|company|title|address)\s*[:：]\s*(.+)$", re.IGNORECASE)
_COMPANY = re.compile(r"公司|集团|商行|工厂|合作社|事务所|\b(?:co|ltd|inc|llc|gmbh|corp)\b\.?", re.IGNORECASE)
_TITLE = re.compile(
    r"经理|总监|总裁|董事|主管|主任|顾问|工程师|厂长|店长|秘书|\b(?:manager|director|ceo|cto|sales|engineer|president)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:省|市|区|县|镇).*(?:路|街|道|号|村|大厦)|\b(?:road|street|avenue|rd|st)\b", re.IGNORECASE)
_NAMES = {
    "姓名": "name",
    "公司": "company_name",
    "单位": "company_name",
    "职务": "title",
    "职位": "title",
    "地址": "address",
}
_NAMES |= {"name": "name", "company": "company_name", "title": "title", "address": "address"}
_CODES = {"FN": "name", "ORG": "company_name", "TITLE": "title", "TEL": "phone", "EMAIL": "mail", "ADR": "address"}
_LONGEST = {"name": 200, "company_name": 200, "title": 60, "mail": 254, "wechat": 40, "address": 200}


@dataclass
class Card:
    """What was read; what could not be read is None."""

    name: str | None = None
    company_name: str | None = None
    title: str | None = None
    phone: str | None = None
    mail: str | None = None
    wechat: str | None = None
    address: str | None = None

    def note(self, field: str, value: str) -> None:
        """Keep the first that was found of each; a phone number only if it is one."""
        text = " ".join((clean_text(value) or "").split())
        if not text or getattr(self, field) is not None:
            return
        if field == "phone":
            self.phone = _phone(text)
        else:
            setattr(self, field, text[: _LONGEST[field]])


def read_card(text: str) -> Card:
    """Return what a card says. It is a draft: somebody compares it with the card before it is saved."""
    known = (clean_text(text) or "")[:LONGEST_CARD]
    card = Card()
    if "BEGIN:VCARD" in known.upper():
        _read_codes(card, (line.partition(":") for line in known.splitlines()))
    elif known.upper().startswith("MECARD:"):
        _read_codes(card, (part.partition(":") for part in re.split(r"(?<!\\);", known[7:])))
    else:
        _read_lines(card, known)
    return card


def _read_codes(card: Card, pairs: Iterator[tuple[str, str, str]]) -> None:
    for code, _colon, value in pairs:
        key = code.partition(";")[0].upper().strip()
        parted = re.sub(r"(?<!\\);", " ", value) if key in ("ADR", "ORG") else value  # An escaped one is of the name.
        words = re.sub(r"\\([;,:\\])", r"\1", parted)
        if key == "N":
            card.note("name", _plain_name(words))
        elif key in _CODES:
            card.note(_CODES[key], words.removeprefix("tel:"))


def _plain_name(value: str) -> str:
    """Return 'Li;Ming;;;' as a name; Chinese names are written together."""
    parts = [part for part in re.split(r"[;,]", value) if part.strip()]
    return ("" if value.isascii() is False else " ").join(parts)


def _read_lines(card: Card, text: str) -> None:
    for raw in text.splitlines():
        line = raw.strip()
        if labelled := _LABEL.match(line):
            card.note(_NAMES[labelled[1].lower()], labelled[2])
        elif found := _MAIL.search(line):
            card.note("mail", found[0])
        elif found := _WECHAT.search(line):
            card.note("wechat", found[1])
        elif found := _NUMBER.search(line):
            card.note("phone", found[0])
            if _ADDRESS.search(line):
                card.note("address", line)
        elif _ADDRESS.search(line):
            card.note("address", line)
        elif _COMPANY.search(line):
            card.note("company_name", line)
        else:
            _read_person(card, line)


def _read_person(card: Card, line: str) -> None:
    """Read a line such as '王小明', '王小明 销售经理' or 'Sales manager'."""
    words = line.split()
    if not _TITLE.search(line):
        if 1 <= len(words) <= 4 and len(line) <= 40:
            card.note("name", line)
        return
    if card.name is None and len(words) > 1 and not _TITLE.search(words[0]) and not line.isascii():
        card.note("name", words[0])
        card.note("title", " ".join(words[1:]))
    else:
        card.note("title", line)


def _phone(text: str) -> str | None:
    try:
        return parse_phone(text, field="phone")
    except ValidationError:
        return None
