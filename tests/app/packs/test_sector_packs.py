"""The packs that come with the product can be read, and say nothing wrong of any installed add-on."""

from typing import Any

import pytest

SECTORS = ("agency", "car_dealer", "online_shop", "pig_farm", "real_estate", "software")


def test_there_are_six_with_titles_in_both_languages() -> None:
    from app.packs.reading import list_packs

    packs = list_packs()

    assert tuple(pack.name for pack in packs) == SECTORS
    assert all({"en", "zh"} <= set(text) for pack in packs for text in (pack.title, pack.summary))
    assert all({"crm", "orders", "payments", "targets", "commission"} <= set(pack.addons) for pack in packs)


@pytest.mark.parametrize("name", SECTORS)
def test_it_can_be_applied(world: Any, within: Any, name: str) -> None:
    from app.packs.applying import apply_pack
    from app.packs.reading import find_pack

    skipped = within(world.one, lambda moment: apply_pack(find_pack(name), moment).skipped)

    pack, installed = find_pack(name), {setup.name for setup in world.app.extensions["setups"]}
    named = dict.fromkeys([*pack.addons, *pack.sections])
    assert skipped == [one for one in named if one not in installed | {"core"}]
