"""The home page: figures, add-ons, and what waits."""

from typing import Any
from urllib.parse import urlencode

from flask import current_app, redirect, url_for
from flask_appbuilder import IndexView, expose
from flask_login import current_user

from app.companies.clock import local_today
from app.companies.models import Company
from app.crud.home_card import HomeCard
from app.crud.view import view_of
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.i18n import _
from app.security.gate import is_open
from app.security.roles import acting_user, may
from app.web.navigation import nav


class HomeView(IndexView):
    """Shows a logged-in user the day; sends a stranger to the log-in."""

    index_template = "home.html"

    @expose("/")
    def index(self) -> Any:
        """Show the home page."""
        if not current_user.is_authenticated:
            return redirect(url_for(f"{self.appbuilder.sm.auth_view.endpoint}.login"))
        company_id = active_company()
        company = session.get(Company, company_id) if company_id else None
        now = utc_now()
        today = local_today(company, now) if company else now.date()
        cards = [_shown(card, today) for card in current_app.extensions["home_cards"] if company and _is_open(card)]
        tiles = [group for group in nav() if group.get("childs")]
        return self.render_template(
            self.index_template, title=_("Home"), cards=cards, tiles=tiles, today=today, company=company
        )


def _is_open(card: HomeCard) -> bool:
    return is_open(card.resource) and may(acting_user(), "list", card.resource)


def _shown(card: HomeCard, today: Any) -> dict[str, Any]:
    figure, view = card.figure(acting_user(), today), view_of(card.resource)
    return {
        "name": card.name,
        "label": card.label,
        "icon": card.icon,
        "value": figure.value,
        "note": figure.note,
        "trend": list(figure.trend),
        "tone": figure.tone,
        "url": f"{url_for(f'{view.endpoint}.list')}?{urlencode(card.query)}" if view is not None else None,
    }
