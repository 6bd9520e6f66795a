"""Applies packs to the active company and takes them back: seen first, wholly or not at all, and recorded."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.addon_loader.catching_up import start_catching_up
from app.addon_loader.manifest import closure
from app.audit import record_security_event
from app.companies.enablement import switch
from app.companies.models import EnabledAddon
from app.database.session import session
from app.errors import AppError, Conflict
from app.i18n import _
from app.packs.change import Change, Moment
from app.packs.models import PackRun
from app.packs.parts import PARTS
from app.packs.reading import Pack, read_pack
from app.security.roles import require

ADDONS = "addons"


@dataclass(frozen=True)
class Plan:
    """What a pack would change, and the sections of add-ons that the company does not have."""

    changes: Sequence[Change]
    skipped: Sequence[str]

    @property
    def seal(self) -> str:
        """Tells whether two plans change the same, so that nobody confirms what he has not seen."""
        lines = [(one.part, one.key, one.before, one.after) for one in self.changes]
        return sha256(json.dumps([lines, list(self.skipped)]).encode()).hexdigest()


def plan_pack(pack: Pack, moment: Moment, *, only: Collection[str] | None = None) -> Plan:
    """Return the differences, of all sections or of `only` some. Raises ValidationError naming file, section, key."""
    wanted = [name for name in dict.fromkeys([*pack.addons, *pack.sections]) if only is None or name in only]
    changes = _missing_addons([name for name in pack.addons if name in wanted], moment)
    there = enabled(moment.company_id) | {one.key for one in changes} | platform_sections()
    for name in [name for name in pack.sections if name in wanted and name in there]:
        section = pack.sections[name]
        for part in PARTS.values():
            if part.name in section:
                changes += part.plan(pack, name, section[part.name], moment)
    order = [ADDONS, *PARTS]
    changes.sort(key=lambda one: order.index(one.part))
    return Plan(changes, [name for name in wanted if name not in there])


def apply_pack(pack: Pack, moment: Moment, *, only: Collection[str] | None = None, seal: str | None = None) -> PackRun:
    """Make all changes, or none: the caller's transaction holds them together.

    Raises as `plan_pack`; Conflict where nothing differs or, given a `seal`, something else than was seen;
    NotAllowed where the actor could not make one of the changes on its own screen.
    """
    plan = plan_pack(pack, moment, only=only)
    if seal is not None and seal != plan.seal:
        raise Conflict("packs.changed", _("The differences are no longer those that you saw. Look at them again."))
    if not plan.changes and not plan.skipped:
        raise Conflict("packs.nothing", _("The company has all that this pack says."))
    _require_rights({one.part for one in plan.changes}, moment)
    run = PackRun(
        pack=pack.name,
        text=pack.text,
        changes=[_make(pack, change, moment) for change in plan.changes],
        skipped=list(plan.skipped),
        applied_at=moment.now,
        applied_by_id=moment.actor.id,
    )
    session.add(run)
    session.flush()
    record_security_event(
        "pack.applied", user_id=moment.actor.id, pack=pack.name, changes=len(run.changes), skipped=run.skipped
    )
    return run


def roll_back(run: PackRun, moment: Moment) -> None:
    """Take back what a pack changed and nobody has changed since.

    Raises Conflict for one that is taken back already, or was not the last one; or where a part refuses.
    """
    if run.rolled_back_at is not None:
        raise Conflict("packs.rolled_back", _("This pack was rolled back already."))
    last = in_force()[0]
    if last is not run:
        raise Conflict("packs.not_last", _("“%(pack)s” was applied after it: roll that back first."), pack=last.pack)
    _require_rights({made["part"] for made in run.changes}, moment)
    for made in reversed(run.changes):
        try:
            if made["part"] == ADDONS:
                switch(made["key"], moment.company_id, on=False, depends=_depends())
            else:
                PARTS[made["part"]].take_back(made["made"], moment)
        except AppError as error:
            raise Conflict("packs.stuck", "%(key)s: %(reason)s", key=made["key"], reason=str(error)) from error
    run.rolled_back_at, run.rolled_back_by_id = moment.now, moment.actor.id
    session.flush()
    record_security_event("pack.rolled_back", user_id=moment.actor.id, pack=run.pack, changes=len(run.changes))


def list_runs() -> Sequence[PackRun]:
    """Return what was applied to the company, the newest first."""
    return session.scalars(sa.select(PackRun).order_by(PackRun.id.desc())).all()


def in_force() -> list[PackRun]:
    """Return what was applied and not rolled back, the newest first."""
    return [run for run in list_runs() if run.rolled_back_at is None]


def offers(company_id: int) -> list[tuple[PackRun, list[str]]]:
    """Return the packs in force with the add-ons that they had to skip and that the company can have now."""
    found, on = [], enabled(company_id)
    for run in in_force():
        waiting = set(run.skipped) & _installed()
        if waiting:
            there = on | set(pack_of(run).addons)
            found.append((run, [name for name in run.skipped if name in waiting & there]))
    return [(run, names) for run, names in found if names]


def apply_offer(run: PackRun, moment: Moment, *, seal: str | None = None) -> PackRun:
    """Make the changes of the sections that a pack had to skip and that can be had now; others stay as decided since.

    Raises as `apply_pack`, and Conflict where nothing is offered.
    """
    names = next((names for one, names in offers(moment.company_id) if one is run), None)
    if names is None:
        raise Conflict("packs.no_offer", _("Nothing of this pack is left that could be had now."))
    made = apply_pack(pack_of(run), moment, only=names, seal=seal)
    run.skipped = [name for name in run.skipped if name not in names]
    session.flush()
    return made


def pack_of(run: PackRun) -> Pack:
    """Return the pack as it was applied."""
    return read_pack(run.text, file=f"{run.pack}.toml")


def enabled(company_id: int) -> set[str]:
    """Return the add-ons that the company has on and that are installed, as the database has it now."""
    on = session.scalars(sa.select(EnabledAddon.addon).where(EnabledAddon.company_id == company_id))
    return set(on) & _installed()


def platform_sections() -> set[str]:
    """Return the sections of what is always there: its rooms, and the values of the core."""
    return {"core", "security", *(room.name for room in current_app.extensions["rooms"])}


def _installed() -> set[str]:
    return {setup.name for setup in current_app.extensions["setups"]}


def _depends() -> dict[str, tuple[str, ...]]:
    manifests = current_app.extensions["manifests"]
    return {name: tuple(closure(manifests, name)) for name in _installed()}


def _missing_addons(names: Sequence[str], moment: Moment) -> list[Change]:
    """Return the add-ons to switch on, each after those that it needs."""
    setups = {setup.name: setup for setup in current_app.extensions["setups"]}
    wanted = {one for name in names if name in setups for one in [name, *_depends()[name]]}
    wanted -= enabled(moment.company_id)
    return [
        Change(
            ADDONS, name, name, str(_(setup.manifest.title)), str(_("Off")), str(_("On")), {}
        )
        for name, setup in setups.items()
        if name in wanted
    ]  # fmt: skip


def _require_rights(parts: Collection[str], moment: Moment) -> None:
    for name in sorted(parts):
        verb, resource = ("switch", "Apps") if name == ADDONS else PARTS[name].right
        require(moment.actor, verb, resource)


def _make(pack: Pack, change: Change, moment: Moment) -> dict[str, Any]:
    if change.part == ADDONS:
        changed = switch(change.key, moment.company_id, on=True, depends=_depends())
        start_catching_up(current_app.extensions["setups"], changed, actor=moment.actor)
        made: dict[str, Any] = {}
    else:
        try:
            made = PARTS[change.part].make(change, moment)
        except AppError as error:
            raise pack.wrong(f"{change.section}.{change.part}", change.key, error) from error
    note = made.pop("note", "")
    return {
        "part": change.part, "section": change.section, "key": change.key, "label": change.label,
        "before": change.before, "after": change.after, "note": note, "made": made,
    }  # fmt: skip
