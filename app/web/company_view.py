"""Switching the active company."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, url_for
from flask_appbuilder import BaseView, expose
from flask_login import current_user, login_required

from app.companies.memberships import is_member
from app.companies.models import Company
from app.database.context import active_company, viewer_id
from app.security.held_roles import entered_companies
from app.security.logins import choose_company


class CompanyView(BaseView):
    """The switcher in the top bar."""

    route_base = "/company"
    default_view = "switch"

    @expose("/<int:company_id>", methods=["POST"])
    @login_required
    def switch(self, company_id: int) -> Any:
        """Enter a company that the user is a member of; any other is no such page."""
        if not is_member(current_user.id, company_id):
            abort(404)
        choose_company(company_id)
        return redirect(url_for("HomeView.index"))


def companies() -> tuple[Sequence[Company], Company | None]:
    """Return the companies of the current user, and the active one, for the top bar."""
    if not current_user.is_authenticated:
        return [], None
    own = entered_companies(current_user.id)
    active = next((company for company in own if company.id == active_company()), None)
    if viewer_id() is not None:  # Where else the viewed user works is none of the viewer's business.
        return [active] if active is not None else [], active
    return own, active
