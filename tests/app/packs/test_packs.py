"""Packs are seen first, applied wholly or not at all, recorded, taken back, and carried to another company."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.errors import Conflict, NotAllowed, ValidationError
from tests.app.packs.conftest import TEXT

pytestmark = pytest.mark.by_turns

Apply = Callable[..., dict[str, Any]]


def stand() -> dict[str, Any]:
    """Return all that the pack of these tests can change in the active company."""
    from app.approvals.chains import active_chain, draft_of
    from app.database.context import active_company
    from app.packs.applying import enabled
    from app.parameters.registry import get_parameter, list_values
    from app.security.own_roles import own_roles

    company = active_company() or 0
    chains = [find("visits.Visit", "confirm") for find in (active_chain, draft_of)]
    return {
        "on": enabled(company),
        "hours": [value for _day, value in list_values(get_parameter("core.escalate_hours"))],
        "rows": list_values(get_parameter("core.import_max_rows")),
        "roles": [one.title for one in own_roles(company)],
        "chains": [one and one.definition["steps"][0]["name"] for one in chains],
    }


def test_a_pack_is_applied_and_what_is_not_here_is_skipped(world: Any, run_in: Any, apply: Apply) -> None:
    assert run_in(world.two, stand)["on"] == {"visits"}

    done = apply(world.two)

    assert done == {
        "keys": [
            "bonus", "core.escalate_hours", "core.import_max_rows", "core.import_max_rows", "Inspector",
            "visits.Visit:confirm",
        ],
        "skipped": ["far_away"],
    }  # fmt: skip
    assert run_in(world.two, stand) == {
        "on": {"bonus", "visits"},
        "hours": [12],
        "rows": [(dt.date(2099, 1, 1), 200), (dt.date(2024, 1, 1), 100)],
        "roles": ["Inspector"],
        "chains": ["Boss", None],
    }
    assert run_in(world.one, stand)["hours"] == []


def test_it_is_recorded(world: Any, run_in: Any, apply: Apply) -> None:
    from app.audit.models import SecurityEvent
    from app.database.session import session

    apply(world.two)

    def read() -> list[Any]:
        statement = sa.select(SecurityEvent.user_id, SecurityEvent.details).where(SecurityEvent.kind == "pack.applied")
        return [tuple(row) for row in session.execute(statement)]

    ((user, details),) = run_in(world.two, read)
    assert user == world.users["root"]
    assert (details["pack"], details["changes"], details["skipped"]) == ("visits_pack", 6, ["far_away"])


def test_it_is_rolled_back(world: Any, run_in: Any, apply: Apply, within: Any) -> None:
    from app.packs.applying import in_force, list_runs, roll_back

    before = run_in(world.two, stand)
    apply(world.two)

    within(world.two, lambda moment: roll_back(in_force()[0], moment))

    after = run_in(world.two, stand)
    assert after | {"rows": []} == before | {"rows": []}
    # What held before today was used: it ends today, and stays known.
    assert [value for _day, value in after["rows"]] == [5000, 100]
    with pytest.raises(Conflict) as refused:
        within(world.two, lambda moment: roll_back(list_runs()[0], moment))
    assert refused.value.code == "packs.rolled_back"


def test_what_was_decided_since_stays(world: Any, run_in: Any, apply: Apply, within: Any) -> None:
    from app.packs.applying import in_force, roll_back
    from app.parameters.registry import get_parameter

    apply(world.two)
    tomorrow = dt.timedelta(days=1)
    within(
        world.two,
        lambda moment: (
            get_parameter("core.escalate_hours").set(48, valid_from=moment.today + tomorrow, actor=moment.actor)
            and None
        ),
    )

    within(world.two, lambda moment: roll_back(in_force()[0], moment))

    assert run_in(world.two, stand)["hours"] == [48]


def test_a_role_and_a_chain_that_were_changed_since_stay(world: Any, run_in: Any, apply: Apply, within: Any) -> None:
    from app.packs.applying import in_force, roll_back

    apply(world.two)
    within(world.two, rewrite)
    changed = run_in(world.two, rewritten)

    within(world.two, lambda moment: roll_back(in_force()[0], moment))

    assert run_in(world.two, rewritten) == changed == ("Everything", True)
    assert run_in(world.two, stand)["hours"] == []


def rewrite(moment: Any) -> None:
    """Change by hand what the pack of these tests brought: its role, and its chain."""
    from flask import current_app

    from app.approvals.chains import activate, active_chain, save_draft
    from app.security.own_roles import change_rights, own_roles
    from app.security.sync import pair_ids
    from app.workflow.facts import facts_of

    change_rights(own_roles(moment.company_id)[0].role, give=[pair_ids()["can_edit", "visits.Visit"]], take=[])
    workflow, chain = current_app.extensions["workflows"]["visits.Visit"], active_chain("visits.Visit", "confirm")
    assert chain is not None
    facts = facts_of(workflow, workflow.transitions["confirm"])
    data = {**chain.definition, "rules": [{**chain.definition["rules"][0], "name": "Everything"}]}
    draft = save_draft("visits.Visit", "confirm", data=data, facts=facts)
    activate(draft, facts=facts, actor=moment.actor, now=moment.now)


def rewritten() -> tuple[str, bool]:
    """Return the name of the rule in force, and whether the role has the right that was added by hand."""
    from app.approvals.chains import active_chain
    from app.database.context import active_company
    from app.security.own_roles import granted_ids, own_roles
    from app.security.sync import pair_ids

    chain = active_chain("visits.Visit", "confirm")
    assert chain is not None
    granted = granted_ids(own_roles(active_company() or 0)[0].role)
    return chain.definition["rules"][0]["name"], pair_ids()["can_edit", "visits.Visit"] in granted


def test_applied_twice_it_has_nothing_to_do(world: Any, apply: Apply) -> None:
    text = TEXT.replace(', "far_away"', "").partition("[far_away")[0]
    assert len(apply(world.two, text)["keys"]) == 6

    with pytest.raises(Conflict) as refused:
        apply(world.two, text)

    assert refused.value.code == "packs.nothing"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("escalate_hours = 12", 'escalate_hours = "12"', "[core.parameters] escalate_hours: This must not be a text."),
        ("escalate_hours = 12", "escalate_hours = true", "[core.parameters] escalate_hours: “A major issue"),
        ("escalate_hours = 12", "escalate_hours = 9999", "must be at most 720"),
        ("escalate_hours = 12", "escalade = 12", "[core.parameters] escalade: No policy value is called so."),
        ("[core.parameters]", "[core.settings]", "[core] settings: There is no such key."),
        ("far_away.parameters", "far_away.parameter", "[far_away] parameter: There is no such key."),
        ("2099-01-01", '"2099"', "[core.parameters] import_max_rows: Write value and valid_from"),
        ('"visits_reader"', '"Admin"', "[visits.roles] Inspector: There is no such role to begin with."),
        ("Visit.confirm", "Visit.explode", "[visits.roles] Inspector: There is no right “visits.Visit.explode”."),
        ("visits.Visit.confirm", "RoleModelView.list", "There is no right “RoleModelView.list”."),
        ('who = "superior"', 'who = "person"', "[visits.chains] visits.Visit:confirm: A pack names no person"),
        ('who = "superior", value = "1"', 'who = "role", value = "boss"', "there is no role “boss”"),
        ('transition = "confirm"', 'transition = "fly"', "[visits.chains] visits.Visit:fly: Nothing of this add-on"),
        ('addons = ["bonus"', 'add_ons = ["bonus"', "[pack] add_ons: There is no such key."),
        ("[pack]", "[pack", "is no TOML: line 2 cannot be read from character 6 on."),
        ("[visits.roles.Inspector]", "[visits.numbering]", "[visits.numbering] base: No number series is called so."),
    ],
)
def test_what_is_wrong_is_named_and_nothing_changes(
    world: Any, run_in: Any, apply: Apply, old: str, new: str, named: str
) -> None:
    before = run_in(world.two, stand)
    assert old in TEXT

    with pytest.raises(ValidationError) as refused:
        apply(world.two, TEXT.replace(old, new))

    assert "visits_pack.toml" in str(refused.value)
    assert named in str(refused.value)
    assert run_in(world.two, stand) == before


def test_a_refusal_halfway_undoes_the_first_half(world: Any, run_in: Any, apply: Apply) -> None:
    """The title of the role is taken by a role of the product, which only making it finds out."""
    before = run_in(world.two, stand)

    with pytest.raises(ValidationError) as refused:
        apply(world.two, TEXT.replace("roles.Inspector", 'roles."Visits manager"'))

    assert "[visits.roles] Visits manager: Another role is called Visits manager." in str(refused.value)
    assert run_in(world.two, stand) == before


def test_whoever_may_not_decide_policy_values_applies_none(world: Any, run_in: Any, apply: Apply) -> None:
    before = run_in(world.two, stand)

    with pytest.raises(NotAllowed):
        apply(world.two, user="ann")

    assert run_in(world.two, stand) == before


def test_a_chain_that_nobody_can_sign_is_kept_as_a_draft(world: Any, run_in: Any, apply: Apply) -> None:
    apply(world.two, TEXT.replace('who = "superior", value = "1"', 'who = "role", value = "own:Inspector"'))

    assert run_in(world.two, stand)["chains"] == [None, "Boss"]


def test_a_company_is_exported_and_another_one_is_made_the_same(
    world: Any, run_in: Any, apply: Apply, within: Any
) -> None:
    from app.approvals.chains import active_chain, draft_of
    from app.packs.exporting import export_pack

    def export(moment: Any) -> str:
        return export_pack(moment.company_id, title="Carried")

    apply(world.two)
    text = within(world.two, export)
    assert 'addons = ["visits", "bonus"]' in " ".join(text.split()).replace("[ ", "[").replace(", ]", "]")

    apply(world.one, text)

    assert within(world.one, export) == text
    assert run_in(world.one, stand) == run_in(world.two, stand)
    assert run_in(world.one, lambda: draft_of("visits.Visit", "confirm")) is None
    assert run_in(world.one, lambda: active_chain("visits.Visit", "confirm").number) == 1


def test_what_was_skipped_is_offered_when_the_addon_is_there(
    world: Any, run_in: Any, apply: Apply, within: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Visits is taken for one that is not installed, and then comes."""
    from app.packs import applying
    from app.parameters.registry import get_parameter

    setups = world.app.extensions["setups"]
    monkeypatch.setitem(world.app.extensions, "setups", [one for one in setups if one.name != "visits"])
    text = TEXT.replace('"bonus", ', "")
    assert apply(world.two, text)["skipped"] == ["far_away", "visits"]
    assert within(world.two, lambda moment: applying.offers(moment.company_id)) == []

    monkeypatch.setitem(world.app.extensions, "setups", setups)

    def decide_otherwise(moment: Any) -> None:
        day = moment.today + dt.timedelta(days=1)
        get_parameter("core.escalate_hours").set(48, valid_from=day, actor=moment.actor)

    within(world.two, decide_otherwise)
    offered = within(world.two, lambda moment: [(run.pack, names) for run, names in applying.offers(moment.company_id)])
    assert offered == [("visits_pack", ["visits"])]
    keys = within(
        world.two, lambda moment: [one["key"] for one in applying.apply_offer(applying.in_force()[0], moment).changes]
    )
    assert keys == ["Inspector", "visits.Visit:confirm"]
    assert within(world.two, lambda moment: applying.offers(moment.company_id)) == []
    assert run_in(world.two, stand)["hours"] == [48, 12]


def test_what_was_seen_is_what_is_applied(world: Any, within: Any) -> None:
    from app.packs.applying import apply_pack, plan_pack
    from app.packs.reading import read_pack

    pack = read_pack(TEXT, file="visits_pack.toml")
    seal = within(world.two, lambda moment: plan_pack(pack, moment).seal)
    other = read_pack(TEXT.replace("= 12", "= 13"), file="visits_pack.toml")

    with pytest.raises(Conflict) as refused:
        within(world.two, lambda moment: apply_pack(other, moment, seal=seal))

    assert refused.value.code == "packs.changed"
