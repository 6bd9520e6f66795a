"""Other statistics: every list that the reader may group, and what was kept under a name (S:R-24)."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_appbuilder.security.sqla.models import User

from app.crud.models import SavedFilter
from app.crud.page import Page
from app.crud.saved_filters import address_of, is_pivot
from app.crud.view import CrudView
from app.database.session import session
from app.i18n import _
from app.security.gate import is_open
from app.security.roles import may

RESOURCE = "statistics.Other"


class OtherStatisticsPage(Page):
    """Where statistics of one's own begin, by area of the menu."""

    resource = RESOURCE
    title = _("Other statistics")
    template = "statistics/other.html"

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the lists that the actor may see, by add-on, and the statistics that he or somebody for all kept."""
        views = {
            resource: view
            for resource, view in current_app.extensions["crud_views"].items()
            if is_open(resource) and may(actor, "list", resource)
        }
        titles = {
            setup.name: setup.manifest.title
            for setup in [*current_app.extensions["setups"], *current_app.extensions["rooms"]]
        }
        groups: dict[str, list[dict[str, Any]]] = {}
        for resource, view in views.items():
            entry = {"title": view.title, "url": url_for(f"{view.endpoint}.pivot")}
            groups.setdefault(titles[resource.partition(".")[0]], []).append(entry)
        return {"groups": groups, "kept": _kept(views, actor)}


def _kept(views: Mapping[str, CrudView], actor: User) -> list[dict[str, Any]]:
    """Return the statistics of these lists that are offered to the actor, his own first."""
    mine = SavedFilter.user_id == actor.id
    rows = session.execute(
        sa.select(SavedFilter, User)
        .join(User, User.id == SavedFilter.user_id)
        .where(SavedFilter.resource.in_(views), mine | SavedFilter.is_shared)
        .order_by(mine.desc(), SavedFilter.name, SavedFilter.id)
    ).all()
    return [
        {
            "name": one.name,
            "url": address_of(views[one.resource], one.query),
            "list": views[one.resource].title,
            "sharer": "" if owner.id == actor.id else owner.get_full_name(),
        }
        for one, owner in rows
        if is_pivot(one.query)
    ]
