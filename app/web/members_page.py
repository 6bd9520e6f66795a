"""Who may work in this company: users, their role and how far it reaches, and their first way in."""

import datetime as dt
from collections.abc import Collection
from functools import partial
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.audit import record_security_event
from app.companies.clock import active_zone
from app.companies.memberships import add_membership, change_membership
from app.companies.models import Membership, OrgUnit, Scope
from app.crud.page import Page
from app.crud.records import call_service
from app.database.columns import read_id, utc_now
from app.database.context import active_company
from app.database.refusals import stale
from app.database.session import session
from app.errors import AppError, NotAllowed, NotFound, Text, ValidationError
from app.i18n import _, humanize
from app.masterdata.joining import invitation_time
from app.notices.invitation_mail import can_invite, require_mail
from app.security.delegation import managed_units, require_delegable, require_managed
from app.security.first_access import give_first_password, require_first_access
from app.security.invitations import invite, withdraw
from app.security.own_roles import require_role_grantable, roles_to_give
from app.security.roles import acting_user, may
from app.web.administrators import warn_of_fellows
from app.web.members_list import ASKED, people_shown
from app.web.navigation import with_arguments

_GIVEN = ("username", "role", "scope")  # What a role is given by.
MOST_AT_ONCE = 200  # People who get a first way in by one click.


class MembersPage(Page):
    """Admits users to the active company and dismisses them; lets new ones in by an invitation or a first password."""

    resource = "companies.Members"
    title = _("Users and roles")
    template = "companies/members.html"
    verbs = ("add", "import", "export", "invite")  # The first two are those of `NewUsersView`.
    method_permission_name = {**Page.method_permission_name, "people": "invite"}

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the people of the company, what may be chosen for a new one, and the role that is being changed."""
        shown = people_shown(actor, arguments)
        edited = _edited(arguments.get("edit"), actor)
        refused = "given_role" in arguments  # Then what was typed stands there again, not what is held.
        return {
            **shown,
            "edited": edited,
            "held": _held(edited) if edited else "",
            "given": {name: arguments.get(f"given_{name}", "") for name in _GIVEN},
            "units": [
                (key, path, f"unit_{key}" in arguments if refused else key in edited.unit_ids)
                for key, path in shown["paths"]
            ]
            if edited
            else [],
            "roles": sorted(shown["titles"].items(), key=lambda item: str(item[1])),
            "scopes": [(scope.value, _(humanize(scope.value))) for scope in Scope],
            "may_add": may(actor, "add", MembersPage.resource),
            "may_import": may(actor, "import", MembersPage.resource),
            "may_invite": may(actor, "invite", MembersPage.resource),
            "can_invite": can_invite(),
        }

    @expose("/<name>", methods=["POST"])
    @has_access
    def act(self, name: str) -> Any:
        """Run one action in the list as it was asked for; after a refusal the form stands there as it was typed."""
        asked: dict[str, Any] = {one: value for one, value in request.args.items() if one in ASKED}
        if self._run(name):
            return redirect(url_for(f"{self.endpoint}.show", **asked))
        sent = request.form.items()
        kept: dict[str, Any] = {f"given_{field}": value for field, value in sent if field in _GIVEN}
        kept |= {field: value for field, value in sent if field.startswith("unit_")}
        if name != "admit":
            kept["edit"] = request.form.get("id")
        return redirect(
            url_for(
                f"{self.endpoint}.show", **asked, **kept, _anchor=f"member-{'admit' if name == 'admit' else 'change'}"
            )
        )

    @expose("/people/<step>", methods=["POST"])
    @has_access
    def people(self, step: str) -> Any:
        """Invite the chosen people, withdraw that, or give them first passwords, which are shown this once."""
        if step not in _STEPS:
            abort(404)
        actor, back = acting_user(), with_arguments(url_for(f"{self.endpoint}.show"))
        try:
            people = _chosen_people(request.form.getlist("rowid"))
            told = call_service(partial(_for_each, _STEPS[step], people, actor))
        except AppError as error:
            flash(str(error), "danger")
            return redirect(back)
        if step == "passwords":
            return self.render_template(
                "companies/first_passwords.html", title=_("First passwords"), page=self, rows=told, back=back
            )
        flash(str(_("Done for %(count)s people.")) % {"count": len(told)}, "success")
        return redirect(back)


def admit(*, actor: User, values: dict[str, str]) -> Text:
    """Give a user a role in the active company (S:CORE-07: it leaves a trace).

    Nobody changes here what he holds himself, and only who administers the whole company gives himself a further role:
    a new company has nobody else.
    """
    company_id = active_company()
    user = session.scalar(
        select(User).where(User.username == values.get("username", "").strip(), User.active.is_(True))
    )
    if user is None or not _may_know(actor, user):
        raise ValidationError("member.user", _("There is no active user of this name."), field="username")
    require_managed(actor, user, on=_today())
    role, scope = _chosen(actor, values, ())
    twin = (Membership.company_id == company_id, Membership.user_id == user.id, Membership.role_id == role.id)
    known = session.scalar(select(Membership).where(*twin))
    if user.id == actor.id and (known is not None or managed_units(actor) is not None):
        raise NotAllowed("member.own", _("You cannot change your own role."))
    if known is not None:
        require_delegable(actor, role, scope=known.scope, unit_ids=known.unit_ids)
    given = add_membership(company_id or 0, user_id=user.id, role_id=role.id, scope=scope)
    warn_of_fellows(given, on=_today())
    record_security_event("role.given", member_id=user.id, member=user.username, role=role.name, scope=scope.value)
    return _("Saved.")


def change(*, actor: User, values: dict[str, str]) -> Text:
    """Give a member another role, or let it reach more or less. Nobody changes what he holds himself."""
    found = _membership(values)
    if found.user_id == actor.id:
        raise NotAllowed("member.own", _("You cannot change your own role."))
    require_managed(actor, found.user, on=_today())
    units = [unit for key in values if (unit := read_id(key.removeprefix("unit_"))) is not None]
    role, scope = _chosen(actor, values, units)
    require_delegable(actor, found.role, scope=found.scope, unit_ids=found.unit_ids)
    before = {"from_role": found.role.name, "from_scope": found.scope.value}
    change_membership(found, role_id=role.id, scope=scope, unit_ids=units)
    warn_of_fellows(found, on=_today())
    record_security_event(
        "role.changed",
        member_id=found.user_id,
        member=found.user.username,
        role=role.name,
        scope=found.scope.value,
        units=[session.get_one(OrgUnit, key).name for key in found.unit_ids],
        **before,
    )
    return _("Saved.")


def dismiss(*, actor: User, values: dict[str, str]) -> Text:
    """Take a role away. Nobody locks himself out."""
    found = _membership(values)
    if found.user_id == actor.id:
        raise NotAllowed("member.self", _("You cannot take a role from yourself."))
    require_managed(actor, found.user, on=_today())
    require_delegable(actor, found.role, scope=found.scope, unit_ids=found.unit_ids)
    record_security_event(
        "role.taken", member_id=found.user_id, member=found.user.username, role=found.role.name, scope=found.scope.value
    )
    session.delete(found)
    return _("The role was taken away.")


def _chosen(actor: User, values: dict[str, str], unit_ids: Collection[int]) -> tuple[RoleRow, Scope]:
    """Return the role and scope to give. Raises ValidationError, or NotAllowed for what the actor may not give."""
    role = session.scalar(select(RoleRow).where(RoleRow.name == values.get("role", "")))
    if role is None or role.name not in roles_to_give(active_company()) or values.get("scope") not in set(Scope):
        raise ValidationError("member.role", _("Choose a role and how far it reaches."), field="role")
    require_role_grantable(actor, role)
    require_delegable(actor, role, scope=Scope(values["scope"]), unit_ids=unit_ids)
    return role, Scope(values["scope"])


def _today() -> dt.date:
    return utc_now().astimezone(active_zone()).date()


def _membership(values: dict[str, str]) -> Membership:
    key = read_id(values.get("id"))
    found = session.get(Membership, key) if key is not None else None
    if found is None or found.company_id != active_company():
        raise NotFound("member.missing", _("There is no such record."))
    if values.get("held") not in (None, _held(found)):
        raise stale()
    return found


def _held(membership: Membership) -> str:
    """Return role, scope and units as one text: a form that was made from others is refused."""
    units = map(str, sorted(membership.unit_ids))
    return " ".join([str(membership.role_id), membership.scope.value, *units])


def _edited(raw: str | None, actor: User) -> Membership | None:
    """Return the membership to be changed; nobody changes what he holds himself, or one of another region."""
    key = read_id(raw)
    found = session.get(Membership, key) if key is not None else None
    if found is None or found.company_id != active_company() or found.user_id == actor.id:
        return None
    try:
        require_managed(actor, found.user, on=_today())
    except NotAllowed:
        return None
    return found


def _chosen_people(ticked: Collection[str]) -> list[User]:
    """Return the users that are ticked."""
    keys = {key for raw in ticked if (key := read_id(raw)) is not None}
    people = list(session.scalars(select(User).where(User.id.in_(keys)).order_by(User.username)))
    if not people or len(people) > MOST_AT_ONCE:
        raise ValidationError("people.none", _("Choose one to %(limit)s people."), limit=MOST_AT_ONCE)
    return people


def _for_each(step: Any, people: Collection[User], actor: User) -> list[Any]:
    """Do a step for all people or, where one of them is refused, for none."""
    now = utc_now()
    for one in people:
        require_first_access(actor, one, on=_today())
    return [step(one, actor=actor, now=now) for one in people]


def _invite(user: User, *, actor: User, now: dt.datetime) -> None:
    require_mail()
    invite(user, invited_by=actor, valid_for=invitation_time(_today()), now=now)


def _withdraw(user: User, *, actor: User, now: dt.datetime) -> None:
    withdraw(user, now=now)


def _give_password(user: User, *, actor: User, now: dt.datetime) -> tuple[User, str]:
    return user, give_first_password(user, now=now)


_STEPS = {"invite": _invite, "withdraw": _withdraw, "passwords": _give_password}


def _may_know(actor: User, user: User) -> bool:
    """Tell whether the actor may learn that this user exists: whoever looks after all users, and a colleague."""
    if may(actor, "add", "UserView"):
        return True
    mine = select(Membership.company_id).where(Membership.user_id == actor.id)
    shared = select(Membership.id).where(Membership.user_id == user.id, Membership.company_id.in_(mine))
    return bool(session.scalar(select(shared.exists())))


MembersPage.actions = {"admit": ("admit", admit), "change": ("change", change), "dismiss": ("dismiss", dismiss)}
