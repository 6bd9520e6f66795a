"""Whether somebody is known already, however the number was typed (P:CRM-21, S:REC-16)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from app.database.encryption import keyed_hash
from app.database.session import session
from app.errors import Duplicate as DuplicateRefusal
from app.i18n import LazyString, _
from app.masterdata import normalise
from app.masterdata.choices import PartnerKind, PointKind
from app.masterdata.models import Partner, PartnerPoint


class DuplicateKey(StrEnum):
    """What partners are compared by; the value is the field that a refusal is shown at."""

    PHONE = "phone"
    ID_NO = "id_no"
    TAX_NO = "tax_no"
    NAME = "name"


ALL_KEYS = frozenset(DuplicateKey)

_REFUSALS: dict[DuplicateKey, LazyString] = {
    DuplicateKey.PHONE: _("This phone number belongs to %(name)s already. In charge: %(owner)s."),
    DuplicateKey.ID_NO: _("This identity number belongs to %(name)s already. In charge: %(owner)s."),
    DuplicateKey.TAX_NO: _("This tax number belongs to %(name)s already. In charge: %(owner)s."),
    DuplicateKey.NAME: _("%(name)s is on file already. In charge: %(owner)s."),
}


@dataclass(frozen=True)
class Duplicate:
    """A partner on file, and by what it was recognised."""

    key: DuplicateKey
    partner: Partner

    def refusal(self) -> DuplicateRefusal:
        """Return the refusal of a second file; it names who is in charge (R5)."""
        owner = self.partner.owner
        return DuplicateRefusal(
            "partner.duplicate",
            _REFUSALS[self.key],
            field=self.key.value,
            partner_id=self.partner.id,
            match=str(self.partner),
            name=self.partner.name,
            owner=str(owner) if owner else "-",
        )


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What somebody can be recognised by, normalised; None where it is not known."""

    kind: PartnerKind
    name: str
    phone: str | None = None
    id_no: str | None = None
    tax_no: str | None = None


def find_by_phone(phone: str) -> Partner | None:
    """Return who has this phone number. Raises ValidationError if it is none."""
    return _by_point(normalise.parse_phone(phone, field="phone"))


def _by_point(phone: str) -> Partner | None:
    statement = (
        select(Partner)
        .join(Partner.points)
        .where(PartnerPoint.kind == PointKind.PHONE, PartnerPoint.value_hash == keyed_hash(phone))
        .order_by(PartnerPoint.claim_hash.is_(None), Partner.id)
        .limit(1)
    )
    return session.scalar(statement)


def find_by_id_number(number: str) -> Partner | None:
    """Return who has this identity number. Raises ValidationError if it is none."""
    return _by_id_no(normalise.parse_identity_number(number, field="id_no"))


def _by_id_no(number: str) -> Partner | None:
    return session.scalar(select(Partner).where(Partner.id_no_hash == keyed_hash(number)))


def find_by_tax_no(code: str) -> Partner | None:
    """Return the organisation with this unified social credit code. Raises ValidationError if it is none."""
    return _by_tax_no(normalise.parse_credit_code(code, field="tax_no"))


def _by_tax_no(code: str) -> Partner | None:
    return session.scalar(select(Partner).where(Partner.tax_no == code))


def find_by_name_key(name: str, *, kind: PartnerKind = PartnerKind.ORGANISATION) -> Partner | None:
    """Return a partner of this kind whose name differs at most in width, case, blanks, marks and legal form (S:A28)."""
    statement = select(Partner).where(Partner.name_key == normalise.name_key(name), Partner.kind == kind)
    return session.scalar(statement.order_by(Partner.id).limit(1))


def list_duplicates(
    identity: Identity, *, keys: Collection[DuplicateKey] = ALL_KEYS, other_than: Partner | None = None
) -> list[Duplicate]:
    """Return those on file who are perhaps the same, the surest sign first. People share names, so those count not."""
    found: list[tuple[DuplicateKey, Partner | None]] = []
    if DuplicateKey.PHONE in keys and identity.phone:
        found.append((DuplicateKey.PHONE, _by_point(identity.phone)))
    if DuplicateKey.ID_NO in keys and identity.id_no:
        found.append((DuplicateKey.ID_NO, _by_id_no(identity.id_no)))
    if DuplicateKey.TAX_NO in keys and identity.tax_no:
        found.append((DuplicateKey.TAX_NO, _by_tax_no(identity.tax_no)))
    if DuplicateKey.NAME in keys and identity.kind is PartnerKind.ORGANISATION:
        found.append((DuplicateKey.NAME, find_by_name_key(identity.name)))
    return [Duplicate(key, partner) for key, partner in found if partner is not None and partner is not other_than]


def refuse_duplicates(
    identity: Identity, *, keys: Collection[DuplicateKey] = ALL_KEYS, other_than: Partner | None = None
) -> None:
    """Raise Conflict, naming who is in charge, if somebody on file is the same (P:CRM-21, S:REC-16)."""
    for duplicate in list_duplicates(identity, keys=keys, other_than=other_than):
        raise duplicate.refusal()
