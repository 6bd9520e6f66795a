"""Two companies that sell on paper: flats by reservation and contract (T1), breeding pigs by the contract first (T2).

Everybody has one log-in. The office of flats follows the pack of real estate, the farm that of pig farms; the farm has
no front desk.
"""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from flask import Flask

from tests.addons.contracts.office import Office as Papers
from tests.addons.orders import office as sales

MONDAY, TUESDAY, THURSDAY = (dt.date(2026, 3, day) for day in (2, 3, 5))
BEFORE = sales.at("09:00", dt.date(2026, 3, 1))  # When the packs were applied.
ID_NO = "11010519491231002X"
HOMES = ("reception", "payments", "orders", "contracts")
FARM = ("payments", "contracts")
DEPENDS = {"reception": [], "payments": [], "orders": ["payments"], "contracts": ["payments"]}
JOINING = {  # The office of flats, besides those who sell there.
    "mar": ("reception_marketing_supervisor", "company", "max"),
    "css": ("reception_service_supervisor", "company", "max"),
    "lex": ("contracts_legal", "company", "guy"),
    "ada": ("Admin", "company", None),
}
ALSO = (  # What those who sell there are besides.
    ("sam", "reception_consultant", "own"),
    ("sam", "contracts_sales", "own"),
    ("sue", "reception_supervisor", "team"),
    ("max", "reception_manager", "company"),
    ("cle", "contracts_officer", "company"),
    ("fin", "contracts_finance", "company"),
    ("guy", "contracts_leader", "company"),
)
PARTNERS = (("pia", "masterdata_partner_clerk", "own"),)  # Who enters buyers at the farm.
FARMERS = {
    "lea": ("contracts_leader", "company", None),
    "pia": ("contracts_sales", "own", "lea"),
    "olga": ("contracts_officer", "company", "lea"),
    "vic": ("contracts_legal", "company", "lea"),
    "fay": ("contracts_finance", "company", "lea"),
    "tom": ("payments_cashier", "company", "lea"),
    "ada": ("Admin", "company", None),
}


def make_deal_office(app: Flask) -> dict[str, Any]:
    """Open both companies with their people, ways to pay, packs and a template in Word; return the ids."""
    from app.companies.enablement import enablement, switch
    from app.database.session import as_company, commit

    facts = sales.make_office(app)
    users = facts["users"]
    with app.app_context():
        for company, addons in ((facts["one"], HOMES), (facts["two"], FARM)):
            for addon in addons:
                switch(addon, company, on=True, depends=DEPENDS)
        switch("orders", facts["two"], on=False, depends=DEPENDS)
        users |= {name: sales.admit(app, name) for name in dict.fromkeys((*JOINING, *FARMERS))}
        with as_company(facts["one"]):
            sales.hire(app, JOINING, users, facts["one"])
            _give_more(app, ALSO, users, facts["one"])
            _open_front_desk(users)
            facts["methods"] = _open_ways_to_pay()
            _follow("real_estate", HOMES, facts["one"], users["ada"])
        with as_company(facts["two"]):
            sales.hire(app, FARMERS, users, facts["two"])
            _give_more(app, PARTNERS, users, facts["two"])
            facts["farm_methods"] = _open_ways_to_pay()
            _follow("pig_farm", FARM, facts["two"], users["ada"])
        commit()
        enablement().expire()
        for company, officer in ((facts["one"], "cle"), (facts["two"], "olga")):
            with as_company(company):
                Papers(SimpleNamespace(users=users | {"olga": users[officer]})).template()
        commit()
    return facts


def _give_more(app: Flask, roles: tuple[tuple[str, str, str], ...], users: dict[str, int], company_id: int) -> None:
    from app.companies.memberships import add_membership
    from app.companies.models import Scope

    manager = app.appbuilder.sm  # type: ignore[attr-defined]
    for name, role, scope in roles:
        add_membership(company_id, user_id=users[name], role_id=manager.find_role(role).id, scope=Scope(scope))


def _open_front_desk(users: dict[str, int]) -> None:
    import sqlalchemy as sa
    from flask_appbuilder.security.sqla.models import User

    from addons.reception.services import create_queue
    from app.companies.models import Employee
    from app.database.session import session

    sam = session.scalars(sa.select(Employee.id).where(Employee.user_id == users["sam"])).one()
    create_queue(actor=session.get_one(User, users["max"]), name="Front desk", members=[{"employee_id": sam}])


def _open_ways_to_pay() -> dict[str, int]:
    from addons.payments.choices import MethodKind, PlaceKind
    from addons.payments.models import Method, Place
    from app.database.session import session

    bank, till = Place(name="Bank", kind=PlaceKind.BANK_ACCOUNT), Place(name="Till", kind=PlaceKind.CASH_DESK)
    session.add_all([bank, till])
    session.flush()
    made = {
        "Banknotes": Method(name="Banknotes", kind=MethodKind.CASH, place_id=till.id),
        "Transfer": Method(name="Transfer", kind=MethodKind.BANK_TRANSFER, place_id=bank.id),
        "POS": Method(name="POS", kind=MethodKind.CARD, place_id=bank.id),
        "WeChat": Method(name="WeChat", kind=MethodKind.ONLINE, place_id=bank.id),
    }
    session.add_all(made.values())
    session.flush()
    return {name: method.id for name, method in made.items()}


def _follow(pack: str, addons: tuple[str, ...], company_id: int, user_id: int) -> None:
    """Apply what a sector pack says of these add-ons, the day before the story begins."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.context import set_acting_user
    from app.database.session import session
    from app.packs.applying import apply_pack
    from app.packs.change import moment_of
    from app.packs.reading import find_pack

    set_acting_user(user_id)
    apply_pack(find_pack(pack), moment_of(company_id, session.get_one(User, user_id), BEFORE), only=addons)
    set_acting_user(None)
