"""New users: one by a form, many from a file; each with a role and a place in a unit (S:CORE-01, S:CORE-05)."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.companies.clock import active_zone
from app.companies.models import Membership, OrgUnit, Scope
from app.crud.fields import ChoiceField, FlagField, ParsedField, TextField
from app.crud.forms import RecordForm, values_of
from app.crud.importing.definition import ImportColumn, Importer
from app.crud.importing.pages import ImportPages
from app.crud.submissions import act_once, new_key
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import AppError, Text, ValidationError
from app.i18n import _
from app.masterdata.joining import Newcomer, join
from app.masterdata.normalise import parse_mail
from app.notices.invitation_mail import can_invite
from app.security.delegation import RESOURCE, managed_units
from app.security.own_roles import roles_to_give
from app.security.roles import acting_user
from app.web.administrators import too_many_fellows, unit_paths, warn_of_fellows


def _offered_roles() -> list[tuple[str, Text]]:
    return sorted(roles_to_give(active_company()).items(), key=lambda item: str(item[1]))


def _offered_units() -> list[tuple[str, Text]]:
    return [(unit.code, path) for unit, path in unit_paths(managed_units(acting_user()))]


class UnitField(ChoiceField):
    """A unit as its id: chosen from those that the actor administers, in a file named by its code or name."""

    def parse(self, text: str) -> int:
        """Return the unit's id; raises ValidationError for none or several. Whose region it is, the service asks."""
        found = session.scalars(sa.select(OrgUnit).where(sa.or_(OrgUnit.code == text, OrgUnit.name == text))).all()
        exact = [one for one in found if one.code == text] or found
        if len(exact) != 1:
            message = (
                _("Several units are called '%(value)s': give its code.") if exact else _("There is no such unit.")
            )
            raise ValidationError("newcomer.unit", message, value=text[:40])
        return exact[0].id


class NewUserForm(RecordForm):
    """One new user."""

    name = TextField(_("Full Name"), maximum=64, required=True)
    number = TextField(_("Employee no."), maximum=20, required=True)
    username = TextField(_("User Name"), maximum=64, hint=_("Left blank, it is made by the company's rule."))
    email = ParsedField(_("Email"), parser=parse_mail)
    role = ChoiceField(_("Role"), choices=_offered_roles, required=True)
    scope = ChoiceField(_("Scope"), choices=Scope, default=Scope.OWN)
    org_unit_id = UnitField(_("Unit"), choices=_offered_units)
    position = TextField(_("Position"), maximum=80, hint=_("Left blank, it is called as the role."))
    invite = FlagField(_("Invite by e-mail"), hint=_("A link by which the user sets the first password."))


NAMES = ("name", "number", "username", "email", "role", "scope", "org_unit_id", "position", "invite")


def create_user(*, actor: User, **values: Any) -> Membership:
    """Make one user from what the form or a row of a file says."""
    invited = bool(values.pop("invite"))
    unit_id, scope = values.pop("org_unit_id"), values.pop("scope") or Scope.OWN
    newcomer = Newcomer(unit_id=unit_id, scope=scope, **values)
    return join(newcomer, actor=actor, invited=invited, now=utc_now())


def _today() -> dt.date:
    return utc_now().astimezone(active_zone()).date()


def _warning_of(given: Membership) -> Text | None:
    return too_many_fellows(given, on=_today())


class NewUsersView(ImportPages, BaseView):
    """A form and an import; the list of users is `MembersPage`."""

    route_base = "/companies/members/new"
    default_view = "list"
    class_permission_name = RESOURCE
    base_permissions = ["can_add", "can_import"]
    method_permission_name = {
        "list": "import",
        "add": "add",
        "import_file": "import",
        "import_template": "import",
        "import_problems": "import",
    }
    resource = RESOURCE
    title = _("Users")
    add_form = NewUserForm
    add_names = NAMES
    create = staticmethod(create_user)
    importer = Importer(
        (
            ImportColumn("name", ("姓名",), "张帅"),
            ImportColumn("number", ("工号",), "E001"),
            ImportColumn("username", ("用户名",)),
            ImportColumn("email", ("邮箱", "电子邮箱"), "zs@example.com"),
            ImportColumn("role", ("角色",)),
            ImportColumn("scope", ("范围",)),
            ImportColumn("org_unit_id", ("部门", "单位", "org_unit")),
            ImportColumn("position", ("岗位", "职位")),
            ImportColumn("invite", ("邀请",)),
        ),
        hint=_("Whoever is not invited by e-mail gets an initial password on the list of users."),
        warn=_warning_of,
    )

    @property
    def whole_shape(self) -> "NewUsersView":
        """Nothing of this form is kept back from anybody who may fill it."""
        return self

    @expose("/")
    @has_access
    def list(self) -> Any:
        """Lead to the list of users."""
        return redirect(url_for("companies_MembersPage.show"))

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        """Show the form; or make the user, and say what comes next."""
        form = NewUserForm(data=None if request.method == "POST" else {"invite": can_invite()})
        form.submission_key.data = form.submission_key.data or new_key()
        if request.method == "POST" and form.validate() and self._made(form):
            return redirect(url_for("companies_MembersPage.show"))
        return self.render_template(
            "companies/new_user.html", title=_("New user"), form=form, names=NAMES, view=self
        ), 422 if request.method == "POST" else 200

    def _made(self, form: NewUserForm) -> bool:
        actor, values = acting_user(), values_of(form, NAMES)

        def make() -> str:
            given = create_user(actor=actor, **values)
            warn_of_fellows(given, on=_today())
            return given.user.username

        try:
            username = act_once(form.submission_key.data, f"{RESOURCE}.add", make)
        except AppError as error:
            if error.field in NAMES:
                field = form[str(error.field)]
                field.errors = [*field.errors, str(error)]
            else:
                form.form_errors = [*form.form_errors, str(error)]
            return False
        flash(str(_("%(name)s is made.")) % {"name": username}, "success")
        return True
