"""Who can be mentioned."""

from typing import Any

from flask import jsonify, request
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.database.context import active_company
from app.documents.mentions import find_colleagues


class ColleagueView(BaseView):
    """The members of the active company, by name: everybody here may address them."""

    route_base = "/colleagues"
    default_view = "find"

    @expose("/")
    @login_required
    def find(self) -> Any:
        """Answer the picker that an @ opens."""
        found = find_colleagues(request.args.get("q", "")) if active_company() is not None else []
        return jsonify([{"id": key, "name": name, "username": username} for key, name, username in found])
