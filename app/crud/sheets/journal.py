"""What a sheet wrote over, kept beside the files of its job, so that all of it can be undone as one action."""

import datetime as dt
import enum
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.companies.clock import active_zone
from app.crud.list_page import base_query
from app.crud.records import call_in_savepoint
from app.database.session import on_commit, session
from app.errors import AppError, Conflict, NotAllowed, NotFound
from app.i18n import _
from app.jobs import Job
from app.jobs.results import result_folder
from app.security.roles import may

if TYPE_CHECKING:
    from app.crud.view import CrudView

_FILE = "undo.json"
_CHUNK = 500


def storable(value: Any) -> list[Any]:
    """Return an old value as JSON keeps it, with its kind."""
    if isinstance(value, enum.Enum):
        return ["choice", value.value]
    if isinstance(value, dt.datetime):
        return ["instant", value.isoformat()]
    if isinstance(value, dt.date):
        return ["day", value.isoformat()]
    return ["decimal", str(value)] if isinstance(value, Decimal) else ["", value]


def restored(stored: list[Any], field: Any) -> Any:
    """Return the value that `storable` kept; `field` knows the members of a choice."""
    kind, value = stored
    readers: dict[str, Any] = {"instant": dt.datetime.fromisoformat, "day": dt.date.fromisoformat, "decimal": Decimal}
    return field.source(value) if kind == "choice" else readers.get(kind, lambda plain: plain)(value)


def keep_journal(view: "CrudView", job_id: int, entries: list[dict[str, Any]]) -> None:
    """Write down what was changed, each record in the version that it has now."""
    versions: dict[int, int] = {}
    keys = [entry["id"] for entry in entries]
    for start in range(0, len(keys), _CHUNK):
        wanted = view.model.id.in_(keys[start : start + _CHUNK])
        versions |= {
            row.id: row.version for row in session.execute(sa.select(view.model.id, view.model.version).where(wanted))
        }
    folder = result_folder(job_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = [{**entry, "version": versions.get(entry["id"])} for entry in entries]
    _path(job_id).write_text(json.dumps(kept), encoding="utf-8")


def is_undoable(job: Job) -> bool:
    """Tell whether a sheet's changes can be taken back: they were saved, not undone yet, and not too long ago."""
    found = job.details or {}
    return found.get("kind") == "sheet" and not found.get("dry_run") and _path(job.id).is_file()


def undo_sheet(view: "CrudView", job_id: int, *, actor: User, progress: Any) -> dict[str, Any]:
    """Write every old value back through the view's services; a record changed since is left alone, and named.

    Raises NotFound where there is nothing to undo any more.
    """
    path = _path(job_id)
    if not path.is_file():
        raise NotFound("sheet.undone", _("These changes were undone already, or are too long ago."))
    entries = json.loads(path.read_text(encoding="utf-8"))
    undone, problems = 0, []
    form = view.whole_shape.edit_form(formdata=None, meta={"csrf": False})
    for done, entry in enumerate(reversed(entries), start=1):
        try:
            call_in_savepoint(_undo_one, view=view, entry=entry, form=form, actor=actor)
            undone += 1
        except AppError as error:
            problems.append({"row": None, "title": entry["title"], "label": "", "message": str(error)})
        progress(done, len(entries))
    on_commit(lambda: path.unlink(missing_ok=True))
    return {"undone": undone, "problems": problems}


def _undo_one(*, view: "CrudView", entry: dict[str, Any], form: Any, actor: User) -> None:
    verb = "delete" if entry["old"] is None else "edit"
    record = base_query(view, actor, verb=verb).find(entry["id"])
    if record is None or not may(actor, verb, view.resource):
        raise NotAllowed("sheet.out_of_reach", _("This record is not there any more, or you may not change it."))
    if record.version != entry["version"]:
        raise changed_since(record)
    if entry["old"] is None:
        view.remove(record, actor=actor, version=entry["version"])
        return
    values = {name: restored(stored, form[name]) for name, stored in entry["old"].items()}
    view.change(record, actor=actor, version=entry["version"], **values)


def changed_since(record: Any) -> Conflict:
    """Return the refusal of a row whose record moved on: who changed it, and when."""
    who = session.get(User, record.updated_by_id) if record.updated_by_id is not None else None
    return Conflict(
        "sheet.stale",
        _("%(who)s changed this record at %(when)s. Get a new sheet, and change it there."),
        who=who.get_full_name() if who is not None else _("The system"),
        when=f"{record.updated_at.astimezone(active_zone()):%Y-%m-%d %H:%M}",
    )


def _path(job_id: int) -> Path:
    return result_folder(job_id) / _FILE
