"""Recording that somebody has signed the agreement on paper, with the scan (S:CORE-18)."""

from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.agreements.models import AgreementVersion
from app.agreements.signing import list_unsigned, record_paper
from app.audit import record_security_event
from app.companies.clock import active_zone
from app.companies.models import Membership
from app.crud.attached import add_file
from app.crud.page import Page
from app.crud.records import call_service
from app.database.columns import read_id, utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import AppError, ValidationError
from app.i18n import _
from app.masterdata.normalise import parse_date
from app.security.roles import acting_user, require


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

    @expose("/<name>", methods=["POST"])
    @has_access
    def act(self, name: str) -> Any:
        """Keep the signature with its scan, or neither."""
        if name not in self.actions:
            abort(404)
        typed: dict[str, Any] = {key: request.form.get(key, "") for key in self.kept}
        verb, function = self.actions[name]
        try:
            require(acting_user(), verb, self.resource)
            call_service(function, actor=acting_user(), values=typed)
        except AppError as error:
            flash(str(error), "danger")
            return redirect(url_for(f"{self.endpoint}.show", **typed))
        flash(str(_("Saved.")), "success")
        return redirect(url_for(f"{self.endpoint}.show", agreement=typed["agreement"]))


def record(*, actor: User, values: dict[str, str]) -> None:
    """Keep one paper. Raises ValidationError for a version, a user, a day or a scan that is missing."""
    key = read_id(values["agreement"])
    agreement = session.get(AgreementVersion, key) if key is not None else None
    if agreement is None:
        raise ValidationError("agreement.version", _("Choose the version that was signed."), field="agreement")
    members = select(Membership.user_id).where(Membership.company_id == active_company())
    signer = session.scalar(
        select(User).where(User.username == values["username"].strip(), User.active.is_(True), User.id.in_(members))
    )
    if signer is None:
        raise ValidationError("agreement.signer", _("Choose who has signed."), field="username")
    now = utc_now()
    signed_on, today = parse_date(values["signed_on"], field="signed_on"), now.astimezone(active_zone()).date()
    signature = record_paper(agreement, signer=signer, signed_on=signed_on, today=today, now=now)
    view = current_app.extensions["crud_views"]["agreements.Signature"]
    add_file(view, signature, sent=request.files.get("file"), actor=actor, now=now)
    record_security_event("agreement.paper", agreement=agreement.number, signer=signer.username)


PaperPage.actions = {"record": ("record", record)}
