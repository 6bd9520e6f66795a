"""What a user chose for all notices that leave the application: his language, where he chats, and as whom."""

import re
from collections.abc import Collection

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import User

from app.companies.models import Company
from app.database.context import active_company
from app.database.session import session
from app.errors import ValidationError
from app.i18n import _
from app.notices.models import ChatService, Notice, NoticeReader

LONGEST_MENTION = 64
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MENTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_EVERYBODY = frozenset({"all", "everyone"})  # What services take for the whole group.


def reader_of(user_id: int) -> NoticeReader | None:
    """Return what a user chose in the active company; None if nothing."""
    return session.scalar(sa.select(NoticeReader).where(NoticeReader.user_id == user_id))


def readers_of(user_ids: Collection[int]) -> dict[int, NoticeReader]:
    """Return what these users chose, by user."""
    found = session.scalars(sa.select(NoticeReader).where(NoticeReader.user_id.in_(user_ids)))
    return {one.user_id: one for one in found}


def language_of(user_id: int) -> str:
    """Return the language in which a user is written to: his own choice, or the company's."""
    chosen = reader_of(user_id)
    return chosen.locale if chosen is not None and chosen.locale else _company().locale


def link_to(notice: Notice) -> str:
    """Return the address that opens what a notice is about, in its company; blank without a PUBLIC_URL."""
    address = current_app.config["PUBLIC_URL"].rstrip("/")
    return f"{address}/notices/{notice.company_id}/{notice.id}" if address else ""


def set_reader(*, actor: User, locale: str, service: str, mention: str) -> None:
    """Choose one's language, chat and mention; a blank one is left to the company.

    Raises ValidationError naming the field for a language or service that is not offered, and for a mention that is
    neither a mobile number nor an id, or would call the whole group (R4).
    """
    wanted = _service(service)
    values = {"locale": _locale(locale), "service": wanted, "mention": _mention(mention, wanted)}
    chosen = reader_of(actor.id) or NoticeReader(user_id=actor.id)
    for name, value in values.items():
        setattr(chosen, name, value)
    session.add(chosen)
    session.flush()


def is_mobile(mention: str) -> bool:
    """Tell whether a mention is a mobile number of mainland China."""
    return _MOBILE.fullmatch(mention) is not None


def _locale(text: str) -> str | None:
    if text and text not in current_app.config["LANGUAGES"]:
        raise ValidationError("notices.language", _("This language is not offered."), field="language")
    return text or None


def _service(text: str) -> ChatService | None:
    if text and text not in set(ChatService):
        raise ValidationError("notices.service", _("This choice is not offered."), field="service")
    return ChatService(text) if text else None


def _mention(text: str, service: ChatService | None) -> str | None:
    mention = text.strip()
    if not mention:
        return None
    if not _MENTION.fullmatch(mention) or mention.lower() in _EVERYBODY:
        raise ValidationError(
            "notices.mention",
            _("A mobile number, or your user ID in the service: letters, digits, - _ . and @, at most %(limit)s."),
            field="mention",
            limit=LONGEST_MENTION,
        )
    if service is ChatService.FEISHU and is_mobile(mention):
        raise ValidationError(
            "notices.feishu_mention",
            _("Feishu calls nobody by a mobile number: give your Open ID (ou_…) or user ID."),
            field="mention",
        )
    return mention


def _company() -> Company:
    return session.get_one(Company, active_company())
