"""Personal data: consent, opting out, and erasure on request (P:CRM-22; PIPL Art. 13, 17, 29, 47)."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Select, or_, select

from app.audit.security_events import record_security_event
from app.database.erasure import clear_attached, star_out
from app.database.personal import clear_personal
from app.database.session import session
from app.errors import Conflict
from app.events.bus import publish
from app.i18n import LazyString, _
from app.masterdata.choices import ConsentPurpose, EraseState, PointKind
from app.masterdata.events import PartnerAnonymised
from app.masterdata.models import Address, Consent, EraseRequest, InvoiceTitle, Partner, PartnerPoint, PartnerRelation
from app.masterdata.normalise import is_mobile, required_text
from app.search.tokenizer import number_hash
from app.security.scope import resource_of

_BLOCKERS = "erasure_blockers"
SOURCE_LENGTH = 100
REFUSAL_LENGTH = 400
OPEN_STATES = (EraseState.PROPOSED, EraseState.REQUESTED)

# Answers why the law wants a partner's data kept, or None. Asked whether its add-on is switched on or not.
ErasureBlocker = Callable[[Partner], str | LazyString | None]


def record_consent(partner: Partner, *, purpose: ConsentPurpose, source: str, now: dt.datetime) -> Consent:
    """Record that a partner agreed to a purpose, and how; a consent in force already is returned.

    Raises ValidationError for a blank `source` (R1).
    """
    cleaned = required_text(source, field="source", maximum=SOURCE_LENGTH)
    for consent in _consents(partner, purpose):
        if consent.is_in_force(now):
            return consent
    given = Consent(partner_id=partner.id, purpose=purpose, source=cleaned, given_at=now)
    session.add(given)
    session.flush()
    return given


def withdraw_consent(partner: Partner, *, purpose: ConsentPurpose, now: dt.datetime) -> None:
    """End a partner's consent to a purpose. Raises Conflict if there is none in force (R2)."""
    in_force = [consent for consent in _consents(partner, purpose) if consent.is_in_force(now)]
    if not in_force:
        raise Conflict("consent.none", _("There is no consent to withdraw."), field="purpose")
    for consent in in_force:
        consent.withdrawn_at = now
    session.flush()


def _consents(partner: Partner, purpose: ConsentPurpose) -> list[Consent]:
    statement = select(Consent).where(Consent.partner_id == partner.id, Consent.purpose == purpose)
    return list(session.scalars(statement.order_by(Consent.given_at, Consent.id)))


def opt_out(partner: Partner, *, now: dt.datetime, kind: PointKind | None = None) -> None:
    """Stop contacting a partner by one kind of point, or altogether: then a consent to marketing ends too."""
    _set_opt_out(partner, kind, opt_out=True)
    if kind is None:
        for consent in _consents(partner, ConsentPurpose.MARKETING):
            if consent.is_in_force(now):
                consent.withdrawn_at = now
    session.flush()


def opt_in(partner: Partner, *, kind: PointKind | None = None) -> None:
    """Take an opt-out back; marketing still needs a new consent."""
    _set_opt_out(partner, kind, opt_out=False)
    session.flush()


def _set_opt_out(partner: Partner, kind: PointKind | None, *, opt_out: bool) -> None:
    for point in _points(partner):
        if kind in {None, point.kind}:
            point.opt_out = opt_out


def _points(partner: Partner) -> list[PartnerPoint]:
    return list(session.scalars(select(PartnerPoint).where(PartnerPoint.partner_id == partner.id)))


def may_contact(partner: Partner, *, purpose: ConsentPurpose, now: dt.datetime) -> bool:
    """Tell whether a partner may be contacted for a purpose; `contact_refusal` says why not."""
    return contact_refusal(partner, purpose=purpose, now=now) is None


def contact_refusal(
    partner: Partner,
    *,
    purpose: ConsentPurpose,
    now: dt.datetime,
    points: Sequence[PartnerPoint] | None = None,
    consents: Sequence[Consent] | None = None,
) -> LazyString | None:
    """Return why a partner may not be contacted, or None.

    Serving a customer needs no consent, unless one was withdrawn; any other purpose needs one. Whoever has opted out
    of every way to be reached is not contacted at all. `points` and `consents` are all of the partner's, from whoever
    has read them already.
    """
    if partner.anonymised_at is not None:
        return _("This partner's personal data was erased; open a new file instead.")
    points = _points(partner) if points is None else points
    if points and all(point.opt_out for point in points):
        return _("This partner does not want to be contacted.")
    consents = _consents(partner, purpose) if consents is None else [one for one in consents if one.purpose is purpose]
    if any(consent.is_in_force(now) for consent in consents):
        return None
    if purpose is ConsentPurpose.SERVICE and not consents:
        return None
    return _("This partner has not agreed to this purpose.")


def text_refusal(
    partner: Partner,
    point: PartnerPoint | None,
    *,
    now: dt.datetime,
    points: Sequence[PartnerPoint] | None = None,
    consents: Sequence[Consent] | None = None,
) -> LazyString | None:
    """Return why a partner may not be sent a text message at this number, or None (S:REC-22)."""
    if point is None:
        return _("There is no phone number on file.")
    if point.opt_out:
        return _("This number has opted out of messages.")
    if not is_mobile(point.value):
        return _("The number on file is no mobile number.")
    return contact_refusal(partner, purpose=ConsentPurpose.SERVICE, now=now, points=points, consents=consents)


def register_erasure_blocker(app: Flask, blocker: ErasureBlocker) -> None:
    """Have a function asked before a partner's data is erased."""
    app.extensions.setdefault(_BLOCKERS, []).append(blocker)


def erasure_refusals(partner: Partner) -> list[str]:
    """Return every reason for which the law wants this partner's data kept."""
    blockers = cast("list[ErasureBlocker]", current_app.extensions.get(_BLOCKERS, []))
    return [str(reason) for blocker in blockers if (reason := blocker(partner))]


def request_erasure(partner: Partner, *, source: str, now: dt.datetime) -> EraseRequest:
    """Record that a partner wants the data erased, and how that was said; an open request is returned.

    The security log keeps that it was asked for, whatever becomes of the transaction.
    """
    cleaned = required_text(source, field="source", maximum=SOURCE_LENGTH)
    request = _open_request(partner)
    if request is None:
        request = EraseRequest(partner_id=partner.id, requested_at=now, source=cleaned)
        session.add(request)
    elif request.state is EraseState.PROPOSED:  # What the person says counts for more than what the platform noticed.
        request.state, request.requested_at, request.source = EraseState.REQUESTED, now, cleaned
    session.flush()
    note_erasure("erasure.requested", partner)
    return request


def propose_erasures(partner_ids: Select[int], *, source: str, now: dt.datetime) -> int:
    """Propose to erase the data of these partners, and return of how many; people decide.

    Left out is who has ever had a request: what people have decided to keep is not proposed each day again.
    """
    asked = select(EraseRequest.partner_id)
    due = select(Partner.id).where(
        Partner.id.in_(partner_ids), Partner.anonymised_at.is_(None), Partner.id.not_in(asked)
    )
    made = [
        EraseRequest(partner_id=key, requested_at=now, source=source, state=EraseState.PROPOSED)
        for key in session.scalars(due.order_by(Partner.id))
    ]
    session.add_all(made)
    session.flush()
    return len(made)


def _open_request(partner: Partner) -> EraseRequest | None:
    return session.scalar(
        select(EraseRequest).where(EraseRequest.partner_id == partner.id, EraseRequest.state.in_(OPEN_STATES))
    )


def decide_erasure(request: EraseRequest, *, now: dt.datetime) -> EraseState:
    """Erase what was asked to be erased, or refuse with the reasons; either is recorded in the request.

    Raises Conflict for a request that is decided already (R2).
    """
    if request.state not in OPEN_STATES:
        raise Conflict("erasure.decided", _("This request was decided already."), field="state")
    reasons = erasure_refusals(request.partner)
    if reasons:
        request.state, request.refusal = EraseState.REFUSED, " ".join(reasons)[:REFUSAL_LENGTH]
        note_erasure("erasure.refused", request.partner)
    else:
        anonymise_partner(request.partner, now=now)
        request.state = EraseState.ERASED
    request.decided_at = now
    session.flush()
    return request.state


def note_erasure(kind: str, partner: Partner) -> None:
    """Tell the security log, which outlives a roll-back; without words that may name the person: it never changes."""
    record_security_event(kind, resource=resource_of(Partner), record_id=partner.id)


def anonymise_partner(partner: Partner, *, now: dt.datetime) -> None:
    """Remove all that says who a partner is; the file's number, its roles and what refers to it stay.

    Raises Conflict with the reasons while the law wants the data kept (R2).
    """
    if partner.anonymised_at is not None:
        return
    if reasons := erasure_refusals(partner):
        note_erasure("erasure.refused", partner)
        raise Conflict("partner.needed", _("The data must be kept: %(reasons)s"), reasons=" ".join(reasons))
    points = _points(partner)
    claimed = [number_hash(point.value) for point in points if point.claim_hash is not None]
    words = _words(partner, points)
    for point in points:
        session.delete(point)
    for model in (Address, InvoiceTitle):
        for row in session.scalars(select(model).where(model.partner_id == partner.id)):
            session.delete(row)
    for relation in session.scalars(
        select(PartnerRelation).where(
            or_(PartnerRelation.partner_id == partner.id, PartnerRelation.other_id == partner.id)
        )
    ):
        session.delete(relation)
    clear_attached(resource_of(Partner), partner.id)
    clear_personal(partner)
    partner.name = f"*** {partner.number or partner.id}"
    partner.anonymised_at = now
    session.flush()
    session.expire(partner, ["points"])
    publish(PartnerAnonymised(company_id=partner.company_id, partner_id=partner.id, phone_hashes=claimed))
    star_out(words, table=Partner.__tablename__, record_id=partner.id)
    for merged in session.scalars(select(Partner).where(Partner.merged_into_id == partner.id)).all():
        anonymise_partner(merged, now=now)  # What was double when two files became one stayed with the other.


def _words(partner: Partner, points: Iterable[PartnerPoint]) -> set[str]:
    """Return what other people's texts may call this partner."""
    known = (partner.name, partner.id_no, partner.tax_no, *(point.value for point in points))
    return {word for word in known if word}
