"""Recording that somebody has signed the agreement on paper, with the scan (S:CORE-18)."""

from typing import Any

from flask import current_app, request
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.agreements.models import AgreementVersion
from app.agreements.signing import list_unsigned, record_paper
from app.audit import record_security_event
from app.companies.clock import active_zone
from app.companies.memberships import member_named
from app.crud.attached import add_file
from app.crud.page import Page
from app.database.columns import read_id, utc_now
from app.database.session import session
from app.errors import Text, ValidationError
from app.i18n import _
from app.masterdata.normalise import parse_date


class PaperPage(Page):
    """Who has not signed a version yet, and the form for a paper."""

    resource = "agreements.Paper"
    title = _("Signatures on paper")
    template = "agreements/paper.html"
    kept = ("agreement", "username", "signed_on")

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the versions, and who is missing under the one chosen, or the latest."""
        versions = session.scalars(select(AgreementVersion).order_by(AgreementVersion.number.desc())).all()
        asked = read_id(arguments.get("agreement"))
        chosen = next((one for one in versions if one.id == asked), versions[0] if versions else None)
        return {
            "versions": versions,
            "chosen": chosen,
            "unsigned": list_unsigned(chosen.id) if chosen is not None else [],
            "username": arguments.get("username", ""),
            "signed_on": arguments.get("signed_on", ""),
            "today": utc_now().astimezone(active_zone()).date(),
        }


def record(*, actor: User, values: dict[str, str]) -> Text:
    """Keep one paper and its scan, or neither.

    Raises ValidationError for a version, a user, a day or a scan that is missing.
    """
    key = read_id(values.get("agreement"))
    agreement = session.get(AgreementVersion, key) if key is not None else None
    if agreement is None:
        raise ValidationError("agreement.version", _("Choose the version that was signed."), field="agreement")
    signer = member_named(values.get("username", ""))
    if signer is None:
        raise ValidationError("agreement.signer", _("Choose who has signed."), field="username")
    now = utc_now()
    signed_on, today = parse_date(values.get("signed_on", ""), field="signed_on"), now.astimezone(active_zone()).date()
    signature = record_paper(agreement, signer=signer, signed_on=signed_on, today=today, now=now)
    view = current_app.extensions["crud_views"]["agreements.Signature"]
    add_file(view, signature, sent=request.files.get("file"), actor=actor, now=now)
    record_security_event("agreement.paper", agreement=agreement.number, signer=signer.username)
    return _("Saved.")


PaperPage.actions = {"record": ("record", record)}
