"""What the command palette and the home page fetch: records, new ones, and those opened last."""

from typing import Any

from flask import current_app, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.sqla.models import User
from flask_login import login_required

from app.crud.finding import find_records
from app.crud.models import LONGEST_FILTER_NAME
from app.crud.recent import list_recent, note_opened
from app.crud.saved_filters import list_filters
from app.database.columns import utc_now
from app.database.context import active_company
from app.i18n import _
from app.security.gate import is_open
from app.security.roles import acting_user, may, subject_of, subject_text
from app.web.formatting import tr
from app.web.navigation import nav

MOST_FILTERS = 6


class PaletteView(BaseView):
    """Asked once for each pause in typing, and once when the palette opens."""

    route_base = "/palette"
    default_view = "find"

    @expose("/")
    @login_required
    def find(self) -> Any:
        """Show the records that match; without a text, those opened last and what can be created."""
        actor, text = acting_user(), request.args.get("q", "").strip()
        groups: list[tuple[str, list[dict[str, str]]]] = []
        if active_company() is not None:
            found = find_records(text, actor=actor)
            groups = [(_title_of(resource), _shown(records)) for resource, records in found]
            if not text:
                groups = [(str(_("Opened last")), _shown(list_recent(actor)))]
            groups.append((str(_("Saved filters")), _filters(text, actor)))
            groups.append((str(_("New")), [one for one in _new_ones(actor) if text.lower() in one["words"]]))
        return self.render_template("shell/palette_found.html", groups=[one for one in groups if one[1]])

    @expose("/recent")
    @login_required
    def recent(self) -> Any:
        """Show what the user opened last, for the home page."""
        found = list_recent(acting_user()) if active_company() is not None else []
        return self.render_template("shell/recent.html", records=_shown(found))

    @expose("/opened/<resource>/<int:record_id>", methods=["POST"])
    @login_required
    def opened(self, resource: str, record_id: int) -> Any:
        """Note that the user opened a record; its page says so once it is there, so that reading stays reading."""
        note_opened(resource, record_id, actor=acting_user(), now=utc_now())
        return "", 204


def _new_ones(actor: User) -> list[dict[str, str]]:
    """Return the add forms that the actor may use."""
    found = []
    for view in current_app.extensions["crud_views"].values():
        if "add" in view.verbs and is_open(view.resource) and may(actor, "add", view.resource):
            what = str(subject_text(view.resource))
            text = str(_("New: %(what)s")) % {"what": what}
            noun = subject_of(view.resource)
            words = f"{text} new {noun} 新建{what}".lower()
            found.append({"text": text, "url": url_for(f"{view.endpoint}.add"), "icon": "plus", "words": words})
    return found


def _filters(text: str, actor: User) -> list[dict[str, str]]:
    """Return the saved filters that match, each leading to its list."""
    return [
        {
            "text": one.name,
            "note": str(tr(view.title)),
            "url": f"{url_for(f'{view.endpoint}.list')}?{one.query}",
            "icon": "users" if one.is_shared else "bookmark",
            "words": "",
        }
        for view, one in list_filters(text[:LONGEST_FILTER_NAME], actor=actor, limit=MOST_FILTERS)
    ]


def _shown(records: Any) -> list[dict[str, str]]:
    icons = {entry["url"]: entry["icon"] for group in nav() for entry in group["childs"]}
    return [
        {
            "text": one.title,
            "note": str(subject_text(one.resource)),
            "url": one.url,
            "icon": icons.get(f"{one.url.rpartition('/show/')[0]}/list/") or "file-text",
            "words": "",
        }
        for one in records
    ]


def _title_of(resource: str) -> str:
    return str(tr(current_app.extensions["crud_views"][resource].title))
