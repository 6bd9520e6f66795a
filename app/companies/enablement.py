"""Which add-ons a company has switched on: one snapshot per process, checked once a second."""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from app.companies.models import CacheVersion, DisabledAddon, EnabledAddon
from app.database.columns import utc_now
from app.database.session import db, on_commit, session
from app.errors import Conflict
from app.i18n import _

CACHE = "enabled_addons"
CHECK_EVERY = 1.0  # Seconds. The promise is that a switch reaches every process within five.
# In SQL, so that two switches at once cannot lose one.
_INCREMENT = sa.update(CacheVersion).where(CacheVersion.name == CACHE).values(number=CacheVersion.number + 1)


class EnablementCache:
    """A snapshot {company: add-ons}; one cheap read a second tells whether it is stale."""

    def __init__(self) -> None:
        self._checked_at = float("-inf")
        # One attribute, replaced whole: threads never meet the number of one reading beside the add-ons of another.
        self._snapshot: tuple[int | None, dict[int, frozenset[str]]] = (None, {})

    def enabled(self, company_id: int | None) -> frozenset[str]:
        """Return the add-ons of this company; none without a company."""
        if company_id is None:
            return frozenset()
        if time.monotonic() - self._checked_at >= CHECK_EVERY:
            self._refresh()
        return self._snapshot[1].get(company_id, frozenset())

    def expire(self) -> None:
        """Look again at the next question: this process has just switched something itself."""
        self._checked_at = float("-inf")

    def _refresh(self) -> None:
        asked_at = time.monotonic()
        # An own connection, not the request's session: it must see what others committed even when
        # this request's transaction began earlier.
        with db.engine.connect() as connection:
            # The number is read before the add-ons: if somebody switches in between, it is too old, and we read again.
            number = connection.scalar(sa.select(CacheVersion.number).where(CacheVersion.name == CACHE))
            if number is None or number != self._snapshot[0]:
                self._snapshot = (number, _read(connection))
        self._checked_at = asked_at


def enablement() -> EnablementCache:
    """Return this app's cache."""
    cache: EnablementCache = current_app.extensions.setdefault("enablement", EnablementCache())
    return cache


def enabled_addons(company_id: int | None) -> frozenset[str]:
    """Return the add-ons that this company has switched on."""
    return enablement().enabled(company_id)


def is_enabled(addon: str, company_id: int | None) -> bool:
    """Tell whether this company has switched the add-on on."""
    return addon in enablement().enabled(company_id)


def switch(addon: str, company_id: int, *, on: bool, depends: Mapping[str, Collection[str]]) -> list[str]:
    """Switch an add-on on, with all it depends on, or off; return what changed, sorted.

    `depends` names the dependencies of every installed add-on, direct or complete.
    Raises Conflict when something enabled needs the add-on that is to be switched off.
    """
    # First, because the row lock makes switches wait for each other: two at once could each overlook the other.
    _announce_change()
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
    connection.execute(_INCREMENT)


def _announce_change() -> None:
    if _changed_rows(_INCREMENT):
        return
    try:
        with session.begin_nested():
            session.add(CacheVersion(name=CACHE, number=1))
    except IntegrityError:  # Somebody else was the first.
        _changed_rows(_INCREMENT)


def _changed_rows(statement: sa.Update) -> int:
    result = session.execute(statement)
    return int(result.rowcount)  # type: ignore[attr-defined]  # An UPDATE gives a CursorResult.


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
