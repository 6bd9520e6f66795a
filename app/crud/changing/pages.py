"""Changing a record: directly, or by a request for what its workflow declares as confirmed."""

from functools import partial
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.changes.models import LONGEST_REASON, ChangeRequest, ChangeState
from app.crud import record_page
from app.crud.changing.asking import ask_change
from app.crud.changing.confirmed import refuse_confirmed
from app.crud.changing.links import CHANGE_REQUEST, confirmed_and_editable
from app.crud.fields import LongTextField
from app.crud.forms import form_class
from app.crud.personal import MaskedRecord, note_reading, restore_masked
from app.crud.records import change_record, check_version
from app.crud.submissions import create_once, new_key
from app.database.base import CompanyModel
from app.database.session import session
from app.errors import AppError
from app.i18n import _
from app.security.field_limits import limits_of, refuse_locked
from app.security.roles import acting_user

REASON = "change_reason"  # No column of a model is called so.


class ChangePages:
    """Changing a record, and asking for a change of what is confirmed, as part of a generated view."""

    @classmethod
    def change(cls: Any, record: CompanyModel, *, actor: User, version: int | None, **values: Any) -> CompanyModel:
        """Change through the declared service, or the generic one.

        Raises Conflict for a version that is overtaken and for a field that is confirmed (S:CORE-10), NotAllowed for
        a field that the actor may not change.
        """
        refuse_locked(limits_of(actor, cls.resource), values, cls.labels)
        values = restore_masked(record, values, cls.personal)
        check_version(record, version)
        refuse_confirmed(cls, record, values)
        change_record(cls.update_with, record, resource=cls.resource, actor=actor, version=version, **values)
        return record

    @classmethod
    def amend(cls: Any, record: CompanyModel, *, actor: User, version: int | None, **values: Any) -> CompanyModel:
        """Change confirmed fields as an approved request says, through `amend_with` (S:CORE-10).

        Raises what `change` raises, but for the confirmation.
        """
        refuse_locked(limits_of(actor, cls.resource), values, cls.labels)
        service = cls.amend_with or cls.update_with
        change_record(service, record, resource=cls.resource, actor=actor, version=version, **values)
        return record

    @expose("/ask-change/<pk>", methods=["GET", "POST"])
    @has_access
    def ask_change(self, pk: str) -> Any:
        """Show the confirmed fields, as they are or as they were typed into the edit form; take the request."""
        view: Any = self
        record, actor = view.record_or_404(pk, verb="edit"), acting_user()
        names = confirmed_and_editable(view, record)
        if not names:
            abort(404)
        form = self._form(view, record, names, actor)
        if request.method == "GET":
            form.version.data = str(record.version)
            note_reading(record, {name: view.personal[name] for name in names if name in view.personal}, actor)
        elif REASON in request.form and form.validate():
            values = {name: form[name].data for name in names}
            ask = partial(ask_change, view, record, actor=actor, version=_seen(form), values=values)
            made = self._take(form, partial(ask, reason=form[REASON].data))
            if made is not None:
                return made
            record = view.record_or_404(pk, verb="edit")  # The refusal undid everything and let go of it.
        form.submission_key.data = form.submission_key.data or new_key()
        context = record_page.edit_context(view, record, form, actor)
        context |= {"title": f"{_('Request a change')} · {record}", "save_label": _("Send the request")}
        context |= {"pending_change": None, "ask_change_url": None, "locked_lines": {"columns": [], "values": {}}}
        fields = [(_("What shall stand there instead"), [form[name] for name in names]), ("", [form[REASON]])]
        return view.render_template("crud/record.html", **context | {"fieldsets": fields, "line_table": None}), (
            422 if form.errors else 200
        )

    def _form(self, view: Any, record: Any, names: list[str], actor: Any) -> Any:
        fields = {name: view.shape.fields[name] for name in names}
        reason = LongTextField(_("Reason"), required=True, maximum=LONGEST_REASON)
        kind = form_class(f"{view.model.__name__}ChangeForm", {**fields, REASON: reason})
        return kind(obj=MaskedRecord(record, view.personal, actor))

    def _take(self, form: Any, ask: Any) -> Any:
        """Take the request once, however often the form is sent; None: refused, and said on the form."""
        try:
            key = create_once(form.submission_key.data, CHANGE_REQUEST, ask)
        except AppError as error:
            error.field = REASON if error.field == "reason" else error.field
            record_page.note_refusal(form, error)
            return None
        made = session.get_one(ChangeRequest, key)
        waits = made.state is ChangeState.DRAFT
        said = _("Sent for approval: %(what)s") if waits else _("The change is asked for: %(what)s")
        flash(str(said) % {"what": made}, "success")
        return redirect(url_for("changes_ChangeRequestView.show", pk=key))


def _seen(form: Any) -> int:
    sent = form.version.data
    return int(sent) if sent and sent.isdecimal() and len(sent) < 10 else -1
