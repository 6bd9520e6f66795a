"""Personal data is shown masked, but to those who need it (P:CRM-20, S:REC-38)."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.audit.accesses import record_access
from app.audit.models import AccessKind
from app.database.base import CompanyModel
from app.security.roles import may
from app.security.scope import employee_id_of, is_covered, is_granted, reach_of, reaches, resource_of, visible
from app.security.viewing import eyes

STAR = "*"


def mask_phone(phone: str | None) -> str:
    """Return '138****5678'; of a short number only the last two digits, of a very short one nothing."""
    text = (phone or "").strip()
    if len(text) >= 11:
        return f"{text[:-8]}{STAR * 4}{text[-4:]}"
    if len(text) >= 7:
        return STAR * (len(text) - 2) + text[-2:]
    return STAR * len(text)


def mask_id_number(number: str | None) -> str:
    """Return '110***********0019': the first three and the last four."""
    text = (number or "").strip()
    if len(text) < 12:
        return STAR * len(text)
    return text[:3] + STAR * (len(text) - 7) + text[-4:]


def mask_address(address: str | None) -> str:
    """Return the first six characters, which are hardly more than province and city."""
    text = (address or "").strip()
    return text[:6] + STAR * 4 if len(text) > 10 else STAR * len(text)


def mask_name(name: str | None) -> str:
    """Return the family name: '张*', '欧**'."""
    text = (name or "").strip()
    return text[:1] + STAR * (len(text) - 1)


def may_see_personal(actor: User, subject: Any, resource: str | None = None) -> bool:
    """Tell whether the actor sees a record's personal data in clear: its owner, or whose right reaches it.

    Whoever looks at his screens must see it in clear himself.
    """
    return all(_may_see(one, subject, resource) for one in eyes(actor))


def _may_see(actor: User, subject: Any, resource: str | None) -> bool:
    right = may(actor, "see_personal", resource or resource_of(type(subject)))
    if right and reaches(actor, subject, verb="see_personal"):  # First: it is mostly known without asking.
        return True
    return is_owner(actor, subject) or is_granted(actor, subject)


def sees_all_personal(actor: User, model: type[CompanyModel], *, verb: str = "list") -> bool:
    """Tell whether personal data is in clear in every record that the actor reaches by this verb."""
    covered = may(actor, "see_personal", resource_of(model)) and is_covered(model, actor, verb=verb, by="see_personal")
    return covered and all(_sees_all(one, model) for one in eyes(actor)[1:])


def seen_in_clear(actor: User, model: type[Any]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions, which all must hold, of the rows of an owned model whose personal data is in clear."""
    found = []
    for one in eyes(actor):
        within = visible(model, one, verb="see_personal")
        if within is not None:
            found.append(sa.or_(model.owner_id == employee_id_of(one), within))
    return found


def _sees_all(viewer: User, model: type[CompanyModel]) -> bool:
    return may(viewer, "see_personal", resource_of(model)) and reach_of(model, viewer, verb="see_personal").everything


def is_owner(actor: User, subject: Any) -> bool:
    """Tell whether the actor is the employee who answers for a record."""
    owner_id, at_hand = getattr(subject, "owner_id", None), vars(subject).get("owner")
    if at_hand is not None and at_hand.id == owner_id:  # As most screens show him: nothing need be asked.
        return bool(at_hand.user_id == actor.id)
    return owner_id is not None and owner_id == employee_id_of(actor)


def record_reading(
    actor: User, subjects: Sequence[Any], *, columns: Sequence[str], kind: AccessKind = AccessKind.RECORD
) -> None:
    """Record that personal data of these records was shown in clear, in one row (P:CRM-20, S:REC-38)."""
    resource, ids = resource_of(type(subjects[0])), [subject.id for subject in subjects]
    record_access(kind, user_id=actor.id, resource=resource, columns=columns, record_ids=ids)
