"""The home page: figures, add-ons, and what waits."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, redirect, request, url_for
from flask_appbuilder import IndexView, expose
from flask_login import current_user, login_required

from app.companies.clock import active_zone, local_today
from app.companies.models import Company
from app.crud.home_card import HomeCard
from app.crud.home_cards import home_cards, move_card
from app.crud.records import call_service
from app.crud.view import view_of
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import ValidationError
from app.i18n import _
from app.parameters.platform_values import PER_ROLE, WIDGETS
from app.reports import Report, chart_of, list_rows, read_arguments, seen_by
from app.security.gate import is_open
from app.security.roles import acting_user, may
from app.web.announcements_page import unread_announcements
from app.web.navigation import nav

CHART_ROWS = 60  # More bars cannot be told apart.


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
        cards = [_shown(card, today) for card in _cards()] if company else []
        charts = [_drawn(one, today) for one in current_app.extensions["home_charts"] if company and _is_open(one)]
        tiles = [group for group in nav() if group.get("childs")]
        return self.render_template(
            self.index_template,
            title=_("Home"),
            cards=cards,
            charts=[chart for chart in charts if chart is not None],
            tiles=tiles,
            announcements=unread_announcements(),
            today=today,
            company=company,
        )

    @expose("/home/figures")
    @login_required
    def figures(self) -> Any:
        """Show the reader's figures in a list, to be put in order."""
        cards = _cards() if active_company() is not None else []
        return self.render_template("home_figures.html", title=_("Figures on the home page"), cards=cards)

    @expose("/home/figures/move", methods=["POST"])
    @login_required
    def move(self) -> Any:
        """Put one figure before its neighbour, or after the next one."""
        if active_company() is None:
            abort(404)
        up, name = request.form.get("way") == "up", request.form.get("card", "")
        call_service(move_card, acting_user(), name, up=up, per_role=_per_role())
        return redirect(url_for("HomeView.figures", moved=name))


def _cards() -> list[HomeCard]:
    """Return the cards of the reader, in his order."""
    return home_cards(acting_user(), per_role=_per_role())


def _per_role() -> bool:
    return WIDGETS.value(utc_now().astimezone(active_zone()).date()) == PER_ROLE


def _is_open(shown: Report) -> bool:
    return is_open(shown.resource) and may(acting_user(), "list", shown.resource)


def _drawn(report: Report, today: dt.date) -> dict[str, Any] | None:
    """Return the chart of a report as it is without anything typed, and its address; None of what may not be seen."""
    zone = active_zone()
    arguments = read_arguments(report, {}, actor=acting_user(), today=today, zone=zone)
    try:
        report = seen_by(report, arguments)
        rows = list_rows(report, arguments, limit=CHART_ROWS)
    except ValidationError:  # It needs what this reader may not see.
        return None
    if report.chart is None:
        return None
    return {
        "title": report.title,
        "chart": chart_of(report, rows, zone=zone),
        "url": url_for("ReportView.show", name=report.name),
        "kind": report.chart.kind,
    }


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
