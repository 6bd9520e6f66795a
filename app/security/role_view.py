"""The screens of roles: a list, and an editor of rights that shows what would change before it is saved."""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import abort, make_response, redirect, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext

from app.companies.models import Membership
from app.database.columns import read_id
from app.database.context import active_company
from app.database.session import session
from app.errors import Conflict
from app.i18n import _, humanize
from app.security.administration import attempt
from app.security.field_view import FieldPages
from app.security.fields import fields_of
from app.security.gate import is_open
from app.security.limiting import kept_back
from app.security.models import OwnRole
from app.security.own_roles import (
    change_rights,
    delete_role,
    grantable,
    granted_ids,
    is_shipped,
    make_role,
    refuse_own,
    rename_role,
    require_grantable,
    require_role_grantable,
)
from app.security.permissions import COMPANY_SCREENS, NOTHING, Pair, permission_cache
from app.security.rights import COLUMNS, Rights, Subject
from app.security.roles import acting_user
from app.security.wording import role_titles, role_words

MOST_RIGHTS = 150  # That a search shows: a page stays light, however many rights a row has.
NAMED = 8  # Holders of a role that are named.


class RolesScreen(BaseView):
    """What the screens of the platform's and of a company's roles share."""

    default_view = "list"
    file_name: str  # Of its list: a ListFile of app/web/exported_lists.py.
    base_permissions = ["can_list", "can_show", "can_add", "can_edit", "can_delete"]
    method_permission_name = {
        **{name: name for name in ("list", "show", "add", "edit", "delete")},
        "save": "edit",
        "rename": "edit",
    }

    def company_id(self) -> int | None:
        """Return the company whose roles are shown; None for the platform's."""
        raise NotImplementedError

    def roles(self) -> Sequence[RoleRow]:
        """Return the roles of the screen."""
        raise NotImplementedError

    def offers(self, pair: Pair) -> bool:
        """Tell whether this right can be given here."""
        raise NotImplementedError

    def check(self, actor: User, role: RoleRow) -> None:
        """Raise NotAllowed where the actor may not change this role."""

    def limit(self, actor: User) -> frozenset[Pair] | None:
        """Return the rights that the actor may give; None: all."""
        return None

    def kept_back(self, role: RoleRow, subjects: Sequence[Subject]) -> dict[str, int]:
        """Return of how many fields each subject has something kept back; nothing of subjects without such a table."""
        return {}

    @expose("/list/")
    @has_access
    def list(self) -> Any:
        """Show the roles, and what a new one may be copied from."""
        return self._list()

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int) -> Any:
        """Show the rights of a role to whoever may not change them."""
        return self._editor(self._role(pk), readonly=True)

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        """Make a role, without rights or with those of another."""
        made: list[RoleRow] = []
        if request.method == "POST" and attempt(lambda: made.append(self._make())):
            return redirect(url_for(f"{self.endpoint}.edit", pk=made[0].id))
        return make_response(self._list(), 422 if request.method == "POST" else 200)

    @expose("/edit/<int:pk>")
    @has_access
    def edit(self, pk: int) -> Any:
        """Show the rights of a role, one area at a time."""
        role = self._role(pk)
        return self._editor(role, readonly=is_shipped(role))

    @expose("/edit/<int:pk>", methods=["POST"])
    @has_access
    def save(self, pk: int) -> Any:
        """Show what would change; or, once that was seen, change it."""
        role, rights = self._role(pk), Rights(self.offers)
        shown = rights.subjects(name for name in request.form.getlist("resource") if name in rights.of_resource)
        held, wanted = granted_ids(role), _ticked()
        touched = {right.pair_id for subject in shown for right in subject.rights if self._may_touch(rights, right)}
        give, take = (wanted & touched) - held, (held & touched) - wanted
        beyond = [pair for pair, pair_id in rights.ids.items() if pair_id in wanted - held - touched]

        def change() -> None:
            self._check(role)
            if self.limit(acting_user()) is not None:
                require_grantable(acting_user(), beyond)
            if request.form.get("stamp") != _stamp(held):
                raise Conflict("role.changed", _("Somebody else changed this role meanwhile. Look at it again."))
            if request.form.get("confirmed"):
                change_rights(role, give=give, take=take)

        back: dict[str, Any] = {name: request.form[name] for name in ("area", "q") if request.form.get(name)}
        here = url_for(f"{self.endpoint}.edit", pk=pk, **back)
        if not attempt(change) or request.form.get("confirmed") or not (give or take):
            return redirect(here)
        return self.render_template(
            "security/role_changes.html",
            **self._page(role),
            given=rights.words(give),
            taken=rights.words(take),
            resources=[subject.resource for subject in shown],
            wanted=sorted(wanted),
            stamp=request.form["stamp"],
            back=back,
            back_url=here,
        )

    @expose("/rename/<int:pk>", methods=["POST"])
    @has_access
    def rename(self, pk: int) -> Any:
        """Call a role otherwise."""
        role = self._role(pk)
        attempt(partial(self._change, role, lambda: rename_role(role, request.form.get("title", ""))))
        return redirect(url_for(f"{self.endpoint}.edit", pk=pk))

    @expose("/delete/<int:pk>", methods=["POST"])
    @has_access
    def delete(self, pk: int) -> Any:
        """Delete a role that nobody holds."""
        role = self._role(pk)
        attempt(partial(self._change, role, lambda: delete_role(role)))
        return redirect(url_for(f"{self.endpoint}.list"))

    def _make(self) -> RoleRow:
        base = self._role(read_id(request.form["base"]) or 0) if request.form.get("base") else None
        if base is not None and self.limit(acting_user()) is not None:
            require_role_grantable(acting_user(), base)
        return make_role(request.form.get("title", ""), company_id=self.company_id(), base=base)

    def _change(self, role: RoleRow, change: Callable[[], None]) -> None:
        self._check(role)
        change()

    def _check(self, role: RoleRow) -> None:
        self.check(acting_user(), role)

    def _role(self, pk: int) -> RoleRow:
        return next((role for role in self.roles() if role.id == pk), None) or abort(404)

    def _may_touch(self, rights: Rights, right: Any) -> bool:
        own = self.limit(acting_user())
        return own is None or right.pair_id in {pair_id for pair, pair_id in rights.ids.items() if pair in own}

    def rows(self) -> Sequence[dict[str, Any]]:
        """Return what the list says of each role, the company's own first."""
        of_role = permission_cache().get().of_role
        counts = self._holders()
        rows = [
            {
                "id": role.id,
                "title": role_words(role.name),
                "shipped": is_shipped(role),
                "holders": counts.get(role.id, 0),
                "rights": sum(self.offers(pair) for pair in of_role.get(role.id, NOTHING)),
            }
            for role in self.roles()
        ]
        return sorted(rows, key=lambda row: (row["shipped"], row["title"]))

    def _list(self) -> Any:
        return self.render_template(
            "security/roles.html",
            title=_("Roles"),
            view=self,
            rows=self.rows(),
            typed=request.form,
            file_name=self.file_name,
        )

    def _holders(self) -> dict[int, int]:
        statement = sa.select(Membership.role_id, sa.func.count(sa.distinct(Membership.user_id)).label("users"))
        if self.company_id() is not None:
            statement = statement.where(Membership.company_id == self.company_id())
        return {row.role_id: row.users for row in session.execute(statement.group_by(Membership.role_id)).all()}

    def _editor(self, role: RoleRow, *, readonly: bool) -> Any:
        rights, held = Rights(self.offers), granted_ids(role)
        areas, text = rights.areas(), request.args.get("q", "").strip()[:100]
        area = request.args.get("area", "")
        area = area if area in areas else next(iter(areas), "")
        found: Sequence[Subject] = rights.found(text) if text else rights.subjects(areas.get(area, ()))
        shown = _fitting(found) if text else found
        own = self.limit(acting_user())
        return self.render_template(
            "security/role.html",
            **self._page(role),
            readonly=readonly,
            areas=[_summary(rights, name, resources, held) for name, resources in areas.items()],
            area=area,
            q=text,
            subjects=shown,
            left_out=len(found) - len(shown),
            columns=_columns(shown),
            limits=self.kept_back(role, shown),
            held=held,
            beyond=set() if own is None else {key for pair, key in rights.ids.items() if pair not in own},
            stamp=_stamp(held),
        )

    def _page(self, role: RoleRow) -> dict[str, Any]:
        holders = sa.select(User).where(User.id.in_(self._members(role))).order_by(User.id)
        found = session.scalars(holders.limit(NAMED + 1)).all()
        return {
            "title": role_words(role.name),
            "role": role,
            "view": self,
            "shipped": is_shipped(role),
            "holders": [user.get_full_name() for user in found[:NAMED]],
            "more_holders": len(found) > NAMED,
            "base": self._base(role),
        }

    def _members(self, role: RoleRow) -> sa.Select[int]:
        statement = sa.select(Membership.user_id).where(Membership.role_id == role.id)
        company_id = self.company_id()
        return statement if company_id is None else statement.where(Membership.company_id == company_id)

    def _base(self, role: RoleRow) -> str:
        name = session.scalar(sa.select(OwnRole.base).where(OwnRole.role_id == role.id))
        return role_words(name) if name else ""


class RoleView(RolesScreen):
    """The roles of the product, and those of the platform's administrators."""

    route_base = "/roles"
    file_name = "platform-roles"
    class_permission_name = "RoleModelView"  # As FAB calls it: the gate of the platform's own screens names it so.

    def company_id(self) -> None:
        """Return no company."""

    def roles(self) -> Sequence[RoleRow]:
        """Return all but those that a company made."""
        return session.scalars(sa.select(RoleRow).where(RoleRow.id.not_in(sa.select(OwnRole.role_id)))).all()

    def offers(self, pair: Pair) -> bool:
        """Offer everything."""
        return True


class CompanyRolesView(FieldPages, RolesScreen):
    """The roles that the active company gives: the product's, to look at and copy, and its own."""

    route_base = "/company-roles"
    file_name = "roles"
    class_permission_name = "companies.Roles"
    base_permissions = [*RolesScreen.base_permissions, "can_grant_any"]
    method_permission_name = {**RolesScreen.method_permission_name, "fields": "show", "save_fields": "edit"}

    def company_id(self) -> int | None:
        """Return the active company."""
        return active_company()

    def roles(self) -> Sequence[RoleRow]:
        """Return the product's roles of add-ons that are on, and the company's own."""
        own = sa.select(OwnRole.role_id).where(OwnRole.company_id == active_company())
        statement = sa.select(RoleRow).where(RoleRow.id.in_(own) | RoleRow.name.in_(role_titles(only_open=True)))
        return session.scalars(statement).all()

    def offers(self, pair: Pair) -> bool:
        """Offer what a role held in a company opens, of the add-ons that are on."""
        return ("." in pair[1] or pair[1] in COMPANY_SCREENS) and is_open(pair[1])

    def check(self, actor: User, role: RoleRow) -> None:
        """Let nobody change the role that he holds himself, nor one that reaches beyond what he may give."""
        refuse_own(actor, role)
        require_role_grantable(actor, role)

    def limit(self, actor: User) -> frozenset[Pair] | None:
        """Let a delegate give what he holds himself (S:CORE-05)."""
        return grantable(actor)

    def kept_back(self, role: RoleRow, subjects: Sequence[Subject]) -> dict[str, int]:
        """Count what a role of the company keeps back; those of the product keep back nothing."""
        if is_shipped(role):
            return {}
        names = [subject.resource for subject in subjects if fields_of(subject.resource)]
        return {name: len(kept_back(role.id, name)) for name in names}


def _ticked() -> set[int]:
    return {key for text in request.form.getlist("pair") if (key := read_id(text)) is not None}


def _stamp(held: set[int]) -> str:
    """Return what tells whether a role has changed since its page was made."""
    return sha256(",".join(map(str, sorted(held))).encode()).hexdigest()[:24]


def _fitting(subjects: Sequence[Subject]) -> Sequence[Subject]:
    """Return the first subjects whose rights fit on a page together, one at least."""
    shown: list[Subject] = []
    rights = 0
    for subject in subjects:
        rights += len(subject.rights)
        if shown and rights > MOST_RIGHTS:
            break
        shown.append(subject)
    return shown


def _columns(subjects: Sequence[Subject]) -> list[tuple[str, str]]:
    """Return the verbs that have a column of their own, with their words."""
    used = {verb for subject in subjects for verb in subject.common}
    return [(verb, gettext(humanize(verb))) for verb in COLUMNS if verb in used]


def _summary(rights: Rights, area: str, resources: Sequence[str], held: set[int]) -> dict[str, Any]:
    ids = [pair_id for resource in resources for pair_id in rights.of_resource[resource].values()]
    return {"key": area, "all": len(ids), "held": sum(pair_id in held for pair_id in ids)}
