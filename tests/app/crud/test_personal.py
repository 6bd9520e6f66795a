"""Personal values: masked on every way out, and neither lost nor told by a way in."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.crud.orders import FORM, REST, VIEW, add, edit, sheet_of, shown

Login = Callable[..., FlaskClient]
CLEAR, MASKED = "13812345678", "138****5678"


@pytest.fixture
def bea(world: Any, login: Login) -> FlaskClient:
    """Sees personal data."""
    return login("bea", world.one)


@pytest.fixture
def cal(world: Any, login: Login) -> FlaskClient:
    """Sees it masked."""
    return login("cal", world.one)


@pytest.mark.rule("P:CRM-20")
@pytest.mark.parametrize("address", ["list/", "show/1", "edit/1"])
def test_pages(bea: FlaskClient, cal: FlaskClient, address: str) -> None:
    add(bea)

    page = cal.get(f"{VIEW}/{address}").text

    assert MASKED in page
    assert CLEAR not in page
    assert "12345678" not in page
    assert CLEAR in bea.get(f"{VIEW}/{address}").text


@pytest.mark.rule("P:CRM-20")
def test_rest_and_export(bea: FlaskClient, cal: FlaskClient) -> None:
    add(bea)

    assert shown(cal)["phone"] == MASKED
    assert cal.get(f"{REST}/").json["result"][0]["phone"] == MASKED
    cells = [cell for row in sheet_of(cal, f"{VIEW}/export/") for cell in row]
    assert MASKED in cells
    assert CLEAR not in cells
    assert CLEAR in [cell for row in sheet_of(bea, f"{VIEW}/export/") for cell in row]
    assert shown(bea)["phone"] == CLEAR


@pytest.mark.rule("P:CRM-20")
def test_the_owner_sees_his_own(cal: FlaskClient, bea: FlaskClient) -> None:
    add(cal)
    assert CLEAR in cal.get(f"{VIEW}/list/").text


@pytest.mark.rule("P:CRM-20")
def test_whoever_looks_at_the_owners_screens_sees_it_masked(world: Any, login: Login, run_in: Any) -> None:
    from app.companies.memberships import add_membership
    from app.companies.models import Scope

    def give() -> None:
        role_id = world.app.appbuilder.sm.find_role("companies_administrator").id
        add_membership(world.one, user_id=world.users["cal"], role_id=role_id, scope=Scope.COMPANY)

    run_in(world.one, give)
    oli, cal = login("oli", world.one), login("cal", world.one)
    add(oli)
    assert CLEAR in oli.get(f"{VIEW}/list/").text

    cal.post("/companies/viewas/begin", data={"username": "oli", "reason": "He misses an order"})

    for address in ("list/", "show/1", "edit/1"):
        page = cal.get(f"{VIEW}/{address}").text
        assert "You see the screens as Oli Test" in page
        assert (MASKED in page, CLEAR in page) == (True, False)
    assert shown(cal)["phone"] == MASKED
    cells = [cell for row in sheet_of(cal, f"{VIEW}/export/") for cell in row]
    assert (MASKED in cells, CLEAR in cells) == (True, False)
    assert "A-1" not in cal.get(f"{VIEW}/list/?q=12345678").text


def test_neither_a_filter_nor_the_order_tells_it(bea: FlaskClient, cal: FlaskClient) -> None:
    add(bea)
    add(bea, number="A-2", phone="13912345678")
    ordered = "_oc_market_OrderView=phone&_od_market_OrderView="

    assert "A-1" in bea.get(f"{VIEW}/list/?_flt_2_phone=138").text
    assert "A-2" not in bea.get(f"{VIEW}/list/?_flt_2_phone=138").text
    page = cal.get(f"{VIEW}/list/?_flt_2_phone=139").text
    assert "A-1" in page
    assert "A-2" in page
    assert "flash-warning" in page
    assert cal.get(f"{VIEW}/export/?_flt_2_phone=138").status_code == 422
    by_rest = cal.get(f"{REST}/?q=(filters:!((col:phone,opr:starts,value:'138')))")
    assert (by_rest.status_code, by_rest.json["error"]) == (422, "list.filter")
    assert cal.get(f"{REST}/?q=(order_column:phone)").status_code == 422
    up, down = (cal.get(f"{VIEW}/list/?{ordered}{way}").text for way in ("asc", "desc"))
    assert (up.index("A-1") < up.index("A-2")) == (down.index("A-1") < down.index("A-2"))


def test_an_untouched_mask_keeps_the_value(bea: FlaskClient, cal: FlaskClient) -> None:
    add(bea)

    assert edit(cal, phone=MASKED, customer="Li Si", version="1").status_code == 302
    assert (shown(bea)["phone"], shown(bea)["customer"]) == (CLEAR, "Li Si")
    assert cal.put(f"{REST}/1", json={"phone": MASKED, "customer": "Wang"}).status_code == 200
    assert (shown(bea)["phone"], shown(bea)["customer"]) == (CLEAR, "Wang")
    assert edit(cal, phone="13900000000", version="3").status_code == 302
    assert shown(bea)["phone"] == "13900000000"


@pytest.mark.parametrize("typed", ["138****5679", "***********", "*"])
def test_a_touched_mask_is_refused(bea: FlaskClient, cal: FlaskClient, typed: str) -> None:
    add(bea)

    assert edit(cal, phone=typed, version="1").status_code == 422
    assert cal.put(f"{REST}/1", json={"phone": typed}).status_code == 422
    assert add(cal, number="A-2", phone=typed).status_code == 422
    assert cal.post(f"{REST}/", json={**FORM, "number": "A-2", "phone": typed}).status_code == 422
    assert shown(bea)["phone"] == CLEAR


def test_a_masked_text_without_a_form_of_its_own_is_kept_too() -> None:
    from app.crud.personal import restore_masked
    from app.errors import ValidationError

    class Record:
        address = "杭州市西湖区文三路1号"

    masks = {"address": lambda text: f"{text[:6]}****"}
    assert restore_masked(Record(), {"address": "杭州市西湖区****"}, masks) == {"address": Record.address}
    assert restore_masked(Record(), {"address": "宁波市海曙区"}, masks) == {"address": "宁波市海曙区"}
    assert restore_masked(Record(), {"name": "x"}, masks) == {"name": "x"}
    assert restore_masked(None, {"address": None}, masks) == {"address": None}
    for record in (Record(), None):
        with pytest.raises(ValidationError) as caught:
            restore_masked(record, {"address": "杭州市西湖区****2号"}, masks)
        assert caught.value.field == "address"
