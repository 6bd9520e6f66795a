"""Values that come without a page: read by the view's own form, so that what it refuses is refused here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from app.crud.forms import formdata_of
from app.crud.json_values import json_texts
from app.crud.personal import MaskedRecord
from app.errors import ValidationError
from app.i18n import _

if TYPE_CHECKING:
    from app.crud.view import CrudView


def values_of_body(view: "CrudView", body: Mapping[str, Any], record: Any, actor: User) -> dict[str, Any]:
    """Return what a service is given for these fields; of a record that exists only for those that are sent.

    Raises FormRefused for values that the form refuses.
    """
    shape = view.shape
    kind, names = (shape.add_form, shape.add_names) if record is None else (shape.edit_form, shape.edit_names)
    shown = None if record is None else MaskedRecord(record, view.personal, actor)
    form = kind(formdata=formdata_of(body, kind, names, shape.limits), obj=shown, meta={"csrf": False})
    sent = [name for name in names if record is None or name in body]
    form.validate()
    if wrong := {name: form[name].errors for name in sent if form[name].errors}:
        raise FormRefused(wrong)
    return shape.new_values(form) if record is None else shape.changed_values(form, sent, record)


class FormRefused(ValidationError):
    """A body whose fields were refused; `errors` has every field and its messages."""

    def __init__(self, errors: dict[str, Any]) -> None:
        super().__init__("form.invalid", _("Please correct the marked fields."), field=next(iter(errors)))
        self.errors = json_texts(errors)

    def to_dict(self) -> dict[str, Any]:
        """Return what REST answers, every field with its messages."""
        return {**super().to_dict(), "fields": self.errors}
