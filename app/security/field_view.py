"""The table of the fields of one resource that a company's own role shows, shows only, or hides."""

from collections.abc import Collection
from hashlib import sha256
from typing import Any

from flask import abort, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access

from app.errors import Conflict, Text
from app.i18n import _
from app.security.administration import attempt
from app.security.fields import Field, fields_of
from app.security.gate import is_open
from app.security.limiting import check_limits, is_possible, kept_back, set_limits
from app.security.models import FieldLevel
from app.security.own_roles import granted_ids, is_shipped
from app.security.permissions import WRITING, FieldLevels, Pair
from app.security.rights import Rights
from app.security.roles import acting_user
from app.security.sync import pair_ids

LEVELS: tuple[tuple[str, Text], ...] = (("", _("Shown")), ("read_only", _("Read-only")), ("hidden", _("Hidden")))
_PREFIX = "level-"


class FieldPages:
    """What the screen of a company's roles can do besides."""

    @expose("/fields/<int:pk>/<resource>")
    @has_access
    def fields(self: Any, pk: int, resource: str) -> Any:
        """Show what a role keeps back of a resource."""
        role = self._role(pk)
        return self._fields_page(role, resource, kept_back(role.id, resource))

    @expose("/fields/<int:pk>/<resource>", methods=["POST"])
    @has_access
    def save_fields(self: Any, pk: int, resource: str) -> Any:
        """Show what would change; or, once that was seen, change it. A refusal keeps what was chosen."""
        role, actor = self._role(pk), acting_user()
        before, levels = kept_back(role.id, resource), _chosen(resource)
        values: dict[str, Any] = {"pairs": _granted(role), "delegate": None if self.limit(actor) is None else actor}
        confirmed, stamp = bool(request.form.get("confirmed")), request.form.get("stamp", "")

        def change() -> None:
            self._check(role)
            if stamp != _stamp(before):
                raise Conflict("role.changed", _("Somebody else changed this role meanwhile. Look at it again."))
            if confirmed:
                set_limits(role, resource, levels, **values)
            else:
                check_limits(resource, levels, **values)

        if is_shipped(role):
            abort(404)
        if not attempt(change):
            return self._fields_page(self._role(pk), resource, levels), 422
        here = url_for(f"{self.endpoint}.fields", pk=pk, resource=resource)
        if confirmed or before == levels:
            return redirect(here)
        return self._fields_page(role, resource, levels, before=before, back_url=here)

    def _fields_page(
        self: Any, role: Any, resource: str, levels: FieldLevels, *, before: FieldLevels | None = None, **more: Any
    ) -> Any:
        fields = fields_of(resource)
        if not fields or not is_open(resource):
            abort(404)
        verbs = {verb for verb, name in _granted(role) if name == resource}
        words = dict(LEVELS)
        return self.render_template(
            "security/role_fields.html" if before is None else "security/field_changes.html",
            **self._page(role),
            resource=resource,
            subject=Rights(self.offers).title(resource),
            levels=LEVELS,
            rows=[_row(one, levels, verbs) for one in fields],
            writes=bool(verbs & WRITING),
            changes=[
                (one.label, words[before.get(one.key, "")], words[levels.get(one.key, "")])
                for one in fields
                if before is not None and before.get(one.key) != levels.get(one.key)
            ],
            stamp=_stamp(kept_back(role.id, resource)),
            **more,
        )


def _row(field: Field, levels: FieldLevels, verbs: Collection[str]) -> dict[str, Any]:
    level = levels.get(field.key)
    offered = [name for name, _words in LEVELS if not name or is_possible(field, FieldLevel(name), verbs)]
    return {"field": field, "name": f"{_PREFIX}{field.key}", "level": level.value if level else "", "offered": offered}


def _chosen(resource: str) -> dict[str, FieldLevel]:
    """Return the levels that the form names; whatever else it may say is taken for shown."""
    sent = {one.key: request.form.get(f"{_PREFIX}{one.key}", "") for one in fields_of(resource)}
    return {key: FieldLevel(level) for key, level in sent.items() if level in set(FieldLevel)}


def _granted(role: Any) -> set[Pair]:
    held = granted_ids(role)
    return {pair for pair, pair_id in pair_ids().items() if pair_id in held}


def _stamp(levels: FieldLevels) -> str:
    """Return what tells whether the limits have changed since their page was made."""
    return sha256(",".join(f"{key}={levels[key]}" for key in sorted(levels)).encode()).hexdigest()[:24]
