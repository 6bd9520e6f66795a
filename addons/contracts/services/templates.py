"""Templates in Word: versions, what may be in their files, and from when until when they hold (P:CON-02)."""

import datetime as dt
from typing import Any

from addons.contracts.choices import TemplateState
from addons.contracts.models import Template
from addons.contracts.queries import FIELDS, LISTS, next_number_of_template, predecessor_of, present_day, sample_values
from addons.contracts.workflow import TEMPLATE_WORKFLOW
from app.sdk.database import session, set_lines
from app.sdk.documents import Attachment, read_attachment
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import required_text
from app.sdk.models import User

WORD = "docx"


def create_template(*, actor: User, name: str, valid_from: dt.date | None = None, **values: Any) -> Template:
    """Begin the next version of a template of this name; its Word file is attached afterwards."""
    name = required_text(name, field="name", maximum=80)
    clauses = values.pop("clauses", None)
    template = Template(
        name=name,
        edition=next_number_of_template(name),
        valid_from=valid_from or present_day(),
        created_by_id=actor.id,
        state=TemplateState.DRAFT,
        **values,
    )
    session.add(template)
    session.flush()
    _set_clauses(template, clauses)
    return template


def update_template(template: Template, *, actor: User, **values: Any) -> None:
    """Change a draft. Raises Conflict for a version that is or was in force: make another one (R2)."""
    values.pop("name", None)  # The next version carries on the name; a draft keeps the one that it was made with.
    clauses = values.pop("clauses", None)
    if clauses is not None or any(value != getattr(template, name) for name, value in values.items() if name != "note"):
        _require_draft(template)
    for name, value in values.items():
        setattr(template, name, value)
    if template.valid_from is None:
        template.valid_from = present_day()
    _set_clauses(template, clauses)
    session.flush()


def delete_template(template: Template, *, actor: User) -> None:
    """Delete a draft. Raises Conflict for anything else (R2)."""
    _require_draft(template)
    session.delete(template)
    session.flush()


def check_template_file(template: Template, attachment: Attachment, *, is_new: bool) -> None:
    """Read the Word file of a draft, and keep which fields it names.

    Raises Conflict for a version in force, ValidationError for another kind of file, and as `read_template` does.
    """
    from addons.contracts.services import word  # noqa: PLC0415  # 5 MB, paid by the first process that reads a Word file.

    _require_draft(template)
    if not is_new:
        if template.file_id == attachment.id:
            template.file_id, template.text, template.placeholders, template.required = None, None, [], []
            session.flush()
        return
    if attachment.extension != WORD:
        raise ValidationError("template.type", _("A template is a Word file (.docx)."), field="file")
    read = word.read_template(read_attachment(attachment), fields=FIELDS.keys(), lists=LISTS)
    template.file_id, template.text = attachment.id, read.text
    template.placeholders, template.required = read.placeholders, read.required
    session.flush()


def preview_template(template: Template) -> str | None:
    """Return the text of a template filled with samples; None without a file."""
    from addons.contracts.services import word  # noqa: PLC0415  # As above.

    if template.file is None:
        return None
    return word.text_of(word.fill_template(read_attachment(template.file), sample_values()))


@TEMPLATE_WORKFLOW.transition("put_in_force")
def put_template_in_force(template: Template, *, actor: User) -> None:
    """Let contracts be made of this version; the one before it is retired from the same day on."""
    before = predecessor_of(template)
    if before is None:
        return
    if template.valid_from <= before.valid_from:
        raise ValidationError(
            "template.order",
            _("It begins after the version before it, which holds from %(limit)s on."),
            field="valid_from",
            limit=before.valid_from,
        )
    retire_template(before, actor=actor, retired_on=template.valid_from)


@TEMPLATE_WORKFLOW.transition("retire")
def retire_template(template: Template, *, actor: User, retired_on: dt.date) -> None:
    """Let no contract be made of it from a day on. Raises ValidationError for a day before it began (R4)."""
    if retired_on < template.valid_from:
        raise ValidationError(
            "template.retired_on",
            _("It holds from %(limit)s on and cannot end before."),
            field="retired_on",
            limit=template.valid_from,
        )
    template.retired_on = retired_on


def _require_draft(template: Template) -> None:
    if template.state is not TemplateState.DRAFT:
        raise Conflict("template.fixed", _("A version in force is never changed. Make another version of this name."))


def _set_clauses(template: Template, clauses: Any) -> None:
    if clauses is None:
        return
    kinds = [row["kind"] for row in clauses]
    if len(set(kinds)) < len(kinds):
        raise ValidationError("template.clause_twice", _("Each clause stands there once."), field="clauses")
    set_lines(template, "clauses", clauses)
