"""What happened to a record, and saying something about it, as pages of a generated view."""

from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder import expose, has_access

from app.crud import record_page
from app.crud.records import call_service
from app.crud.remarks import say
from app.security.roles import acting_user


class ActivityPages:
    """Both answer the list of what happened; a script puts it into the page of the record."""

    @expose("/activity/<pk>")
    @has_access
    def activity(self: Any, pk: str) -> Any:
        """Show what happened to a record: the page of the record fetches it once it stands."""
        context = record_page.activity_context(self, self.record_or_404(pk), is_whole="all" in request.args)
        return self.render_template("crud/activity.html", **context)

    @expose("/comment/<pk>", methods=["POST"])
    @has_access
    def comment(self: Any, pk: str) -> Any:
        """Add a comment, and answer with the activity list; without a script, with the page."""
        record = self.record_or_404(pk)
        body, mentions = request.form.get("body", ""), request.form.getlist("mentions")
        call_service(say, self, record, body=body, mentions=mentions, actor=acting_user())
        if "HX-Request" not in request.headers:
            return redirect(url_for(f"{self.endpoint}.show", pk=pk))
        return self.render_template("crud/activity.html", **record_page.activity_context(self, record))
