"""The packs that come with the product can be read, and say nothing wrong of any installed add-on."""

from typing import Any

import pytest

CHAINS = {  # Nobody holds their steps here: they stay drafts.
    "agency": ["orders.DiscountRequest:finish_review"],
    "car_dealer": ["orders.DiscountRequest:finish_review"],
    "pig_farm": ["contracts.Contract:send_up"],
    "real_estate": ["orders.DiscountRequest:finish_review"],
    "software": ["orders.DiscountRequest:finish_review", "contracts.Contract:send_up"],
}
DECIDERS = {
    "agency": "orders_general_manager",
    "car_dealer": "orders_manager",
    "pig_farm": "orders_manager",
    "real_estate": "orders_general_manager",
    "software": "orders_manager",
}
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

    run = within(world.one, lambda moment: _applied(apply_pack(find_pack(name), moment)))

    skipped, drafts = run
    assert drafts == CHAINS.get(name, [])
    pack, installed = find_pack(name), {setup.name for setup in world.app.extensions["setups"]}
    named = dict.fromkeys([*pack.addons, *pack.sections])
    assert skipped == [one for one in named if one not in installed | {"core"}]


def _applied(run: Any) -> tuple[list[str], list[str]]:
    return run.skipped, [one["key"] for one in run.changes if one["part"] == "chains"]


@pytest.mark.rule("P:PRI-07")
@pytest.mark.parametrize("name", SECTORS)
def test_it_says_who_decides_on_discounts_or_that_there_are_none(name: str) -> None:
    from app.packs.reading import find_pack

    values = find_pack(name).sections["orders"]["parameters"]

    assert values.get("discount_decider") == DECIDERS.get(name)
    assert (values.get("discount_types") == []) is (name == "online_shop")
