"""Archiving and restoring master data; a record that others point at is archived, never deleted (S:REC-14)."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement

from app.crud.records import call_service
from app.database.archiving import Archivable, only_live
from app.database.base import CompanyModel
from app.database.columns import utc_now
from app.database.session import session
from app.errors import AppError, Conflict, Text
from app.i18n import _
from app.security.roles import acting_user, may
from app.security.scope import reaches

if TYPE_CHECKING:
    from app.crud.view import CrudView

OFFER = "offer_archive"  # In the address of a record whose deletion was refused: it can be archived instead.


def archive_record(record: Any, *, actor: User, now: dt.datetime | None = None) -> None:
    """Put a record away: no list and no reference offers it, whatever uses it still shows it."""
    record.archived_at = record.archived_at or now or utc_now()
    session.flush()


def restore_record(record: Any, *, actor: User) -> None:
    """Bring an archived record back. Raises Conflict for one that was merged into another."""
    if getattr(record, "merged_into_id", None) is not None:
        raise Conflict("record.merged", _("This record was merged into another one."))
    record.archived_at = None
    session.flush()


def shown_ones(model: type[CompanyModel], *, archived: bool) -> list[ColumnElement[bool]]:
    """Return the conditions of a list: the live rows, or only the archived ones."""
    live = only_live(model)
    return [~condition for condition in live] if archived else live


def shows_archived(arguments: Mapping[str, str]) -> bool:
    """Tell whether the address of a list asks for the archived records."""
    return arguments.get("archived") == "1"


def archive_links(view: "CrudView", record: Any, actor: User) -> dict[str, Any]:
    """Return what the page of a record needs to archive or restore it, for those who may delete it."""
    if not issubclass(view.model, Archivable) or "delete" not in view.verbs:
        return {}
    allowed = may(actor, "delete", view.resource) and reaches(actor, record, verb="delete")
    is_archived = record.archived_at is not None
    verb = "restore" if is_archived else "archive"
    return {
        "is_archived": is_archived,
        f"{verb}_url": url_for(f"{view.endpoint}.{verb}", pk=record.id) if allowed else None,
        "offers_archive": allowed and not is_archived and OFFER in request.args,
    }


class ArchivePages:
    """The two verbs as routes of a generated view; of models that are not archived there is no such page."""

    @expose("/archive/<pk>", methods=["POST"])
    @has_access
    def archive(self, pk: str) -> Any:
        """Put one record away. POST only."""
        return self._put(pk, archive_record, _("Archived."))

    @expose("/restore/<pk>", methods=["POST"])
    @has_access
    def restore(self, pk: str) -> Any:
        """Bring one record back. POST only."""
        return self._put(pk, restore_record, _("Restored."))

    def _put(self, pk: str, service: Callable[..., None], done: Text) -> Any:
        view: Any = self
        record = view.record_or_404(pk, verb="delete")
        if not issubclass(view.model, Archivable):
            abort(404)
        try:
            call_service(service, record, actor=acting_user())
            flash(str(done), "success")
        except AppError as error:
            flash(str(error), "danger")
        return redirect(url_for(f"{view.endpoint}.show", pk=pk))
