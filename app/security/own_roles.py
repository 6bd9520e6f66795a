"""Roles that administrators make: copied, renamed, given rights and taken some. Those of the product stay."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User, assoc_permissionview_role

from app.companies.models import Membership
from app.database.context import active_company
from app.database.session import session
from app.errors import Conflict, NotAllowed, ValidationError
from app.extensions import appbuilder
from app.i18n import _
from app.security.audit import record, record_denial
from app.security.limiting import copy_limits, delete_limits, refuse_beyond, refuse_unfilled
from app.security.models import OwnRole
from app.security.permissions import NOTHING, Pair, announce_change, permission_cache
from app.security.rights import MENU, menus
from app.security.roles import may
from app.security.sync import pair_ids, write_grants
from app.security.wording import name_of_own, role_titles, role_words

RESOURCE = "companies.Roles"
LONGEST_TITLE = 40


def own_roles(company_id: int | None) -> Sequence[OwnRole]:
    """Return the roles that a company has made, by title."""
    return session.scalars(sa.select(OwnRole).where(OwnRole.company_id == company_id).order_by(OwnRole.title)).all()


def roles_to_give(company_id: int | None) -> dict[str, str]:
    """Return the names and titles of the roles that this company may give: the product's and its own."""
    shipped = {name: str(title) for name, title in role_titles().items()}
    return shipped | {name_of_own(one.company_id, one.title): one.title for one in own_roles(company_id)}


def is_shipped(role: RoleRow) -> bool:
    """Tell whether each release writes this role anew, so that nobody else may."""
    return role.name in role_titles() or role.name == appbuilder().sm.auth_role_admin


def make_role(title: str, *, company_id: int | None, base: RoleRow | None = None) -> RoleRow:
    """Make a role with the rights of another, or none; for a company, or (None) for the platform.

    Raises ValidationError for a title that is blank or too long, Conflict for one that is taken.
    """
    title = _checked(title, company_id)
    role = RoleRow(name=title if company_id is None else name_of_own(company_id, title))
    session.add(role)
    session.flush()
    if company_id is not None:
        session.add(OwnRole(role_id=role.id, company_id=company_id, title=title, base=base.name if base else ""))
    if base is not None:
        write_grants(role.id, granted_ids(base))
        copy_limits(base, role)
    announce_change(session())  # type: ignore[operator]  # The scoped proxy gives its session when called.
    session.flush()
    record("role.made", role=title, copied_from=role_words(base.name) if base else "")
    return role


def rename_role(role: RoleRow, title: str) -> None:
    """Call a role otherwise. Raises as `make_role`, and NotAllowed for a role of the product."""
    _refuse_shipped(role)
    own, before = _own(role), role_words(role.name)
    company_id = own.company_id if own else None
    if title.strip() == before:
        return
    title = _checked(title, company_id)
    if own is not None:
        own.title = title
    role.name = title if company_id is None else name_of_own(company_id, title)
    session.flush()
    record("role.renamed", role=title, from_name=before)


def delete_role(role: RoleRow) -> None:
    """Delete a role. Raises Conflict while somebody holds it, NotAllowed for a role of the product."""
    _refuse_shipped(role)
    if session.scalar(sa.select(Membership.id).where(Membership.role_id == role.id).limit(1)):
        raise Conflict("role.held", _("Somebody holds this role. Give its holders another one first."))
    if own := _own(role):
        session.delete(own)
        session.flush()
    delete_limits(role)
    session.delete(role)
    session.flush()
    record("role.deleted", role=role_words(role.name))


def change_rights(role: RoleRow, *, give: Collection[int], take: Collection[int]) -> None:
    """Give a role rights and take others, by the ids of their permissions; its menu entries follow.

    Raises NotAllowed for a role of the product: the next release would undo it. Raises ValidationError where it would
    add records without being able to fill what these need.
    """
    _refuse_shipped(role)
    ids = pair_ids()
    wanted = (granted_ids(role) | set(give)) - set(take)
    pairs = {pair for pair, pair_id in ids.items() if pair_id in wanted}
    refuse_unfilled(role, pairs)
    write_grants(role.id, {ids[pair] for pair in _with_entries(pairs) if pair in ids})
    announce_change(session())  # type: ignore[operator]  # As above.
    named = {
        pair_id: f"{resource}.{permission.removeprefix('can_')}" for (permission, resource), pair_id in ids.items()
    }
    record(
        "role.rights",
        role=role_words(role.name),
        granted=sorted(named[one] for one in give),
        withdrawn=sorted(named[one] for one in take),
    )


def granted_ids(role: RoleRow) -> set[int]:
    """Return the ids of the permissions that a role grants, as the database has them now."""
    granted = assoc_permissionview_role.c
    return set(session.scalars(sa.select(granted.permission_view_id).where(granted.role_id == role.id)))


def grantable(actor: User) -> frozenset[Pair] | None:
    """Return what the actor may give in the active company: all (None), or what he holds himself (S:CORE-05)."""
    if may(actor, "grant_any", RESOURCE):
        return None
    held: frozenset[Pair] = appbuilder().sm.granted(actor)
    return held


def require_grantable(actor: User, pairs: Collection[Pair]) -> None:
    """Raise NotAllowed for rights that the actor does not hold and so cannot give; it is recorded (S:CORE-05)."""
    own = grantable(actor)
    beyond = [pair for pair in pairs if own is not None and pair not in own and pair[0] != MENU]
    if beyond:
        record_denial(actor.id, verb="grant", resource=beyond[0][1], rights=len(beyond))
        raise NotAllowed(
            "role.beyond",
            _("You can give only rights that you hold yourself: %(count)s are beyond."),
            count=len(beyond),
        )


def require_role_grantable(actor: User, role: RoleRow) -> None:
    """Raise NotAllowed for a role that grants, or shows, what the actor may not give."""
    require_grantable(actor, permission_cache().get().of_role.get(role.id, NOTHING))
    if grantable(actor) is not None:
        refuse_beyond(actor, role.id)


def refuse_own(actor: User, role: RoleRow) -> None:
    """Raise NotAllowed for the change of a role that the actor holds himself in the active company."""
    held = sa.select(Membership.id).where(
        Membership.role_id == role.id, Membership.user_id == actor.id, Membership.company_id == active_company()
    )
    if session.scalar(held) is not None:
        raise NotAllowed("role.own", _("You hold this role yourself: somebody else must change it."))


def _with_entries(pairs: set[Pair]) -> set[Pair]:
    """Return the pairs with the menu entries of what they open, and without those of what they do not."""
    entries = menus()
    automatic = {entry for names in entries.values() for entry in names}
    kept = {pair for pair in pairs if pair[0] != MENU or pair[1] not in automatic}
    return kept | {(MENU, entry) for permission, name in kept if permission != MENU for entry in entries.get(name, ())}


def _own(role: RoleRow) -> OwnRole | None:
    return session.scalar(sa.select(OwnRole).where(OwnRole.role_id == role.id))


def _refuse_shipped(role: RoleRow) -> None:
    if is_shipped(role):
        raise NotAllowed("role.shipped", _("This role comes with the product: copy it, and change the copy."))


def _checked(title: str, company_id: int | None) -> str:
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise ValidationError(
            "role.title", _("Enter a name of at most %(limit)s characters."), field="title", limit=LONGEST_TITLE
        )
    taken = {str(known).lower() for known in role_titles().values()}
    taken |= {one.lower() for one in session.scalars(_names(company_id))}
    if title.lower() in taken:
        raise Conflict("role.taken", _("Another role is called %(value)s."), field="title", value=title)
    return title


def _names(company_id: int | None) -> sa.Select[str]:
    if company_id is None:
        return sa.select(RoleRow.name)
    return sa.select(OwnRole.title).where(OwnRole.company_id == company_id)
