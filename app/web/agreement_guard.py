"""Nobody works in a company whose confidentiality agreement he has not signed in its present version (S:CORE-18)."""

from flask import redirect, request, url_for
from flask import session as cookie
from flask_login import current_user
from werkzeug.wrappers import Response

from app.agreements.signing import has_signed
from app.agreements.versions import version_in_force, versions
from app.companies.clock import active_zone
from app.database.columns import utc_now
from app.database.context import active_company
from app.errors import NotAllowed
from app.i18n import _
from app.parameters.platform_values import NDA_REQUIRED

# What may be done without: reading and signing it, the own account, going elsewhere.
_STILL_OPEN = (
    "AgreementView.", "AccountView.", "SecondFactorView.", "LoginView.", "LocaleView.", "CompanyView.", "TokenApi.",
    "ViewingEndView.", "assets.",
)  # fmt: skip
_SIGNED = "agreed"  # In the cookie, which nobody can forge: who has signed which version.


def guard_agreement() -> Response | None:
    """Before each request, once the company is known: let nothing else be done before the agreement is signed."""
    endpoint, company_id = request.endpoint or "", active_company()
    if endpoint.endswith("static") or endpoint.startswith(_STILL_OPEN) or not current_user.is_authenticated:
        return None
    if company_id is None or company_id not in versions().get():
        return None
    today = utc_now().astimezone(active_zone()).date()
    version = version_in_force(company_id, today)
    proof = [current_user.id, version]
    if version is None or cookie.get(_SIGNED) == proof or not NDA_REQUIRED.value(today):
        return None
    if has_signed(current_user.id, version):
        if "sid" in cookie:
            cookie[_SIGNED] = proof  # Signatures are for good: the next page need not ask the database.
        return None
    if request.path.startswith("/api/"):
        raise NotAllowed("agreement.unsigned", _("Sign the confidentiality agreement of this company first."))
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("AgreementView.index", next=wanted))
