"""Business cards and the ways to make a customer's file (S:REC-03, S:REC-04)."""

import pytest

from tests.addons.reception.office import at
from tests.world import PASSWORD

CARD = """杭州云栖建材有限公司
王小明　销售经理
手机：138 1234 5678
wang@example.com
地址：杭州市西湖区文三路1号
微信：wang_xm88"""
VCARD = """BEGIN:VCARD
VERSION:3.0
N:李;明;;;
FN:李明
ORG:宁波海天贸易有限公司;销售部
TITLE:总监
TEL;TYPE=CELL:+86-139-0000-0001
EMAIL:li@example.com
ADR;TYPE=WORK:;;中山路2号;宁波;;;
END:VCARD"""
MECARD = r"MECARD:N:Smith,John;ORG:Acme\; Sons Ltd;TEL:13900000002;EMAIL:john@example.com;;"


@pytest.fixture
def scan(office):
    """Return a function that reads a card as Amy."""
    from addons.reception.services import create_card

    return lambda text=CARD: create_card(actor=office.user("amy"), text=text, source_id=office.source())


@pytest.mark.rule("S:REC-04")
@pytest.mark.parametrize(
    ("text", "read"),
    [
        (CARD, ("王小明", "杭州云栖建材有限公司", "销售经理", "13812345678", "wang@example.com", "wang_xm88")),
        (VCARD, ("李明", "宁波海天贸易有限公司 销售部", "总监", "13900000001", "li@example.com", None)),
        (MECARD, ("Smith John", "Acme; Sons Ltd", None, "13900000002", "john@example.com", None)),
        ("姓名：赵敏\n职务：总裁", ("赵敏", None, "总裁", None, None, None)),
        ("=cmd|' /C calc'!A0", ("=cmd|' /C calc'!A0", None, None, None, None, None)),
    ],
)
def test_a_card_is_read(text, read):
    from addons.reception.services.card_reader import read_card

    card = read_card(text)
    assert (card.name, card.company_name, card.title, card.phone, card.mail, card.wechat) == read


@pytest.mark.rule("S:REC-04")
def test_a_card_with_a_blurred_phone_is_not_saved_until_it_is_typed(office, scan, refused):
    from addons.reception.models import Customer
    from addons.reception.services import file_card, update_card

    card = scan(CARD.replace("138 1234 5678", "138 1?34 5678"))
    assert card.phone is None
    error = refused(file_card, card, actor=office.user("amy"), now=at("10:00"))
    assert (error.code, error.field) == ("card.unread", "phone")
    assert office.count(Customer) == [0]
    update_card(card, actor=office.user("amy"), phone="13812345678")
    file_card(card, actor=office.user("amy"), now=at("10:00"))
    assert (card.state.value, card.customer.phone) == ("filed", "13812345678")


@pytest.mark.rule("S:REC-04")
@pytest.mark.rule("S:REC-03")
def test_a_checked_card_is_a_customers_file_with_its_contact(office, scan, refused):
    from addons.reception.queries import list_contacts
    from addons.reception.services import file_card, update_card

    card = scan()
    file_card(card, actor=office.user("amy"), now=at("10:00"))
    customer = card.customer
    assert (customer.name, customer.kind.value) == ("杭州云栖建材有限公司", "organisation")
    assert (customer.create_mode.value, customer.address) == ("card_scan", "杭州市西湖区文三路1号")
    assert [(one.name, one.title) for one in list_contacts(customer.id)] == [("王小明", "销售经理")]
    assert refused(update_card, card, actor=office.user("amy"), name="Other").code == "card.finished"


@pytest.mark.rule("S:REC-04")
@pytest.mark.parametrize("text", [None, " \u200b", "x" * 4001])
def test_a_blank_or_endless_card_is_refused(office, scan, refused, text):
    from addons.reception.models import CardScan

    assert refused(scan, text).field == "text"
    assert office.count(CardScan) == [0]


@pytest.mark.rule("S:REC-04")
def test_a_card_of_somebody_on_file_is_refused_naming_the_owner(office, scan, refused):
    from addons.reception.services import file_card

    file_card(scan(), actor=office.user("amy"), now=at("10:00"))
    error = refused(file_card, scan(), actor=office.user("amy"), now=at("11:00"))
    assert (error.code, error.data["owner"]) == ("customer.own", "Amy")


@pytest.fixture
def new_menu(world, monkeypatch):
    """Return what the button of the customers' list offers Amy, with an add-on that keeps a pool."""
    import re

    from addons.reception.api import pool_is_enabled
    from app.crud.slots import CreateMode, Extension
    from app.crud.view import view_of

    pool = CreateMode(
        "pool", "Claim from the pool", "users", "reception.Customer", url=lambda: "/pool" if pool_is_enabled() else None
    )

    def offered(*, with_pool=True):
        with world.app.app_context():
            view = view_of("reception.Customer") if with_pool else None
        client = world.app.test_client()
        assert client.post("/login/", data={"username": "amy", "password": PASSWORD}).status_code == 302
        assert client.post(f"/company/{world.one}").status_code == 302
        if view is not None:
            kept = [*view.extensions, Extension("reception", "reception.CustomerView", pool)]
            monkeypatch.setattr(view, "extensions", kept)
        page = client.get("/reception/customer/list/").text
        menu = re.search(r"</svg>New</summary><div class=\"menu-pop\">(.*?)</div>", page, re.DOTALL)
        assert menu is not None
        return re.findall(r'<a class="menu-item" href="([^"]*)"', menu[1])

    return offered


BY_HAND, BY_CARD = "/reception/customer/add", "/reception/cardscan/add"


@pytest.mark.rule("S:REC-03")
def test_without_a_pool_there_are_two_ways_to_make_a_file(new_menu):
    assert new_menu(with_pool=False) == [BY_HAND, BY_CARD]


@pytest.mark.rule("S:REC-03")
def test_the_pool_is_offered_only_while_it_is_on(world, new_menu):
    import datetime as dt

    from flask_appbuilder.security.sqla.models import User

    from addons.reception.parameters import POOL_ENABLED
    from app.database.session import as_company, commit, session

    assert new_menu() == [BY_HAND, BY_CARD, "/pool"]
    with world.app.app_context(), as_company(world.one):
        manager = session.get_one(User, world.users["max"])
        POOL_ENABLED.set(False, valid_from=dt.date(2020, 1, 1), actor=manager)
        commit()
    assert new_menu(with_pool=False) == [BY_HAND, BY_CARD]  # The extension is still there, and answers nothing.
