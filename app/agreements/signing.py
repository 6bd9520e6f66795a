"""Signing the agreement: on the screen by oneself, or on paper as somebody else records it (S:CORE-18)."""

import datetime as dt

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.agreements.models import AgreementVersion, Signature, SigningWay
from app.companies.models import Employee, Membership
from app.companies.org import employee_of
from app.database.context import active_company
from app.database.session import session
from app.errors import Conflict, ValidationError
from app.i18n import _


def has_signed(user_id: int, agreement_id: int) -> bool:
    """Tell whether a user has signed a version."""
    mine = sa.select(Signature.id).where(Signature.user_id == user_id, Signature.agreement_id == agreement_id)
    return session.scalar(mine) is not None


def sign(
    agreement: AgreementVersion, *, signer: User, name: str, agreed: bool, language: str, on: dt.date, now: dt.datetime
) -> Signature:
    """Sign as oneself. Raises ValidationError without the tick or for another name, Conflict the second time (R1)."""
    if not agreed:
        raise ValidationError("agreement.tick", _("Confirm that you have read the agreement."), field="agreed")
    name = " ".join(name.split())
    if name not in names_of(signer):
        raise ValidationError(
            "agreement.name", _("Type your name as it stands here: %(name)s"), field="name", name=names_of(signer)[0]
        )
    return _keep(agreement, signer, name, SigningWay.ON_SCREEN, language=language, signed_on=on, now=now)


def record_paper(
    agreement: AgreementVersion, *, signer: User, signed_on: dt.date, today: dt.date, now: dt.datetime
) -> Signature:
    """Note that somebody has signed on paper; whoever calls attaches the scan.

    Raises ValidationError for a day in the future, Conflict for somebody who has signed already.
    """
    if signed_on > today:
        raise ValidationError(
            "agreement.future", _("The day must not lie after %(limit)s."), field="signed_on", limit=today
        )
    return _keep(agreement, signer, names_of(signer)[0], SigningWay.PAPER, language="", signed_on=signed_on, now=now)


def names_of(user: User) -> list[str]:
    """Return what a user may sign with: his name as an employee, and that of his account."""
    employee = employee_of(user.id)
    own = " ".join(user.get_full_name().split())
    return list(dict.fromkeys([employee.name, own] if employee is not None else [own]))


def list_signatures(user: User) -> list[Signature]:
    """Return what a user has signed, the latest first."""
    return list(session.scalars(sa.select(Signature).where(Signature.user_id == user.id).order_by(Signature.id.desc())))


def list_unsigned(agreement_id: int) -> list[tuple[str, str]]:
    """Return the user name and the name of the company's active members who have not signed a version, by name."""
    name = sa.func.coalesce(Employee.name, User.first_name + " " + User.last_name).label("name")
    members = sa.select(Membership.user_id).where(Membership.company_id == active_company())
    signed = sa.select(Signature.user_id).where(Signature.agreement_id == agreement_id)
    found = (
        sa.select(User.username, name)
        .outerjoin(Employee, Employee.user_id == User.id)
        .where(User.active.is_(True), User.id.in_(members), User.id.not_in(signed))
        .order_by(name, User.id)
    )
    return [(username, str(shown).strip()) for username, shown in session.execute(found)]


def _keep(
    agreement: AgreementVersion,
    signer: User,
    name: str,
    way: SigningWay,
    *,
    language: str,
    signed_on: dt.date,
    now: dt.datetime,
) -> Signature:
    if has_signed(signer.id, agreement.id):
        raise Conflict("agreement.signed", _("%(name)s has signed this version already."), field="username", name=name)
    made = Signature(
        agreement_id=agreement.id,
        user_id=signer.id,
        name=name,
        way=way,
        language=language,
        signed_on=signed_on,
        recorded_at=now,
    )
    session.add(made)
    session.flush()
    return made
