"""What stands against deleting a record of master data (S:REC-14)."""

import datetime as dt

from app.database.archiving import Archivable
from app.database.base import CompanyModel
from app.database.references import count_uses
from app.errors import Conflict
from app.i18n import _
from app.parameters.platform_values import HARD_DELETE
from app.security.roles import subject_text
from app.security.scope import resource_of

ARCHIVE_INSTEAD = frozenset({"record.used", "record.archive_only"})  # Refusals after which archiving is offered.


def refuse_used(record: CompanyModel, *, on: dt.date) -> None:
    """Raise Conflict for a record that must be archived instead of deleted, naming what uses it."""
    if not isinstance(record, Archivable):
        return
    if HARD_DELETE.value(on) == "never":
        raise Conflict("record.archive_only", _("This company deletes no master data. Archive it instead."))
    uses = count_uses(record)
    if uses:
        words = ", ".join(f"{number} {subject_text(resource_of(model))}" for model, number in uses.items())
        raise Conflict("record.used", _("Used by: %(uses)s. Archive it instead."), uses=words)
