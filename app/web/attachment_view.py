"""The files of records, for browsers."""

from typing import Any

from flask import Response, flash, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.crud.attached import LONGEST_BATCH, add_file, attachments_box, find_attachment, record_with_files, remove_file
from app.database.columns import utc_now
from app.documents.file_types import FILE_TYPES
from app.documents.models import Attachment
from app.documents.stored_files import stored_path
from app.errors import AppError, NotFound, ValidationError
from app.i18n import _
from app.security.roles import acting_user

_UNITS = ((2**20, "MB"), (2**10, "kB"))


class AttachmentView(BaseView):
    """Whoever sees a record may fetch its files; whoever may edit it adds and deletes them."""

    route_base = "/attachments"
    default_view = "fetch"

    @expose("/<int:attachment_id>", methods=["GET"])
    @login_required
    def fetch(self, attachment_id: int) -> Response:
        """Send a file, to be saved and never to be shown inside the application."""
        return send_attachment(find_attachment(attachment_id, actor=acting_user()))

    @expose("/<resource>/<pk>", methods=["POST"])
    @login_required
    def add(self, resource: str, pk: str) -> Any:
        """Attach what was sent: a script sends file by file, a form all at once; then either all are kept or none."""
        actor = acting_user()
        view, record = record_with_files(resource, pk, actor=actor, change=True)
        try:
            batch = request.files.getlist("file")
            if len(batch) > LONGEST_BATCH:
                raise ValidationError(
                    "attachment.many", _("At most %(limit)s of these."), field="file", limit=LONGEST_BATCH
                )
            for sent in batch:
                add_file(view, record, sent=sent, actor=actor, now=utc_now())
        except AppError as error:
            if _by_script():
                raise
            flash(str(error), "danger")
        return self._answer(view, record)

    @expose("/<int:attachment_id>/delete", methods=["POST"])
    @login_required
    def delete(self, attachment_id: int) -> Any:
        """Delete a file, with a reason."""
        actor = acting_user()
        attachment = find_attachment(attachment_id, actor=actor, change=True)
        view, record = record_with_files(attachment.ref.resource, str(attachment.ref.record_id), actor=actor)
        try:
            remove_file(attachment, reason=request.form.get("reason", ""), actor=actor, now=utc_now())
        except AppError as error:
            flash(str(error), "danger")
        return self._answer(view, record)

    def _answer(self, view: Any, record: Any) -> Any:
        if not _by_script():
            return redirect(url_for(f"{view.endpoint}.show", pk=record.id))
        box = attachments_box(view, record, acting_user())
        return self.render_template("crud/attachment_list.html", attached=box)


def send_attachment(attachment: Attachment) -> Response:
    """Answer with the file. Raises NotFound where it is missing on the disk."""
    path = stored_path(attachment.stored_as)
    if not path.is_file():
        raise NotFound("attachment.not_found", _("There is no such file."))
    kind = FILE_TYPES[attachment.extension]
    return send_file(path, mimetype=kind.media_type, as_attachment=True, download_name=attachment.name, etag=False)


def file_size(size: int) -> str:
    """Return a size for people."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size} B"


def file_icon(extension: str) -> str:
    """Return the icon of a kind of file."""
    return FILE_TYPES[extension].icon


def _by_script() -> bool:
    return "HX-Request" in request.headers
