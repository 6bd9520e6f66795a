"""Which add-ons a company has switched on: one snapshot per process, checked once a second."""

from collections import defaultdict
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from flask import current_app, g, has_request_context
from sqlalchemy.engine import Connection

from app.companies.models import DisabledAddon, EnabledAddon
from app.companies.snapshot import Snapshot, raise_number
from app.database.columns import utc_now
from app.database.session import on_commit, session
from app.errors import Conflict
from app.i18n import _

CACHE = "enabled_addons"
NOTHING: frozenset[str] = frozenset()


def enablement() -> Snapshot[dict[int, frozenset[str]]]:
    """Return what this process knows: the add-ons of each company."""
    known: Snapshot[dict[int, frozenset[str]]] = current_app.extensions.setdefault("enablement", Snapshot(CACHE, _read))
    return known


def enabled_addons(company_id: int | None) -> frozenset[str]:
    """Return the add-ons that this company has switched on; none without a company.

    A request keeps what it saw first: the gate and the permissions behind it must not see a switch in between.
    """
    if company_id is None:
        return NOTHING
    if not has_request_context():
        return enablement().get().get(company_id, NOTHING)
    if "enabled_addons" not in g:
        g.enabled_addons = enablement().get()
    seen: dict[int, frozenset[str]] = g.enabled_addons
    return seen.get(company_id, NOTHING)


def is_enabled(addon: str, company_id: int | None) -> bool:
    """Tell whether this company has switched the add-on on."""
    return addon in enabled_addons(company_id)


def switch(addon: str, company_id: int, *, on: bool, depends: Mapping[str, Collection[str]]) -> list[str]:
    """Switch an add-on on, with all it depends on, or off; return what changed, sorted.

    `depends` names the dependencies of every installed add-on, direct or complete.
    Raises Conflict when something enabled needs the add-on that is to be switched off.
    """
    # First, because the row lock makes switches wait for each other: two at once could each overlook the other.
    raise_number(session.connection(), CACHE)
    current = set(session.scalars(sa.select(EnabledAddon.addon).where(EnabledAddon.company_id == company_id)))
    if on:
        changed = sorted(_closure(addon, depends) - current)
        session.add_all(EnabledAddon(company_id=company_id, addon=name) for name in changed)
    else:
        changed = [addon] if addon in current else []
        needed_by = sorted(name for name in current - {addon} if addon in _closure(name, depends))
        if needed_by:
            raise Conflict(
                "addon.needed",
                _("%(needed_by)s needs %(addon)s. Switch it off first."),
                addon=addon,
                needed_by=", ".join(needed_by),
            )
        session.execute(
            sa.delete(EnabledAddon).where(EnabledAddon.company_id == company_id, EnabledAddon.addon == addon)
        )
        if changed:
            _note_pause(addon, company_id)
    session.flush()
    on_commit(enablement().expire)
    return changed


def _note_pause(addon: str, company_id: int) -> None:
    """Remember since when it hears nothing; an older pause that it has not caught up with counts on."""
    known = sa.select(DisabledAddon.id).where(DisabledAddon.company_id == company_id, DisabledAddon.addon == addon)
    if session.scalar(known) is None:
        session.add(DisabledAddon(company_id=company_id, addon=addon, since=utc_now()))


def hold_switches(connection: Connection) -> None:
    """Keep everybody from switching add-ons until this connection's transaction is over."""
    raise_number(connection, CACHE)


def _closure(addon: str, depends: Mapping[str, Collection[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [addon]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(depends.get(name, ()))
    return found


def _read(connection: Connection) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for company_id, addon in connection.execute(sa.select(EnabledAddon.company_id, EnabledAddon.addon)):
        found[company_id].add(addon)
    return {company_id: frozenset(addons) for company_id, addons in found.items()}
