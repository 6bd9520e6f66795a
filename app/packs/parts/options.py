"""Option lists in packs (S:CORE-14)."""

from collections.abc import Iterator
from typing import Any

from flask import current_app

from app.errors import AppError
from app.i18n import _
from app.masterdata.normalise import required_text
from app.masterdata.options import (
    NAME_LENGTH,
    OptionListDefinition,
    add_option,
    archive_option,
    delete_option,
    find_list,
    find_option,
    offered_names,
    open_list,
)
from app.packs.change import Change, Moment
from app.packs.reading import Pack


class Options:
    """`list = ["First", "Second"]`: exactly these are offered; others are archived."""

    name = "options"
    right = ("edit", "masterdata.Option")

    def plan(self, pack: Pack, section: str, content: Any, moment: Moment) -> Iterator[Change]:
        """Yield the lists that offer something else."""
        known = _lists()
        for key, given in content.items():
            definition = known.get(f"{section}.{key}")
            if definition is None:
                raise pack.wrong(f"{section}.{self.name}", key, _("No option list is called so."))
            if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
                raise pack.wrong(f"{section}.{self.name}", key, _("This must be a list of texts."))
            try:
                wanted = list(dict.fromkeys(required_text(one, field="name", maximum=NAME_LENGTH) for one in given))
            except AppError as error:
                raise pack.wrong(f"{section}.{self.name}", key, error) from error
            before = offered_names(definition.key)
            if set(before) != set(wanted):
                yield Change(
                    self.name, section, definition.key, str(definition.title), ", ".join(before), ", ".join(wanted),
                    {"wanted": wanted},
                )  # fmt: skip

    def make(self, change: Change, moment: Moment) -> dict[str, Any]:
        """Offer these and no others."""
        options, wanted = open_list(change.key), change.data["wanted"]
        before = offered_names(change.key)
        added = [name for name in wanted if name not in before]
        dropped = [name for name in before if name not in wanted]
        for name in added:
            add_option(options, name=name)
        _archive(change.key, dropped, moment)
        return {"key": change.key, "added": added, "dropped": dropped}

    def take_back(self, made: dict[str, Any], moment: Moment) -> None:
        """Offer again what was dropped, and no longer what was added; a value in use is archived."""
        options = find_list(made["key"])
        if options is None or made["key"] not in _lists():
            return
        offered = offered_names(made["key"])
        for name in made["dropped"]:
            if name not in offered:
                add_option(options, name=name)
        for name in made["added"]:
            option = find_option(made["key"], name)
            if option is not None:
                delete_option(option, now=moment.now)

    def export(self, section: str, company_id: int) -> tuple[Any, list[str]]:
        """Return what the lists of the section offer, of those that the company has opened."""
        keys = [key for key in sorted(_lists()) if key.partition(".")[0] == section and find_list(key) is not None]
        return {key.partition(".")[2]: offered_names(key) for key in keys}, []


def _lists() -> dict[str, OptionListDefinition]:
    setups = [*current_app.extensions["setups"], *current_app.extensions["rooms"]]
    return {one.key: one for setup in setups for one in setup.option_lists}


def _archive(key: str, names: list[str], moment: Moment) -> None:
    for name in names:
        option = find_option(key, name)
        if option is not None:
            archive_option(option, now=moment.now)
