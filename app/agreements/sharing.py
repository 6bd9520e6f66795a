"""Sharing data with somebody outside: it takes his agreement and a data share, on the day it happens (S:CORE-18)."""

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.agreements.models import DataShare, RecipientAgreement
from app.companies.clock import local_today
from app.companies.opening import get_company
from app.database.columns import read_id, utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import NotAllowed, ValidationError
from app.i18n import _
from app.masterdata.models import Partner
from app.parameters.platform_values import NDA_REQUIRED
from app.security.audit import record, record_denial

RECIPIENT = "recipient"  # The argument of an address that marks a file for somebody outside.


def open_share(*, partner_id: int, purpose: str, valid_from: dt.date, valid_to: dt.date, actor: User) -> DataShare:
    """Let data go to a partner on these days.

    Raises ValidationError for days in the wrong order, and for a partner whose agreement does not cover them all.
    """
    agreement = _covering(partner_id, valid_from, valid_to)
    share = DataShare(
        partner_id=partner_id, agreement_id=agreement.id, purpose=purpose, valid_from=valid_from, valid_to=valid_to
    )
    session.add(share)
    session.flush()
    return share


def change_share(
    share: DataShare, *, purpose: str | None = None, valid_from: dt.date | None = None, valid_to: dt.date | None = None
) -> None:
    """Change the purpose or the days of a data share. Raises as `open_share` does."""
    first, last = valid_from or share.valid_from, valid_to or share.valid_to
    agreement = _covering(share.partner_id, first, last)
    share.agreement_id, share.valid_from, share.valid_to = agreement.id, first, last
    share.purpose = purpose or share.purpose
    session.flush()


def _covering(partner_id: int, valid_from: dt.date, valid_to: dt.date) -> RecipientAgreement:
    if valid_to < valid_from:
        raise ValidationError(
            "share.days", _("The last day must not lie before %(limit)s."), field="valid_to", limit=valid_from
        )
    signed = sa.select(RecipientAgreement).where(RecipientAgreement.partner_id == partner_id)
    newest = session.scalars(signed.order_by(RecipientAgreement.signed_on.desc(), RecipientAgreement.id.desc()))
    agreement = next((one for one in newest if one.covers(valid_from, valid_to)), None)
    if agreement is None:
        raise ValidationError(
            "share.agreement",
            _("%(partner)s has signed no confidentiality agreement that covers these days."),
            field="partner_id",
            partner=str(session.get_one(Partner, partner_id)),
        )
    return agreement


def list_shares(on: dt.date) -> list[DataShare]:
    """Return the data shares of a day, by partner."""
    found = sa.select(DataShare).join(DataShare.partner).where(DataShare.valid_from <= on, DataShare.valid_to >= on)
    return list(session.scalars(found.order_by(Partner.name, DataShare.id)))


def is_agreement_wanted(on: dt.date) -> bool:
    """Tell whether the company wants agreements signed."""
    return NDA_REQUIRED.value(on)


def check_recipient(arguments: Mapping[str, str], *, what: str, actor: User) -> None:
    """Raise NotAllowed for a file that is marked for a partner without a data share of today; it is recorded.

    A file that is marked for nobody stays in the company.
    """
    partner = _recipient(arguments)
    day = today()
    if partner is not None and is_agreement_wanted(day) and _share(partner.id, day) is None:
        record_denial(actor.id, verb="share", resource=what, partner=partner.id)
        raise NotAllowed(
            "share.refused",
            _("Nothing may go to %(partner)s: there is no data share of today under a confidentiality agreement."),
            field=RECIPIENT,
            partner=str(partner),
        )


def note_share(arguments: Mapping[str, str], *, what: str, rows: int, actor: User) -> None:
    """Record for whom a file was made that is marked for somebody outside."""
    partner = _recipient(arguments)
    if partner is not None:
        share = _share(partner.id, today())
        record(
            "data.shared",
            user_id=actor.id,
            resource=what,
            rows=rows,
            partner=partner.id,
            share=share.id if share is not None else None,
        )


def _recipient(arguments: Mapping[str, str]) -> Partner | None:
    raw = arguments.get(RECIPIENT, "")
    if not raw:
        return None
    key = read_id(raw)
    partner = session.get(Partner, key) if key is not None else None
    if partner is None:
        raise ValidationError("share.recipient", _("Choose for whom the file is."), field=RECIPIENT)
    return partner


def _share(partner_id: int, on: dt.date) -> DataShare | None:
    """Return a data share of a day whose agreement is still in force."""
    return next((one for one in list_shares(on) if one.partner_id == partner_id and one.agreement.covers(on, on)), None)


def today() -> dt.date:
    """Return the active company's day."""
    return local_today(get_company(active_company() or 0), utc_now())
