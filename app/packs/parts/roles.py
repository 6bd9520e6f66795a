"""Roles of the company's own in packs: each copies one of the product and gives or takes some rights."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import Role as RoleRow

from app.database.session import session
from app.errors import AppError
from app.extensions import appbuilder
from app.i18n import _
from app.packs.change import Change, Moment
from app.packs.reading import Pack, is_table
from app.security.models import FieldLimit, OwnRole
from app.security.own_roles import (
    change_rights,
    delete_role,
    granted_ids,
    make_role,
    own_roles,
    refuse_own,
    require_grantable,
    require_role_grantable,
)
from app.security.permissions import COMPANY_SCREENS, Pair
from app.security.rights import MENU
from app.security.roles import require
from app.security.sync import pair_ids
from app.security.wording import role_titles

_KEYS = frozenset({"base", "give", "take"})
_LEFT_OUT = _("a role whose rights no pack can say")


class Roles:
    """`"Title" = {base = "reception_manager", give = ["reception.Customer.export"], take = []}`."""

    name = "roles"
    right = ("add", "companies.Roles")

    def plan(self, pack: Pack, section: str, content: Any, moment: Moment) -> Iterator[Change]:
        """Yield the roles that are not there, or have other rights."""
        ids, there = pair_ids(), {one.title: one for one in own_roles(moment.company_id)}
        for title, given in content.items():
            place = f"{section}.{self.name}"
            if not is_table(given) or not set(given) <= _KEYS or not isinstance(given.get("base"), str):
                raise pack.wrong(place, title, _("Write base, and the lists give and take."))
            base = appbuilder().sm.find_role(given["base"]) if given["base"] in role_titles() else None
            if base is None:
                raise pack.wrong(place, title, _("There is no such role to begin with."))
            try:
                give, take = (_pairs(given.get(name, []), ids) for name in ("give", "take"))
            except AppError as error:
                raise pack.wrong(place, title, error) from error
            wanted = (_own_pairs(granted_ids(base), ids) | give) - take
            own = there.get(title)
            before = None if own is None else _own_pairs(granted_ids(own.role), ids)
            if before != wanted:
                yield Change(
                    self.name, section, title, title, "" if own is None else _count(before or ()), _count(wanted),
                    {"base": base, "wanted": wanted, "role": own and own.role},
                )  # fmt: skip

    def make(self, change: Change, moment: Moment) -> dict[str, Any]:
        """Make the role, or give and take rights. Raises NotAllowed for rights that the actor may not give."""
        role: RoleRow | None = change.data["role"]
        require_grantable(moment.actor, change.data["wanted"])
        made = role is None
        if role is None:
            require_role_grantable(moment.actor, change.data["base"])
            role = make_role(change.key, company_id=moment.company_id, base=change.data["base"])
        else:
            require(moment.actor, "edit", self.right[1])
            refuse_own(moment.actor, role)
        ids = pair_ids()
        before = _own_pairs(granted_ids(role), ids)
        _set_rights(role, change.data["wanted"])
        after = sorted(map(_word, _own_pairs(granted_ids(role), ids)))
        return {"title": change.key, "made": made, "before": sorted(map(_word, before)), "after": after}

    def take_back(self, made: dict[str, Any], moment: Moment) -> None:
        """Delete a role that was made, or give it its former rights; one that was changed since stays as it is.

        Raises Conflict while somebody holds it.
        """
        own, ids = next((one for one in own_roles(moment.company_id) if one.title == made["title"]), None), pair_ids()
        has = [] if own is None else sorted(map(_word, _own_pairs(granted_ids(own.role), ids)))
        if own is None or made.get("after", has) != has:
            return
        if made["made"]:
            delete_role(own.role)
            return
        refuse_own(moment.actor, own.role)
        former = {pair for pair in map(_pair, made["before"]) if pair in ids}
        require_grantable(moment.actor, former)
        _set_rights(own.role, former)

    def export(self, section: str, company_id: int) -> tuple[Any, list[str]]:
        """Return the company's own roles that begin with one of this section's."""
        found, left_out, ids = {}, [], pair_ids()
        for own in own_roles(company_id):
            if section_of(own) != section:
                continue
            base = appbuilder().sm.find_role(own.base) if own.base in role_titles() else None
            if base is None or _limits(base) != _limits(own.role):
                left_out.append(f"{own.title}: {_LEFT_OUT}")
                continue
            has, began = _own_pairs(granted_ids(own.role), ids), _own_pairs(granted_ids(base), ids)
            found[own.title] = {
                "base": base.name, "give": sorted(map(_word, has - began)), "take": sorted(map(_word, began - has)),
            }  # fmt: skip
        return found, left_out


def section_of(own: OwnRole) -> str:
    """Return the add-on whose role this one began as; roles without such a beginning go with the platform's."""
    setups = [*_names_of("setups"), *_names_of("rooms")]
    return next((name for name, roles in setups if own.base in roles), "companies")


def _names_of(kind: str) -> Iterator[tuple[str, Collection[str]]]:
    for setup in current_app.extensions[kind]:
        yield setup.name, [role.name for role in setup.roles]


def _set_rights(role: RoleRow, wanted: Collection[Pair]) -> None:
    ids = pair_ids()
    has = _own_pairs(granted_ids(role), ids)
    change_rights(role, give=[ids[one] for one in set(wanted) - has], take=[ids[one] for one in has - set(wanted)])


def _own_pairs(granted: Collection[int], ids: dict[Pair, int]) -> set[Pair]:
    """Return the rights among what is granted; menu entries follow them by themselves."""
    return {pair for pair, pair_id in ids.items() if pair_id in granted and pair[0] != MENU}


def _pairs(words: Any, ids: dict[Pair, int]) -> set[Pair]:
    if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
        raise AppError("packs.rights", _("give and take must be lists of texts."))
    found = {_pair(one) for one in words}
    # A role of a company opens business resources only; the screens of the platform are no right that it could give.
    strange = next((one for one in words if _pair(one) not in ids or not _is_of_company(_pair(one))), None)
    if strange is not None:
        raise AppError("packs.right", _("There is no right “%(right)s”."), right=strange[:120])
    return found


def _is_of_company(pair: Pair) -> bool:
    return "." in pair[1] or pair[1] in COMPANY_SCREENS


def _pair(word: str) -> Pair:
    resource, _dot, verb = word.rpartition(".")
    return f"can_{verb}", resource


def _word(pair: Pair) -> str:
    return f"{pair[1]}.{pair[0].removeprefix('can_')}"


def _limits(role: RoleRow) -> set[tuple[str, str, Any]]:
    rows = session.execute(
        sa.select(FieldLimit.resource, FieldLimit.field, FieldLimit.level).where(FieldLimit.role_id == role.id)
    )
    return {(row.resource, row.field, row.level) for row in rows}


def _count(rights: Sequence[Pair] | set[Pair] | tuple[()]) -> str:
    return str(_("%(count)s rights")) % {"count": len(rights)}
