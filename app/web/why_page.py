"""Why can, or can't, somebody do this here? Step by step, each step with the place where it is mended (S:CORE-08)."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import select

from app.companies.memberships import memberships_of
from app.companies.models import Membership
from app.crud.page import Page
from app.database.columns import read_id
from app.database.context import active_company
from app.database.session import session
from app.i18n import _, humanize
from app.security.gate import is_open
from app.security.permissions import NOTHING, permission_cache
from app.security.records import model_of
from app.security.rights import verb_words
from app.security.scope import reaches, visible
from app.security.wording import role_words

MOST_NAMED = 200  # Members whose user names are offered while one is typed.


@dataclass(frozen=True)
class Step:
    """One question on the way to the answer; `url` leads to where it is mended."""

    holds: bool
    title: Any
    detail: str
    url: str = ""


class WhyPage(Page):
    """Answers with the same functions that decide."""

    resource = "companies.Why"
    title = _("Who may do what, and why")
    template = "companies/why.html"

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the answer to what is asked, and what may be asked."""
        views = {name: view for name, view in current_app.extensions["crud_views"].items() if is_open(name)}
        resource = arguments.get("resource", "")
        verbs = (
            sorted(name.removeprefix("can_") for name in views[resource].base_permissions) if resource in views else []
        )
        username, verb = arguments.get("user", "").strip()[:64], arguments.get("verb", "")
        verb = verb if verb in verbs else next((one for one in ("list", *verbs) if one in verbs), "")
        members = select(Membership.user_id).where(Membership.company_id == active_company())
        user = session.scalar(select(User).where(User.username == username, User.id.in_(members)))
        steps = _steps(user, resource, verb, read_id(arguments.get("record"))) if user and verb else []
        return {
            "username": username,
            "people": session.scalars(
                select(User).where(User.id.in_(members)).order_by(User.username).limit(MOST_NAMED)
            ).all(),
            "stranger": bool(username) and user is None,
            "resource": resource,
            "verb": verb,
            "record": arguments.get("record", "")[:18],
            "resources": sorted(((name, str(view.title)) for name, view in views.items()), key=lambda one: one[1]),
            "verbs": [(one, verb_words(resource, f"can_{one}")) for one in verbs],
            "steps": steps,
            "holds": all(step.holds for step in steps),
        }


def _steps(user: User, resource: str, verb: str, record_id: int | None) -> list[Step]:
    members = url_for("companies_MembersPage.show")
    held = memberships_of(user.id, active_company() or 0)
    words = ", ".join(f"{role_words(one.role.name)} ({gettext(humanize(one.scope.value))})" for one in held)
    grants = permission_cache().get().of_role
    granting = [one for one in held if (f"can_{verb}", resource) in grants.get(one.role_id, NOTHING)]
    steps = [
        Step(bool(user.is_active), _("The user is active"), user.get_full_name()),
        Step(bool(held), _("He holds roles in this company"), words, members),
        Step(
            bool(granting),
            _("One of them grants this right"),
            ", ".join(f"{role_words(one.role.name)} ({gettext(humanize(one.scope.value))})" for one in granting)
            or _roles_granting(resource, verb),
            url_for("CompanyRolesView.list"),
        ),
    ]
    return [*steps, *_reach(user, resource, verb, record_id)] if record_id is not None else steps


def _roles_granting(resource: str, verb: str) -> str:
    """Return which roles would do."""
    grants = permission_cache().get()
    ids = [role for role, pairs in grants.of_role.items() if (f"can_{verb}", resource) in pairs]
    names = session.scalars(select(RoleRow.name).where(RoleRow.id.in_(ids)).order_by(RoleRow.name))
    own = f"company_{active_company()}_"
    here = [name for name in names if not name.startswith("company_") or name.startswith(own)]
    return gettext("None does. These roles do: %(roles)s") % {"roles": ", ".join(map(role_words, here))}


def _reach(user: User, resource: str, verb: str, record_id: int) -> list[Step]:
    """Return whether there is such a record, and whether a granting role reaches it today."""
    model: Any = model_of(resource)
    record = session.get(model, record_id) if model is not None else None
    if record is None or record.company_id != active_company():
        return [Step(holds=False, title=_("The record is there"), detail=f"#{record_id}")]
    within = visible(model, user, verb=verb)
    statement = select(model.id).where(model.id == record_id)
    seen = session.scalar(statement if within is None else statement.where(within)) is not None
    owner = getattr(record, "owner", None)
    detail = gettext("Owner: %(owner)s") % {"owner": owner or "–"} if hasattr(record, "owner_id") else ""
    reached = seen and (within is None or reaches(user, record, verb=verb) or verb in {"list", "show"})
    return [Step(reached, _("Their scope reaches this record today"), detail, url_for("companies_MembersPage.show"))]
