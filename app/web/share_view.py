"""For whom is this file? Asked before personal data leaves (S:CORE-18)."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import abort, request
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.agreements.sharing import RECIPIENT, list_shares, today
from app.database.context import active_company
from app.i18n import _
from app.security.login_view import next_path


class ShareView(BaseView):
    """Inside the company, or one of the partners with a data share of today; then the file comes."""

    route_base = "/share"
    default_view = "ask"

    @expose("/")
    @login_required
    def ask(self) -> Any:
        """Ask, and go on to the address of the file with the answer."""
        if active_company() is None or "next" not in request.args:
            abort(404)
        parts = urlsplit(next_path())
        kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != RECIPIENT]
        day = today()
        return self.render_template(
            "agreements/recipient.html",
            title=_("For whom is this file?"),
            action=parts.path,
            kept=kept,
            shares=[one for one in list_shares(day) if one.agreement.covers(day, day)],
        )
