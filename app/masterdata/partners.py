"""Opening, changing and connecting partners."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app.companies.models import Employee
from app.companies.org import employee_of
from app.database.encryption import keyed_hash, last_four
from app.database.session import session
from app.errors import Conflict, NotFound, ValidationError
from app.i18n import _
from app.masterdata import normalise
from app.masterdata.choices import IdentityType, PartnerKind, PartnerRoleName, PointKind, RelationKind
from app.masterdata.duplicates import ALL_KEYS, DuplicateKey, Identity, refuse_duplicates
from app.masterdata.models import Partner, PartnerPoint, PartnerRelation, PartnerRole
from app.search.pinyin import pinyin

PINYIN_LENGTH = 400
OTHER_ID_LENGTH = 40


@dataclass(frozen=True, kw_only=True)
class PartnerDetails:
    """What is known of a partner, as somebody typed it; `normalised()` gives it in its one form or refuses it."""

    name: str
    kind: PartnerKind = PartnerKind.PERSON
    phone: str | None = None
    mail: str | None = None
    wechat: str | None = None
    tax_no: str | None = None
    id_type: IdentityType | None = None
    id_no: str | None = None

    def normalised(self) -> "PartnerDetails":
        """Return the same in normalised form; blank is None. Raises ValidationError naming the field."""
        id_no = normalise.clean_text(self.id_no)
        id_type = (self.id_type or IdentityType.RESIDENT_CARD) if id_no else None
        return replace(
            self,
            name=normalise.required_text(self.name, field="name"),
            phone=_parsed(PointKind.PHONE, self.phone),
            mail=_parsed(PointKind.MAIL, self.mail),
            wechat=_parsed(PointKind.WECHAT, self.wechat),
            tax_no=normalise.parse_credit_code(code, field="tax_no")
            if (code := normalise.clean_text(self.tax_no))
            else None,
            id_type=id_type,
            id_no=_parsed_id_no(id_no, id_type) if id_no else None,
        )

    def identity(self) -> Identity:
        """Return what a normalised partner is recognised by."""
        return Identity(kind=self.kind, name=self.name, phone=self.phone, id_no=self.id_no, tax_no=self.tax_no)


def _parsed(kind: PointKind, value: str | None) -> str | None:
    if (typed := normalise.clean_text(value)) is None:
        return None
    parse = {
        PointKind.PHONE: normalise.parse_phone,
        PointKind.MAIL: normalise.parse_mail,
        PointKind.WECHAT: normalise.parse_wechat,
    }[kind]
    return parse(typed, field=kind.value)


def _parsed_id_no(number: str, id_type: IdentityType | None) -> str:
    if id_type is IdentityType.RESIDENT_CARD:
        return normalise.parse_identity_number(number, field="id_no")
    return normalise.required_text(number, field="id_no", maximum=OTHER_ID_LENGTH).replace(" ", "").upper()


def create_partner(
    details: PartnerDetails,
    *,
    actor: User,
    owner: Employee | None = None,
    unit_id: int | None = None,
    number: str | None = None,
    keys: Collection[DuplicateKey] = ALL_KEYS,
) -> Partner:
    """Open a partner's file; without an `owner` the actor is in charge. `number` is its own, drawn for it just before.

    `unit_id` is the organisational unit that it belongs to.

    Raises ValidationError for what is malformed, and Conflict, naming who is in charge, for somebody who is on file
    by one of `keys` (P:CRM-21, S:REC-16). Without the key PHONE the number may be shared.
    """
    known = details.normalised()
    refuse_duplicates(known.identity(), keys=keys)
    in_charge = owner or employee_of(actor.id)
    partner = Partner(kind=known.kind, number=number, owner_id=in_charge.id if in_charge else None, org_unit_id=unit_id)
    _describe(partner, known)
    session.add(partner)
    for kind, value in ((PointKind.PHONE, known.phone), (PointKind.MAIL, known.mail), (PointKind.WECHAT, known.wechat)):
        if value:
            session.add(_point(partner, kind, value, shared=DuplicateKey.PHONE not in keys, is_primary=True))
    session.flush()
    set_committed_value(partner, "roles", [])  # Nobody need ask.
    return partner


def _describe(partner: Partner, known: PartnerDetails) -> None:
    partner.kind, partner.name, partner.tax_no = known.kind, known.name, known.tax_no
    partner.name_key = normalise.name_key(known.name)
    partner.pinyin = pinyin(known.name)[:PINYIN_LENGTH]
    partner.id_type, partner.id_no = known.id_type, known.id_no
    partner.id_no_hash = keyed_hash(known.id_no) if known.id_no else None
    partner.id_no_last_four = last_four(known.id_no) if known.id_no else None


def _point(partner: Partner, kind: PointKind, value: str, *, shared: bool, is_primary: bool) -> PartnerPoint:
    hashed = keyed_hash(value)
    return PartnerPoint(
        partner=partner,
        kind=kind,
        value=value,
        value_hash=hashed,
        claim_hash=hashed if kind is PointKind.PHONE and not shared else None,
        last_four=last_four(value) if kind is PointKind.PHONE else "",
        is_primary=is_primary,
    )


def details_of(partner: Partner) -> PartnerDetails:
    """Return what a file says of a partner, with the primary points."""
    primary = {point.kind.value: point.value for point in partner.points if point.is_primary}
    return PartnerDetails(
        name=partner.name,
        kind=partner.kind,
        phone=primary.get("phone"),
        mail=primary.get("mail"),
        wechat=primary.get("wechat"),
        tax_no=partner.tax_no,
        id_type=partner.id_type,
        id_no=partner.id_no,
    )


def update_partner(partner: Partner, details: PartnerDetails, *, keys: Collection[DuplicateKey] = ALL_KEYS) -> None:
    """Write a partner's file anew: `replace(details_of(partner), name="…")`. Points are set with `set_point`.

    Raises as `create_partner` does, and Conflict for an anonymised partner.
    """
    _refuse_anonymised(partner)
    known = replace(details, phone=None, mail=None, wechat=None).normalised()
    refuse_duplicates(known.identity(), keys=keys, other_than=partner)
    _describe(partner, known)
    session.flush()


def set_point(
    partner: Partner, *, kind: PointKind, value: str, is_primary: bool = False, shared: bool = False
) -> PartnerPoint:
    """Give a partner a phone number, mail address or WeChat name; one that it has already is returned.

    The first of a kind is the primary one. Raises ValidationError for a malformed value, and Conflict for a phone
    number that somebody else has, unless it may be `shared`, as a switchboard is.
    """
    _refuse_anonymised(partner)
    if (cleaned := _parsed(kind, value)) is None:
        raise ValidationError("input.required", _("This field is required."), field=kind.value)
    others = list(
        session.scalars(select(PartnerPoint).where(PartnerPoint.partner_id == partner.id, PartnerPoint.kind == kind))
    )
    point = next((other for other in others if other.value_hash == keyed_hash(cleaned)), None)
    if point is None:
        if kind is PointKind.PHONE and not shared:
            identity = Identity(kind=partner.kind, name=partner.name, phone=cleaned)
            refuse_duplicates(identity, keys=[DuplicateKey.PHONE], other_than=partner)
        point = _point(partner, kind, cleaned, shared=shared, is_primary=not others)
        session.add(point)
    if is_primary:
        for other in others:
            other.is_primary = False
        point.is_primary = True
    session.flush()
    session.expire(partner, ["points"])
    return point


def remove_point(point: PartnerPoint) -> None:
    """Take a phone number, mail address or WeChat name away; the oldest other one of its kind becomes primary."""
    partner = point.partner
    rest = list(
        session.scalars(
            select(PartnerPoint)
            .where(
                PartnerPoint.partner_id == point.partner_id,
                PartnerPoint.kind == point.kind,
                PartnerPoint.id != point.id,
            )
            .order_by(PartnerPoint.id)
        )
    )
    if point.is_primary and rest:
        rest[0].is_primary = True
    session.delete(point)
    session.flush()
    session.expire(partner, ["points"])


def add_role(partner: Partner, *, role: PartnerRoleName, since: dt.date, stage: str = "") -> PartnerRole:
    """Make a partner a prospect, customer, supplier, carrier or agent; a role it has already is returned as it is."""
    if (held := _held(partner, role)) is not None:
        return held
    added = PartnerRole(partner_id=partner.id, role=role, since=since, stage=stage)
    session.add(added)
    session.flush()
    set_committed_value(partner, "roles", [*partner.roles, added])
    return added


def drop_role(partner: Partner, *, role: PartnerRoleName) -> None:
    """Take a role from a partner; nothing happens where it has none."""
    if (held := _held(partner, role)) is not None:
        session.delete(held)
        session.flush()
        session.expire(partner, ["roles"])


def _held(partner: Partner, role: PartnerRoleName) -> PartnerRole | None:
    return next((held for held in partner.roles if held.role is role), None)


def set_stage(partner: Partner, *, role: PartnerRoleName, stage: str) -> None:
    """Move a partner on within a role. Raises NotFound if it has no such role."""
    if (held := _held(partner, role)) is None:
        raise NotFound("partner.no_role", _("%(name)s has no such role."), name=partner.name)
    held.stage = stage
    session.flush()


def relate(
    partner: Partner, *, other: Partner, kind: RelationKind, title: str = "", is_decision_maker: bool = False
) -> PartnerRelation:
    """Record that `partner` is contact, spouse, co-buyer, agent or payer of `other`; a known relation is updated."""
    if partner is other:
        raise ValidationError("partner.self_relation", _("A partner cannot be related to itself."), field="other")
    found = session.scalar(
        select(PartnerRelation).where(
            PartnerRelation.partner_id == partner.id, PartnerRelation.other_id == other.id, PartnerRelation.kind == kind
        )
    )
    relation = found or PartnerRelation(partner_id=partner.id, other_id=other.id, kind=kind)
    relation.title = normalise.optional_text(title, field="title", maximum=60) or ""
    relation.is_decision_maker = is_decision_maker
    session.add(relation)
    session.flush()
    return relation


def _refuse_anonymised(partner: Partner) -> None:
    if partner.anonymised_at is not None:
        raise Conflict("partner.anonymised", _("This partner's personal data was erased; open a new file instead."))
