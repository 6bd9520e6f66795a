"""The demonstration: two companies in one database, with different add-ons on, and people to log in as."""

import datetime as dt
import importlib
from dataclasses import dataclass

from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.addon_loader.manifest import closure
from app.companies.clock import local_today
from app.companies.enablement import enablement, switch
from app.companies.memberships import add_membership
from app.companies.models import Company, Employee, OrgUnit, OrgUnitKind, Position, Scope
from app.companies.opening import find_company, open_company
from app.companies.org import assign, create_unit
from app.database.columns import utc_now
from app.database.context import set_acting_user
from app.database.session import as_company, commit, session
from app.extensions import appbuilder
from app.packs.applying import apply_pack
from app.packs.change import moment_of
from app.packs.reading import find_pack
from app.parameters.platform_values import OFF, SECOND_FACTOR
from app.security.passwords import set_password

PASSWORD = "Zhanggui-2026"  # noqa: S105  # Printed for everybody to see: a demonstration has nothing to hide.


@dataclass(frozen=True)
class Person:
    """Somebody to log in as. `roles` are (company code, role, scope)."""

    username: str
    name: str
    title: str
    roles: tuple[tuple[str, str, str], ...]
    boss: str = "周敏"


@dataclass(frozen=True)
class DemoCompany:
    """One of the companies, and the add-ons that it has on."""

    code: str
    name: str
    mark: str
    team: str
    addons: tuple[str, ...]


COMPANIES = (
    DemoCompany("homes", "云栖置业有限公司", "云", "销售一部", ("reception", "payments", "orders", "contracts")),
    DemoCompany("farm", "丰牧种猪场", "丰", "销售部", ()),
    DemoCompany("soft", "启明软件有限公司", "启", "销售部", ("payments", "orders")),
)
_EVERYWHERE = ("homes", "farm", "soft")
_SELLING = ("homes", "soft")  # Those with orders.


def _selling(role: str, scope: str) -> tuple[tuple[str, str, str], ...]:
    """Return a role of orders in each company that has them."""
    return tuple((code, f"orders_{role}", scope) for code in _SELLING)


def _consultant(username: str, name: str) -> Person:
    """Return a consultant of the property company, who receives visitors and writes reservations."""
    held = ("reception_consultant", "orders_consultant", "contracts_sales")
    roles = tuple(("homes", role, "own") for role in held)
    return Person(username, name, "销售顾问", roles, "林悦")


PEOPLE = (
    Person("admin", "陈国栋", "系统管理员", tuple((code, "Admin", "company") for code in _EVERYWHERE)),
    Person(
        "manager",
        "周敏",
        "销售经理",
        (
            *((code, "reception_manager", "company") for code in ("homes", "farm")),
            *_selling("manager", "company"),
            ("homes", "contracts_manager", "company"),
        ),
    ),
    Person(
        "supervisor", "林悦", "销售主管", (("homes", "reception_supervisor", "team"), *_selling("supervisor", "team"))
    ),
    _consultant("consultant", "张帅"),
    _consultant("wangfang", "王芳"),
    _consultant("liqiang", "李强"),
    Person("marketing", "吴静", "营销主管", (("homes", "reception_marketing_supervisor", "company"),)),
    Person("service", "孙洁", "客户服务主管", (("homes", "reception_service_supervisor", "company"),)),
    Person("desk", "赵蕾", "前台", (("homes", "reception_desk", "company"),)),
    Person("vice", "蒋岚", "营销副总", _selling("vice_president", "company")),
    Person(
        "general",
        "顾长青",
        "总经理",
        (*_selling("general_manager", "company"), ("homes", "contracts_leader", "company")),
        "",
    ),
    Person("legal", "许法言", "法务", (("homes", "contracts_legal", "company"),)),
    Person("officer", "丁雯", "合同专员", (("homes", "contracts_officer", "company"),)),
    Person("clerk", "沈佳", "销售内勤", _selling("clerk", "company"), "林悦"),
    Person("engineer", "陆昊", "销售工程师", (("soft", "orders_consultant", "own"),), "林悦"),
    Person(
        "finance",
        "何文博",
        "财务经理",
        (*((code, "payments_manager", "company") for code in _SELLING), ("homes", "contracts_finance", "company")),
    ),
    Person(
        "accountant",
        "郭琴",
        "会计",
        (*((code, "payments_accountant", "company") for code in _SELLING), *_selling("finance", "company")),
        "何文博",
    ),
    Person("cashier", "马晓燕", "出纳", (("homes", "payments_cashier", "company"),), "何文博"),
)


def make_demo(app: Flask) -> None:
    """Fill an empty database; do nothing to one that has the demonstration already."""
    with app.app_context():
        if find_company(COMPANIES[0].code) is not None:
            return
        now = utc_now()
        first_day = now.date() - dt.timedelta(days=400)
        companies = {one.code: _open(app, one, first_day) for one in COMPANIES}
        users = {person.username: _admit(app, person, companies, first_day) for person in PEOPLE}
        for company in companies.values():
            with as_company(company.id):  # Everybody may try it with the one password that is printed.
                SECOND_FACTOR.set(OFF, valid_from=first_day, actor=users["admin"])
        commit()
        enablement().expire()
        _follow_pack(companies["homes"].id, users["admin"].id, now)
        for one in COMPANIES:
            company = session.get_one(Company, companies[one.code].id)
            _load(app, one, company, users["manager"], users["clerk"], local_today(company, now))


def _open(app: Flask, one: DemoCompany, first_day: dt.date) -> Company:
    company = open_company(one.name, code=one.code, mark=one.mark, on=first_day)
    manifests = app.extensions["manifests"]
    for addon in one.addons:
        switch(addon, company.id, on=True, depends={name: closure(manifests, name) for name in manifests})
    with as_company(company.id):
        root = session.scalars(select(OrgUnit)).one()
        create_unit(one.team, code=f"{one.code}-1", kind=OrgUnitKind.TEAM, parent=root, valid_from=first_day)
    return company


def _admit(app: Flask, person: Person, companies: dict[str, Company], first_day: dt.date) -> User:
    manager = appbuilder().sm
    user: User = manager.user_model(
        username=person.username,
        first_name=person.name,
        last_name="",
        email=f"{person.username}@demo.example",
        active=True,
    )
    if person.username == "admin":  # Also looks after the whole installation.
        user.roles = [manager.find_role("Admin")]
    session.add(user)
    set_password(user, PASSWORD, must_change=False)
    session.flush()
    for code, role, scope in person.roles:
        role_id = manager.find_role(role).id
        add_membership(companies[code].id, user_id=user.id, role_id=role_id, scope=Scope(scope))
    for code in dict.fromkeys(code for code, _role, _scope in person.roles):
        with as_company(companies[code].id):
            _hire(person, user, first_day)
    return user


def _hire(person: Person, user: User, first_day: dt.date) -> None:
    employee = Employee(user_id=user.id, number=f"E{user.id:03}", name=person.name, hired_on=first_day)
    team = session.scalars(select(OrgUnit).where(OrgUnit.kind == OrgUnitKind.TEAM)).one()
    position = Position(org_unit_id=team.id, title=person.title)
    session.add_all([employee, position])
    session.flush()
    boss = session.scalar(select(Employee).where(Employee.name == person.boss, Employee.id != employee.id))
    assign(employee, position=position, superior=boss, valid_from=first_day)


def _follow_pack(company_id: int, user_id: int, now: dt.datetime) -> None:
    """Let the property company have orders as its sector has them, with the chain of discounts."""
    with as_company(company_id):
        moment = moment_of(company_id, session.get_one(User, user_id), now)
        set_acting_user(user_id)
        apply_pack(find_pack("real_estate"), moment, only=("orders",))
        commit()
        set_acting_user(None)


def _load(app: Flask, one: DemoCompany, company: Company, actor: User, writer: User, today: dt.date) -> None:
    """Let each add-on that is on bring its own examples: the modules that its manifest names under `demo`.

    The sales office has written them all down, so that everybody else may sign.
    """
    with as_company(company.id):
        set_acting_user(writer.id)
        for addon in one.addons:
            for module in app.extensions["manifests"][addon].demo:
                importlib.import_module(f"addons.{addon}.{module}").load(company=company, actor=actor, today=today)
        commit()
        set_acting_user(None)
