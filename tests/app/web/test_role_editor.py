"""The editor of roles: rights in words, the difference before it is saved, and no more than the grantor holds."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

PAGE = "/company-roles"
Run = Callable[..., Any]
Enter = Callable[..., FlaskClient]


@pytest.fixture
def eve(world: Any, login: Enter, run_in: Run) -> FlaskClient:
    """The administrator of company one."""
    give(world, run_in, "eve", "companies_administrator")
    return login("eve", world.one)


def give(world: Any, run_in: Run, username: str, role: str) -> None:
    """Let a user hold a role in company one."""
    from app.companies.memberships import add_membership
    from app.companies.models import Scope

    def add() -> None:
        key = world.app.appbuilder.sm.find_role(role).id
        add_membership(world.one, user_id=world.users[username], role_id=key, scope=Scope.COMPANY)

    run_in(None, add)


def make(client: FlaskClient, title: str, base: str = "") -> int:
    """Make a role and return its id."""
    answer = client.post(f"{PAGE}/add", data={"title": title, "base": base})
    assert answer.status_code == 302, answer.text[-3000:]
    return int(answer.location.rpartition("/")[2])


def pair(run_in: Run, verb: str, resource: str) -> str:
    """Return the id of a permission."""
    from app.security.sync import pair_ids

    return str(run_in(None, pair_ids)[f"can_{verb}", resource])


def rights(run_in: Run, role_id: int) -> set[tuple[str, str]]:
    """Return what a role grants."""
    from flask_appbuilder.security.sqla.models import assoc_permissionview_role as held

    from app.database.session import session
    from app.security.sync import pair_ids

    def read() -> set[tuple[str, str]]:
        ids = set(session.scalars(sa.select(held.c.permission_view_id).where(held.c.role_id == role_id)))
        return {name for name, key in pair_ids().items() if key in ids}

    return run_in(None, read)


def stamp(client: FlaskClient, role_id: int) -> str:
    """Return what the editor's page says of the state that it shows."""
    return client.get(f"{PAGE}/edit/{role_id}").text.partition('name="stamp" value="')[2].partition('"')[0]


def form(client: FlaskClient, role_id: int, *pairs: str, resource: str = "visits.Visit") -> dict[str, Any]:
    """Return what the editor sends for one resource."""
    return {"stamp": stamp(client, role_id), "resource": [resource], "pair": list(pairs)}


def last_event(run_in: Run, kind: str) -> tuple[int | None, dict[str, Any]]:
    """Return by whom and with which details something happened last."""
    from app.audit import SecurityEvent
    from app.database.session import session

    statement = sa.select(SecurityEvent).where(SecurityEvent.kind == kind).order_by(SecurityEvent.id.desc())
    return run_in(None, lambda: next((one.user_id, one.details) for one in session.scalars(statement)))


@pytest.mark.rule("S:CORE-04")
def test_rights_are_shown_before_they_are_saved_and_count_at_once(
    world: Any, eve: FlaskClient, login: Enter, run_in: Run
) -> None:
    role = make(eve, "Night desk")
    list_it, show_it = pair(run_in, "list", "visits.Visit"), pair(run_in, "show", "visits.Visit")
    eve.post("/apps/visits", data={"on": "1"})
    sent = form(eve, role, list_it, show_it)

    seen = eve.post(f"{PAGE}/edit/{role}", data=sent)
    assert (seen.status_code, rights(run_in, role)) == (200, set())
    assert "Change “Night desk”?" in seen.text
    assert seen.text.count(">Given<") == 2

    assert eve.post(f"{PAGE}/edit/{role}", data={**sent, "confirmed": "1"}).status_code == 302
    granted = {name for name in rights(run_in, role) if name[0] != "menu_access"}
    assert granted == {("can_list", "visits.Visit"), ("can_show", "visits.Visit")}
    assert last_event(run_in, "role.rights") == (
        world.users["eve"],
        {"role": "Night desk", "granted": ["visits.Visit.list", "visits.Visit.show"], "withdrawn": []},
    )

    given = eve.post(
        "/companies/members/admit",
        data={"username": "rob", "role": f"company_{world.one}_Night desk", "scope": "company"},
    )
    assert given.status_code == 302
    assert login("rob", world.one).get("/visits/visit/list/").status_code == 200


def test_a_copy_has_the_rights_of_its_original_and_outlives_a_release(
    world: Any, eve: FlaskClient, run_in: Run
) -> None:
    from app.addon_loader.registration import menus
    from app.security.sync import sync_security

    shipped = run_in(None, lambda: world.app.appbuilder.sm.find_role("companies_administrator").id)
    role = make(eve, "Office", str(shipped))
    assert rights(run_in, role) == rights(run_in, shipped)
    take = form(eve, role, resource="Apps")
    assert eve.post(f"{PAGE}/edit/{role}", data={**take, "confirmed": "1"}).status_code == 302
    changed = rights(run_in, role)
    assert {("can_list", "Apps"), ("can_switch", "Apps")} == {
        one for one in rights(run_in, shipped) - changed if one[0] != "menu_access"
    }

    setups = [*world.app.extensions["setups"], *world.app.extensions["rooms"]]
    run_in(None, lambda: sync_security([one for setup in setups for one in setup.roles], menus(setups)))

    assert rights(run_in, role) == changed


def test_a_role_of_the_product_is_looked_at_and_not_changed(world: Any, eve: FlaskClient, run_in: Run) -> None:
    shipped = run_in(None, lambda: world.app.appbuilder.sm.find_role("companies_administrator").id)
    before = rights(run_in, shipped)
    assert eve.get(f"{PAGE}/show/{shipped}").status_code == 200

    give(world, run_in, "eve", "visits_manager")
    other = run_in(None, lambda: world.app.appbuilder.sm.find_role("parameters_keeper"))
    assert other is None  # No such role: the next lines mean one that eve does not hold herself.
    keeper = run_in(None, lambda: world.app.appbuilder.sm.find_role("masterdata_keeper").id)
    answers = [
        eve.post(f"{PAGE}/edit/{keeper}", data={**form(eve, keeper, resource="masterdata.Product"), "confirmed": "1"}),
        eve.post(f"{PAGE}/rename/{keeper}", data={"title": "Mine"}),
        eve.post(f"{PAGE}/delete/{keeper}"),
    ]

    assert [answer.status_code for answer in answers] == [302] * 3
    assert "comes with the product" in eve.get(f"{PAGE}/list/").text
    assert rights(run_in, shipped) == before
    assert ("can_add", "masterdata.Product") in rights(run_in, keeper)


@pytest.mark.rule("S:CORE-05")
def test_a_delegate_gives_only_what_he_holds(world: Any, eve: FlaskClient, login: Enter, run_in: Run) -> None:
    names = ("list", "show", "add", "edit")
    delegate = make(eve, "Delegate")
    rights_of_roles = [pair(run_in, verb, "companies.Roles") for verb in names]
    members = [pair(run_in, verb, "companies.Members") for verb in ("show", "admit")]
    for resource, pairs in (("companies.Roles", rights_of_roles), ("companies.Members", members)):
        sent = form(eve, delegate, *pairs, resource=resource)
        assert eve.post(f"{PAGE}/edit/{delegate}", data={**sent, "confirmed": "1"}).status_code == 302
    give(world, run_in, "rob", f"company_{world.one}_Delegate")
    rob = login("rob", world.one)
    role = make(rob, "Helper")

    held = form(rob, role, members[0], resource="companies.Members")
    beyond = form(rob, role, pair(run_in, "set", "parameters.Values"), resource="parameters.Values")
    refused = rob.post(f"{PAGE}/edit/{role}", data={**beyond, "confirmed": "1"}, follow_redirects=True)
    shipped = run_in(None, lambda: world.app.appbuilder.sm.find_role("companies_administrator").id)
    copied = rob.post(f"{PAGE}/add", data={"title": "All", "base": str(shipped)})
    admitted = rob.post(
        "/companies/members/admit",
        data={"username": "ann", "role": "companies_administrator", "scope": "company"},
        follow_redirects=True,
    )

    assert "only rights that you hold yourself: 1 are beyond" in refused.text
    assert copied.status_code == 422
    assert "only rights that you hold yourself" in admitted.text
    assert rights(run_in, role) == set()
    assert rob.post(f"{PAGE}/edit/{role}", data={**held, "confirmed": "1"}).status_code == 302
    assert ("can_show", "companies.Members") in rights(run_in, role)
    own = rob.post(f"{PAGE}/rename/{delegate}", data={"title": "Chief"}, follow_redirects=True)
    assert "You hold this role yourself" in own.text


def test_a_page_that_somebody_overtook_saves_nothing(world: Any, eve: FlaskClient, run_in: Run) -> None:
    role, show = make(eve, "Office"), pair(run_in, "show", "companies.Members")
    late = form(eve, role, pair(run_in, "list", "Apps"), resource="Apps")
    eve.post(f"{PAGE}/edit/{role}", data={**form(eve, role, show, resource="companies.Members"), "confirmed": "1"})
    before = rights(run_in, role)

    answer = eve.post(f"{PAGE}/edit/{role}", data={**late, "confirmed": "1"}, follow_redirects=True)

    assert "Somebody else changed this role meanwhile" in answer.text
    assert rights(run_in, role) == before


def test_titles_are_checked_and_a_held_role_stays(world: Any, eve: FlaskClient, run_in: Run) -> None:
    role = make(eve, "Office")
    give(world, run_in, "rob", f"company_{world.one}_Office")

    wrong = [
        eve.post(f"{PAGE}/add", data={"title": title}) for title in ("", "x" * 41, "office", "Company administrator")
    ]

    assert [answer.status_code for answer in wrong] == [422] * 4
    assert 'value="{}"'.format("x" * 41) in wrong[1].text
    assert "Somebody holds this role" in eve.post(f"{PAGE}/delete/{role}", follow_redirects=True).text
    assert eve.get(f"{PAGE}/edit/{role}").status_code == 200


def test_a_role_belongs_to_its_company(world: Any, eve: FlaskClient, login: Enter, run_in: Run) -> None:
    from app.companies.memberships import add_membership
    from app.companies.models import Scope

    role = make(eve, "Office")
    manager = world.app.appbuilder.sm

    def admit() -> None:
        key = manager.find_role("companies_administrator").id
        add_membership(world.two, user_id=world.users["ann"], role_id=key, scope=Scope.COMPANY)

    run_in(None, admit)
    ann = login("ann", world.two)

    assert "Office" not in ann.get(f"{PAGE}/list/").text
    tries = [ann.get(f"{PAGE}/edit/{role}"), ann.post(f"{PAGE}/rename/{role}", data={"title": "Mine"})]
    assert [answer.status_code for answer in tries] == [404, 404]
    given = {"username": "rob", "role": f"company_{world.one}_Office", "scope": "own"}
    answer = ann.post("/companies/members/admit", data=given, follow_redirects=True)
    assert "Choose a role" in answer.text
    assert make(ann, "Office") != role  # Both companies may use the name.


def test_five_thousand_rights_are_one_small_page(world: Any, eve: FlaskClient, run_in: Run) -> None:
    from app.database.session import db

    role = make(eve, "Office")
    run_in(None, add_permissions)
    few: list[str] = []
    with world.app.app_context():
        engine = db.engine

    def count(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        few.append(statement)

    eve.get(f"{PAGE}/list/")  # What a process keeps of the roles is read anew after a change, once.
    sa.event.listen(engine, "before_cursor_execute", count)
    page = eve.get(f"{PAGE}/edit/{role}?area=Organisation")
    sa.event.remove(engine, "before_cursor_execute", count)

    assert page.status_code == 200
    assert page.text.count("<") < 3000  # Tags, the shell included: other areas are links.
    assert page.text.count('name="pair"') < 300
    assert len(few) < 25
    found = eve.get(f"{PAGE}/edit/{role}?q=employees").text
    assert found.count('name="resource"') == 1


def add_permissions() -> None:
    """Fill up to 5,000 permissions, 10 for each of many records of one add-on."""
    from flask_appbuilder.security.sqla.models import Permission, PermissionView, ViewMenu

    from app.database.session import session

    verbs = [Permission(name=f"can_verb{number}") for number in range(10)]
    views = [ViewMenu(name=f"companies.Thing{number}") for number in range(500)]
    session.add_all([*verbs, *views])
    session.add_all([PermissionView(permission=verb, view_menu=view) for verb in verbs for view in views])


def fields_page(role: int) -> str:
    """Return the address of the table of fields of visits."""
    return f"{PAGE}/fields/{role}/visits.Visit"


def choose(client: FlaskClient, role: int, **levels: str) -> Any:
    """Send the table of fields, see what changes, and confirm it; return the page before."""
    page = client.get(fields_page(role)).text
    sent = {f"level-{key}": level for key, level in levels.items()}
    sent["stamp"] = page.partition('name="stamp" value="')[2].partition('"')[0]
    seen = client.post(fields_page(role), data=sent)
    if seen.status_code == 200:
        assert client.post(fields_page(role), data={**sent, "confirmed": "1"}).status_code == 302
    return seen


def limits(run_in: Run, role_id: int) -> dict[str, str]:
    """Return what a role keeps back of visits."""
    from app.security.limiting import kept_back

    return run_in(None, lambda: {key: level.value for key, level in kept_back(role_id, "visits.Visit").items()})


@pytest.mark.rule("S:CORE-04")
def test_fields_are_kept_back_after_the_difference_was_seen(world: Any, eve: FlaskClient, run_in: Run) -> None:
    role = make(eve, "Night desk")
    eve.post("/apps/visits", data={"on": "1"})
    eve.post(f"{PAGE}/edit/{role}", data={**form(eve, role, pair(run_in, "list", "visits.Visit")), "confirmed": "1"})

    page = eve.get(fields_page(role)).text
    assert "Records are called by it." in page  # Customer
    seen = choose(eve, role, note="hidden", minutes="read_only", owner="")
    assert [word in seen.text for word in ("Note", "Hidden", "Minutes", "Read-only")] == [True] * 4
    assert "Owner" not in seen.text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert limits(run_in, role) == {"note": "hidden", "minutes": "read_only"}
    assert last_event(run_in, "role.fields") == (
        world.users["eve"],
        {
            "role": "Night desk",
            "resource": "visits.Visit",
            "fields": {"minutes": [None, "read_only"], "note": [None, "hidden"]},
        },
    )
    copy = make(eve, "Day desk", base=str(role))
    assert limits(run_in, copy) == limits(run_in, role)
    assert eve.post(f"{PAGE}/delete/{copy}").status_code == 302
    assert limits(run_in, copy) == {}


@pytest.mark.rule("S:CORE-04")
def test_what_a_role_needs_is_not_kept_back(eve: FlaskClient, run_in: Run) -> None:
    role = make(eve, "Night desk")
    eve.post("/apps/visits", data={"on": "1"})
    add_it, list_it = (pair(run_in, verb, "visits.Visit") for verb in ("add", "list"))
    eve.post(f"{PAGE}/edit/{role}", data={**form(eve, role, list_it, add_it), "confirmed": "1"})

    refusals = {
        "customer": ("hidden", "“Customer” cannot be hidden."),
        "state": ("hidden", "“State” cannot be hidden."),
        "minutes": ("hidden", "“Minutes” is required"),
        "visited_on": ("read_only", "“Visited on” is required"),
    }
    for key, (level, message) in refusals.items():
        refused = choose(eve, role, **{key: level})
        assert (refused.status_code, message in refused.text) == (422, True), key
    assert limits(run_in, role) == {}

    eve.post(f"{PAGE}/edit/{role}", data={**form(eve, role, list_it), "confirmed": "1"})
    assert choose(eve, role, minutes="hidden").status_code == 200
    told = eve.post(
        f"{PAGE}/edit/{role}", data={**form(eve, role, list_it, add_it), "confirmed": "1"}, follow_redirects=True
    )
    assert "“Minutes” is required" in told.text
    assert ("can_add", "visits.Visit") not in rights(run_in, role)


def test_an_overtaken_table_of_fields_is_refused(eve: FlaskClient, run_in: Run) -> None:
    role = make(eve, "Night desk")
    eve.post("/apps/visits", data={"on": "1"})
    page = eve.get(fields_page(role)).text
    old = page.partition('name="stamp" value="')[2].partition('"')[0]
    assert choose(eve, role, note="hidden").status_code == 200

    late = eve.post(fields_page(role), data={"level-note": "", "stamp": old, "confirmed": "1"})
    assert (late.status_code, "Somebody else changed this role" in late.text) == (422, True)
    assert limits(run_in, role) == {"note": "hidden"}
    assert eve.get(f"{PAGE}/fields/{role}/nothing.There").status_code == 404


@pytest.mark.rule("S:CORE-05")
def test_a_delegate_shows_no_field_that_is_hidden_from_him(
    world: Any, eve: FlaskClient, login: Enter, run_in: Run
) -> None:
    eve.post("/apps/visits", data={"on": "1"})
    needed = [pair(run_in, verb, "visits.Visit") for verb in ("list", "show")]
    roles = [pair(run_in, verb, "companies.Roles") for verb in ("list", "show", "add", "edit")]
    own = make(eve, "Delegate")
    sent = form(eve, own, *needed, *roles) | {"resource": ["visits.Visit", "companies.Roles"], "confirmed": "1"}
    assert eve.post(f"{PAGE}/edit/{own}", data=sent).status_code == 302
    choose(eve, own, note="hidden")
    name = f"company_{world.one}_Delegate"
    give(world, run_in, "rob", name)
    run_in(None, lambda: dismiss(world, "rob", "visits_reader"))
    rob, theirs = login("rob", world.one), make(eve, "Theirs", base=str(own))

    assert "kept back from you" in choose(rob, theirs, note="").text
    assert limits(run_in, theirs) == {"note": "hidden"}
    assert choose(rob, theirs, note="hidden", minutes="hidden").status_code == 200
    assert limits(run_in, theirs) == {"note": "hidden", "minutes": "hidden"}


def dismiss(world: Any, username: str, role: str) -> None:
    """Take a role from a user in company one."""
    from app.companies.models import Membership
    from app.database.session import session

    key = world.app.appbuilder.sm.find_role(role).id
    session.execute(sa.delete(Membership).filter_by(user_id=world.users[username], company_id=world.one, role_id=key))
