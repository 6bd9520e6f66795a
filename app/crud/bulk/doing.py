"""Doing one step on many records: each in a savepoint of its own, and what came of it by name."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.crud.bulk.steps import BulkStep
from app.crud.list_page import base_query
from app.database.refusals import damaged, refusal_of, stale
from app.database.session import rollback, session
from app.errors import AppError, Text
from app.i18n import _

if TYPE_CHECKING:
    from app.crud.view import CrudView

KIND = "bulk"  # Of the details of a job.
_GONE = _("This record is not there any more, or you may not see it.")


@dataclass(frozen=True)
class Planned:
    """One chosen record, and why the step cannot be done with it; empty if it can."""

    record: Any
    reason: str


def plan(view: "CrudView", step: BulkStep, keys: Sequence[int], *, actor: User, now: dt.datetime) -> Sequence[Planned]:
    """Return the chosen records that the actor sees, in the order chosen, each with what stands against the step."""
    found = []
    for record in base_query(view, actor, verb="show").records(keys):
        refusal = step.refusal(record, actor, now)
        found.append(Planned(record, "" if refusal is None else str(refusal)))
    return found


def do_step(
    view: "CrudView",
    step: BulkStep,
    versions: Mapping[int, int],
    *,
    actor: User,
    arguments: dict[str, Any],
    all_or_none: bool,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Do the step with each record, in the version that was seen; return what was done and what was refused, and why.

    A refused record does not stop the others, unless `all_or_none`: then nothing at all is done.
    """
    titles, refused = {}, []
    for number, (key, version) in enumerate(versions.items(), start=1):
        if progress is not None:
            progress(number, len(versions))
        record = base_query(view, actor, verb="show").find(key)
        titles[key] = "" if record is None else str(record)
        reason = _GONE if record is None else _attempt(step, record, version, actor, arguments)
        if reason is not None:
            refused.append({"id": key, "title": titles[key] or f"#{key}", "reason": str(reason)})
    stopped = all_or_none and bool(refused)
    if stopped:
        rollback()
    bad = {one["id"] for one in refused}
    done = [] if stopped else [{"id": key, "title": title} for key, title in titles.items() if key not in bad]
    return {
        "kind": KIND,
        "resource": view.resource,
        "step": step.name,
        "label": str(step.label),
        "done": done,
        "refused": refused,
        "stopped": stopped,
    }


def _attempt(
    step: BulkStep, record: Any, version: int, actor: User, arguments: dict[str, Any]
) -> Text | AppError | None:
    """Do it for one record; return why not, after undoing what was begun."""
    try:
        with session.begin_nested():
            step.do(record, actor=actor, version=version, arguments=arguments)
            session.flush()
    except AppError as error:
        return error
    except IntegrityError as error:
        return refusal_of(error)
    except StaleDataError:
        return stale()
    except DataError:
        return damaged()
    return None
