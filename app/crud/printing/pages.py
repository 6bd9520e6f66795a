"""Fetching the PDF of records that were printed, now or once more."""

import tempfile
from typing import Any

from flask import abort, request, send_file
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.crud.bulk.steps import AT_ONCE
from app.crud.exporting.pages import SPOOL
from app.crud.printing.definition import printing_verb
from app.crud.printing.writing import write_records
from app.database.columns import read_id
from app.errors import NotAllowed, NotFound, ValidationError
from app.i18n import _
from app.jobs import Job
from app.security.field_limits import refuse_hidden
from app.security.gate import is_open
from app.security.roles import acting_user


class PrintPages:
    """What a CrudView that declares `printing` can do besides."""

    @expose("/printed/")
    @has_access
    def printed(self: Any) -> Any:
        """Send the PDF of the records `ids`, which were marked before."""
        if self.printing is None:
            abort(404)
        keys = [key for sent in request.args.get("ids", "").split(",") if (key := read_id(sent)) is not None]
        if len(keys) > AT_ONCE:
            raise ValidationError("bulk.many", _("%(limit)s records at most at a time."), field="ids", limit=AT_ONCE)
        target = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115  # send_file closes it.
        try:
            write_records(self, keys, target, actor=acting_user())
        except BaseException:
            target.close()
            raise
        target.seek(0)
        return send_file(target, mimetype="application/pdf", download_name=file_name(self))


def file_name(view: Any) -> str:
    """Return what the file is called."""
    return f"{view.resource.replace('.', '-')}.pdf"


def check_printed(job: Job, actor: User) -> None:
    """Refuse the file of records that the actor may not print any more, or of which he sees less (S:CORE-13)."""
    from app.crud.view import view_of  # noqa: PLC0415  # The view has these pages.

    found = job.details or {}
    view = view_of(found["resource"]) if is_open(found["resource"]) else None
    if view is None:
        raise NotFound("addon.disabled", _("This add-on is switched off."))
    if printing_verb(view, actor) is None:
        raise NotAllowed("report.export", _("You may not take this report out of the system."))
    refuse_hidden(actor, found["resource"], found.get("fields", ()))
