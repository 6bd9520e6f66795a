"""The dialogs of the workflow buttons: one form each, filled with what the record says, or with what was refused."""

from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.crud.fields import ReferenceField
from app.crud.personal import masked
from app.workflow.forms import RecordField, form_for
from app.workflow.transition import Transition

if TYPE_CHECKING:
    from app.crud.view import CrudView


def dialog_form(
    view: "CrudView", transition: Transition, record: Any, actor: User, *, typed: "MultiDict[str, str] | None"
) -> Any:
    """Return the form of a transition, with references as comboboxes; with what was typed, if it was refused."""
    kind = form_for(transition)
    for name, argument in transition.arguments.items():
        field: Any = getattr(kind, name)
        if field.field_class is RecordField:
            url = f"{view.route_base}/lookup/{transition.name}/{name}"
            options = {"target": field.kwargs["target"], "url": url, "required": argument.is_required}
            setattr(kind, name, ReferenceField(field.kwargs["label"], **options))
    form = kind(formdata=typed, data=None if typed else _known(view, transition, record, actor))
    for field in form:
        # Several dialogs stand on one page: their fields share names, but may not share ids.
        field.id = field.label.field_id = f"{transition.name}-{field.short_name}"
    return form


def _known(view: "CrudView", transition: Transition, record: Any, actor: User) -> dict[str, Any]:
    """Return what the record says already about what is asked for, but for what the actor is not shown of it.

    A masked value would be sent back as it is shown.
    """
    hides = view.shape.limits.hides
    known = {name: getattr(record, name, None) for name in transition.arguments if not hides(name)}
    return {
        name: value
        for name, value in known.items()
        if value is not None and masked(record, name, value, view.personal, actor) == value
    }
