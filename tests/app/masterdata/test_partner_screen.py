"""Partners are entered on a screen of their own where no add-on keeps files about them."""

import pytest

API = "/api/v1/masterdata/partner"
WANG = {"name": "王小明", "kind": "person", "phone": "13812345678", "id_no": "11010519491231002X"}


@pytest.fixture
def clerk(world, login, run_in):
    """Ann, who holds the role of a partner clerk besides."""
    from app.companies.memberships import add_membership
    from app.companies.models import Scope

    def give():
        role = world.app.appbuilder.sm.find_role("masterdata_partner_clerk")
        add_membership(world.one, user_id=world.users["ann"], role_id=role.id, scope=Scope.OWN)

    run_in(world.one, give)
    return login("ann", world.one)


@pytest.mark.rule("P:CRM-21")
def test_a_partner_is_opened_changed_and_not_opened_twice(clerk):
    made = clerk.post("/masterdata/partner/add", data=WANG)
    assert made.status_code == 302, made.text[-2000:]
    key = made.location.rpartition("/")[2]
    shown = clerk.get(f"{API}/{key}").json["result"]
    assert {name: shown[name] for name in WANG} == WANG
    assert shown["owner"]["title"] == "Ann"

    again = clerk.post(f"{API}/", json={"name": "王先生", "kind": "person", "phone": "138 1234 5678"})
    assert (again.status_code, again.json["field"]) == (409, "phone")
    assert clerk.get(f"{API}/").json["count"] == 1

    changed = clerk.put(f"{API}/{key}", json={"phone": "13912345678", "wechat": "wang_xiaoming"})
    assert changed.status_code == 200, changed.text
    shown = clerk.get(f"{API}/{key}").json["result"]
    assert (shown["phone"], shown["wechat"], shown["id_no"]) == ("13912345678", "wang_xiaoming", WANG["id_no"])
    assert clerk.put(f"{API}/{key}", json={"wechat": ""}).status_code == 200
    assert clerk.get(f"{API}/{key}").json["result"]["wechat"] is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " ", "kind": "person"}, "name"),
        ({"name": "王", "kind": "person", "phone": "12"}, "phone"),
        ({"name": "王", "kind": "person", "id_no": "110105194912310021"}, "id_no"),
        ({"name": "王", "kind": "organisation", "tax_no": "1"}, "tax_no"),
    ],
)
def test_what_is_malformed_is_refused_and_nothing_is_saved(clerk, values, field):
    answer = clerk.post(f"{API}/", json=values)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert clerk.get(f"{API}/").json["count"] == 0


def test_whoever_has_no_right_enters_nobody(clerk, world, login):
    assert login("rob", world.one).post(f"{API}/", json=WANG).status_code == 403
    assert clerk.get(f"{API}/").json["count"] == 0
