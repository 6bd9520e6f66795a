"""A sales office: consultants, supervisor, managers, clerk, finance and a cashier; flats and goods to sell."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask import Flask

from tests.addons.payments.till import DAY, FIRST_DAY, at, yuan
from tests.offices import refusal_of
from tests.world import PASSWORD

STAFF = {
    "guy": ("orders_general_manager", "company", None),
    "mia": ("orders_vice_president", "company", "guy"),
    "max": ("orders_manager", "company", "mia"),
    "sue": ("orders_supervisor", "team", "max"),
    "sam": ("orders_consultant", "own", "sue"),
    "sid": ("orders_consultant", "own", "sue"),
    "cle": ("orders_clerk", "company", "max"),
    "fin": ("orders_finance", "company", "guy"),
    "cai": ("payments_cashier", "company", "fin"),
    "abe": ("payments_manager", "company", "guy"),
    "nil": ("reception_desk", "own", "guy"),
}
GOODS = {"bolt": ("100", "80", "60"), "flat": ("9000", "8600", "6000"), "hour": ("50", None, None)}


def make_office(app: Flask) -> dict[str, Any]:
    """Open both companies, hire the staff, price what is sold from the first of the month; return the ids."""
    from app.companies.enablement import enablement, switch
    from app.companies.opening import open_company
    from app.database.session import as_company, commit

    with app.app_context():
        one = open_company("One Homes", code="one", on=FIRST_DAY)
        two = open_company("Two Farms", code="two", on=FIRST_DAY)
        for company in (one, two):
            for addon in ("payments", "orders"):
                switch(addon, company.id, on=True, depends={"payments": [], "orders": ["payments"]})
        users = {name: admit(app, name) for name in STAFF}
        facts: dict[str, Any] = {"one": one.id, "two": two.id, "users": users}
        with as_company(one.id):
            hire(app, STAFF, users, one.id)
            facts |= _stock()
            facts["cash"] = _open_desk()
        commit()
        enablement().expire()
        with as_company(one.id):
            _price(Office(SimpleNamespace(**facts)))
            _dispatch()
        commit()
        return facts


def admit(app: Flask, name: str) -> int:
    """Give somebody a log-in; return the user's id."""
    from app.database.session import session
    from app.security.passwords import set_password

    user = app.appbuilder.sm.user_model(  # type: ignore[attr-defined]
        username=name, first_name=name.title(), last_name="Test", email=f"{name}@example.test", active=True
    )
    session.add(user)
    set_password(user, PASSWORD, must_change=False)
    session.flush()
    return user.id


def hire(app: Flask, staff: dict[str, tuple[str, str, str | None]], users: dict[str, int], company_id: int) -> None:
    """Give each of the staff a role in the active company, a file as an employee, and a place under the superior."""
    import sqlalchemy as sa

    from app.companies.memberships import add_membership
    from app.companies.models import Employee, OrgUnit, Position, Scope
    from app.companies.org import assign
    from app.database.session import session

    root = session.scalars(sa.select(OrgUnit)).one()
    found = {one.name.lower(): one for one in session.scalars(sa.select(Employee))}
    manager = app.appbuilder.sm  # type: ignore[attr-defined]
    for name, (role, scope, superior) in staff.items():
        add_membership(company_id, user_id=users[name], role_id=manager.find_role(role).id, scope=Scope(scope))
        found[name] = Employee(user_id=users[name], number=f"E-{name}", name=name.title(), hired_on=FIRST_DAY)
        position = Position(org_unit_id=root.id, title=name)
        session.add_all([found[name], position])
        session.flush()
        assign(found[name], position=position, superior=found.get(superior or ""), valid_from=FIRST_DAY)


def _stock() -> dict[str, Any]:
    import sqlalchemy as sa

    from app.companies.models import Employee
    from app.database.session import session
    from app.masterdata.models import Partner, Product, SellableItem, UnitOfMeasure

    unit = UnitOfMeasure(code="pc", name="piece")
    owners = {one.name: one.id for one in session.scalars(sa.select(Employee))}
    partners = [
        Partner(name=name, name_key=name.lower(), owner_id=owners[owner])
        for name, owner in (("Li", "Sam"), ("Wu", "Sid"))
    ]
    session.add_all([unit, *partners])
    session.flush()
    products = {name: Product(code=name, name=name.title(), base_uom_id=unit.id) for name in (*GOODS, "rare")}
    session.add_all(products.values())
    session.flush()
    item = SellableItem(product_id=products["flat"].id, serial="8-1203")
    session.add(item)
    session.flush()
    return {
        "products": {name: product.id for name, product in products.items()},
        "partners": {one.name: one.id for one in partners},
        "item": item.id,
    }


def _open_desk() -> int:
    from addons.payments.choices import MethodKind, PlaceKind
    from addons.payments.models import Method, Place
    from app.database.session import session

    desk = Place(name="Desk", kind=PlaceKind.CASH_DESK)
    session.add(desk)
    session.flush()
    method = Method(name="Cash", kind=MethodKind.CASH, place_id=desk.id)
    session.add(method)
    session.flush()
    return method.id


def _price(office: "Office") -> None:
    prices = office.price_list(dt.date(2026, 3, 1), dt.date(2026, 3, 31), **{key: one[0] for key, one in GOODS.items()})
    for line, (_price, floor, cost) in zip(prices.lines, GOODS.values(), strict=True):
        line.floor, line.cost = (None if one is None else yuan(one) for one in (floor, cost))
    office.approve(prices)


def _dispatch() -> None:
    """Have whatever is sold delivered by the one unit there is."""
    import sqlalchemy as sa

    from addons.orders.models import DispatchRule
    from app.companies.models import OrgUnit
    from app.database.session import session

    session.add(DispatchRule(unit_id=session.scalars(sa.select(OrgUnit.id)).one(), task="Deliver"))


class Office:
    """What a test does in company one, as the person it names."""

    def __init__(self, world: SimpleNamespace) -> None:
        from app.database.session import session

        self.world, self.session = world, session

    def user(self, name: str) -> Any:
        """Return a user."""
        from flask_appbuilder.security.sqla.models import User

        return self.session.get_one(User, self.world.users[name])

    def set(self, parameter: Any, value: Any) -> None:
        """Decide a policy value from the first day on."""
        parameter.set(value, valid_from=FIRST_DAY, actor=self.user("max"))

    def price_list(self, first: dt.date, last: dt.date | None = None, *, by: str = "cle", **prices: str) -> Any:
        """Return a draft of prices: bolt="95"."""
        from addons.orders import services

        lines = [{"product_id": self.world.products[name], "price": yuan(price)} for name, price in prices.items()]
        name = f"{first} {prices}"
        return services.create_price_list(actor=self.user(by), name=name, valid_from=first, valid_to=last, lines=lines)

    def approve(self, price_list: Any, by: str = "max") -> None:
        """Put it in force."""
        from addons.orders import services

        services.approve_price_list(price_list, actor=self.user(by), now=at())

    def line(self, product: str, quantity: str, price: str | None = None, **values: Any) -> dict[str, Any]:
        """Return a line as a form sends it; without a price, at the list price."""
        typed = None if price is None else yuan(price)
        return {
            "product_id": self.world.products[product],
            "quantity": Decimal(quantity),
            "unit_price": typed,
            "tax_included": True,
            **values,
        }

    def reserved(self, *lines: dict[str, Any], to: str = "draft", deposit: str = "20000", **values: Any) -> Any:
        """Return Li's reservation of a flat of 89.50 m2, written by the consultant, made ready or signed."""
        from addons.orders import services

        actor = self.user(values.pop("by", "sam"))
        form = services.create_reservation(
            actor=actor,
            now=at(),
            partner_id=values.pop("partner_id", self.world.partners["Li"]),
            deposit=yuan(deposit),
            lines=list(lines) or [self.line("flat", "89.50")],
            **values,
        )
        if to != "draft":
            services.make_reservation_ready(form, actor=actor)
        if to in ("signed", "paid"):
            services.sign_reservation(form, actor=actor, now=at())
        if to == "paid":
            self.pay(form, deposit)
        return form

    def ordered(self, *lines: dict[str, Any], to: str = "draft", **values: Any) -> Any:
        """Return Li's order of three bolts, written by the consultant and brought so far."""
        from addons.orders import services
        from addons.orders.choices import PaymentMethod

        actor = self.user(values.pop("by", "sam"))
        given = {
            "partner_id": self.world.partners["Li"],
            "promised_on": dt.date(2026, 3, 10),
            "payment_method": PaymentMethod.TRANSFER,
            **values,
        }
        order = services.create_order(actor=actor, now=at(), lines=list(lines) or [self.line("bolt", "3")], **given)
        return self.brought(order, to)

    def brought(self, order: Any, to: str) -> Any:
        """Take an order through its steps, each by who does it, until it is in a state."""
        from addons.orders import services

        steps = (
            ("submitted", "sam", lambda actor: services.submit_order(order, actor=actor, now=at())),
            ("audited", "sue", lambda actor: self.audited(order, actor)),
            ("finance_audited", "fin", lambda actor: services.audit_order_finance(order, actor=actor, now=at())),
            ("confirmed", "sue", lambda actor: services.confirm_order(order, actor=actor, now=at())),
            ("released", "sue", lambda actor: services.release_order(order, actor=actor, now=at())),
        )
        path = ["draft", *(state for state, _name, _step in steps)]
        for state, name, step in steps[path.index(order.state) : path.index(to)]:
            step(self.user(name))
            assert order.state == state
        return order

    def audited(self, order: Any, actor: Any) -> None:
        """Have it audited, and its goods found in stock by the clerk."""
        from addons.orders import services
        from addons.orders.choices import CheckKind

        services.audit_order(order, actor=actor, now=at())
        services.check_order(order, actor=self.user("cle"), check=CheckKind.STOCK, passed=True, now=at())

    def owed(self, document: Any) -> list[tuple[str, str, str]]:
        """Return what was asked for a document: (kind, amount, state)."""
        found = self.receivables(document)
        return [(one.kind.value, f"{one.amount:.2f}", one.state.value) for one in found]

    def receivables(self, document: Any) -> list[Any]:
        """Return what was asked for a document."""
        from addons.payments.api import find_receivables_of
        from app.documents.references import ref_of
        from app.security.scope import resource_of

        return list(find_receivables_of(ref_of(document, resource_of(type(document)))))

    def pay(self, document: Any, amount: str) -> Any:
        """Pay what is asked for a document, at the desk."""
        from addons.payments import services

        receivable = next(one for one in self.receivables(document) if one.state == "open")
        lines = [{"method_id": self.world.cash, "amount": yuan(amount), "bank_ref": None}]
        receipt = services.create_receipt(actor=self.user("cai"), now=at(), receivable_id=receivable.id, lines=lines)
        services.post_receipt(receipt, actor=self.user("cai"), now=at())
        return receipt

    def facts(self) -> list[Any]:
        """Return everything that a refusal must not have changed."""
        import sqlalchemy as sa

        from addons.orders.models import (
            DiscountLine,
            DiscountRequest,
            InvoiceRequest,
            Order,
            OrderCheck,
            OrderLine,
            PriceLine,
            PriceList,
            Quotation,
            QuotationLine,
            Reservation,
            ReservationLine,
            ReturnLine,
            ReturnOrder,
            WorkRequest,
        )
        from addons.payments.models import Invoice, Receipt, Receivable

        models: tuple[Any, ...] = (
            PriceList,
            PriceLine,
            Reservation,
            ReservationLine,
            Order,
            OrderLine,
            Receivable,
            Receipt,
            OrderCheck,
            WorkRequest,
            Quotation,
            QuotationLine,
            DiscountRequest,
            DiscountLine,
        )
        models += (ReturnOrder, ReturnLine, InvoiceRequest, Invoice)
        return [self.session.execute(sa.select(*columns_of(model)).order_by(model.id)).all() for model in models]


def columns_of(model: Any) -> list[Any]:
    """Return all columns of a model."""
    return [getattr(model, one.key) for one in model.__mapper__.column_attrs]


__all__ = ["DAY", "Office", "at", "make_office", "refusal_of", "yuan"]
