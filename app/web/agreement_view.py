"""The confidentiality agreement: everybody reads and signs it here (S:CORE-18)."""

import datetime as dt
from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.agreements.models import AgreementVersion
from app.agreements.signing import list_signatures, names_of, sign
from app.agreements.versions import version_in_force
from app.audit import record_security_event
from app.companies.clock import active_zone
from app.crud.records import call_service
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import AppError
from app.i18n import _
from app.security.login_view import next_path
from app.security.roles import acting_user
from app.web.formatting import lang


class AgreementView(BaseView):
    """The version in force, and what the user has signed."""

    route_base = "/agreement"
    default_view = "index"

    @expose("/", methods=["GET"])
    @login_required
    def index(self) -> Any:
        """Show the agreement, with the form where it is not signed yet."""
        return self._show(None)

    @expose("/sign", methods=["POST"])
    @login_required
    def sign(self) -> Any:
        """Sign, and go on to where the user wanted to go; or say what is missing."""
        agreement = _in_force() or abort(404)
        now = utc_now()
        try:
            signature = call_service(
                sign,
                agreement,
                signer=acting_user(),
                name=request.form.get("name", ""),
                agreed=request.form.get("agreed") == "1",
                language=_language(),
                on=_today(now),
                now=now,
            )
        except AppError as error:
            return self._show(error)
        record_security_event("agreement.signed", agreement=agreement.number, name=signature.name)
        flash(str(_("Thank you. You have signed the confidentiality agreement.")), "success")
        return redirect(next_path())

    def _show(self, error: AppError | None) -> Any:
        agreement, user = _in_force(), acting_user()
        signatures = list_signatures(user)
        return self.render_template(
            "agreements/agreement.html",
            title=_("Confidentiality agreement"),
            agreement=agreement,
            text=agreement.text_in(_language()) if agreement is not None else "",
            is_signed=agreement is not None and any(one.agreement_id == agreement.id for one in signatures),
            signatures=signatures,
            name=names_of(user)[0],
            typed=request.form,
            error=error,
        ), error.http_status if error is not None else 200


def _in_force() -> AgreementVersion | None:
    company_id = active_company()
    key = version_in_force(company_id, _today(utc_now())) if company_id is not None else None
    return session.get(AgreementVersion, key) if key is not None else None


def _language() -> str:
    return "zh" if lang().startswith("zh") else "en"


def _today(now: dt.datetime) -> dt.date:
    return now.astimezone(active_zone()).date()
