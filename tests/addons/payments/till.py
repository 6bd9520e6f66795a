"""A company that takes money: two cashiers, an accountant, a finance manager, and ways to pay."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask import Flask

from tests.world import PASSWORD

FIRST_DAY = dt.date(2025, 1, 1)
DAY = dt.date(2026, 3, 2)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
STAFF = {
    "fay": ("payments_manager", "company", None),
    "abe": ("payments_accountant", "company", "fay"),
    "cai": ("payments_cashier", "company", "abe"),
    "coe": ("payments_cashier", "company", "abe"),
    "nil": ("reception_desk", "own", "fay"),
}


def at(clock: str = "10:00", day: dt.date = DAY) -> dt.datetime:
    """Return an instant on the wall clock of the till."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI).astimezone(dt.UTC)


def yuan(text: str | int) -> Decimal:
    """Return an amount."""
    return Decimal(str(text).replace(",", ""))


def make_till(app: Flask) -> dict[str, Any]:
    """Open both companies, hire the staff, set up desks and ways to pay; return the ids."""
    from app.companies.enablement import switch
    from app.companies.opening import open_company
    from app.database.session import as_company, commit

    with app.app_context():
        one = open_company("One Homes", code="one", on=FIRST_DAY)
        two = open_company("Two Farms", code="two", on=FIRST_DAY)
        for company in (one, two):
            switch("payments", company.id, on=True, depends={"payments": []})
        users = {name: _admit(app, name) for name in STAFF}
        facts: dict[str, Any] = {"one": one.id, "two": two.id, "users": users}
        with as_company(one.id):
            _hire(app, users, one.id)
            facts["ways"] = _open_ways()
            facts["partners"] = _meet(["Li", "Wu"])
        commit()
        return facts


def _admit(app: Flask, name: str) -> int:
    from app.database.session import session
    from app.security.passwords import set_password

    user = app.appbuilder.sm.user_model(
        username=name, first_name=name.title(), last_name="Test", email=f"{name}@example.test", active=True
    )
    session.add(user)
    set_password(user, PASSWORD, must_change=False)
    session.flush()
    return user.id


def _hire(app: Flask, users: dict[str, int], company_id: int) -> None:
    import sqlalchemy as sa

    from app.companies.memberships import add_membership
    from app.companies.models import Employee, OrgUnit, Position, Scope
    from app.companies.org import assign
    from app.database.session import session

    root = session.scalars(sa.select(OrgUnit)).one()
    found: dict[str, Any] = {}
    for name, (role, scope, superior) in STAFF.items():
        add_membership(
            company_id, user_id=users[name], role_id=app.appbuilder.sm.find_role(role).id, scope=Scope(scope)
        )
        found[name] = Employee(user_id=users[name], number=f"E-{name}", name=name.title(), hired_on=FIRST_DAY)
        position = Position(org_unit_id=root.id, title=name)
        session.add_all([found[name], position])
        session.flush()
        assign(found[name], position=position, superior=found.get(superior or ""), valid_from=FIRST_DAY)


def _open_ways() -> dict[str, int]:
    from addons.payments.choices import MethodKind, PlaceKind
    from addons.payments.models import Method, Place
    from app.database.session import session

    desk = Place(name="Desk", kind=PlaceKind.CASH_DESK)
    bank = Place(name="Bank", kind=PlaceKind.BANK_ACCOUNT)
    session.add_all([desk, bank])
    session.flush()
    ways = [
        Method(name="Cash", kind=MethodKind.CASH, place_id=desk.id),
        Method(name="Transfer", kind=MethodKind.BANK_TRANSFER, place_id=bank.id),
        Method(name="POS", kind=MethodKind.CARD, place_id=bank.id),
    ]
    session.add_all(ways)
    session.flush()
    return {"desk": desk.id, "bank": bank.id, **{way.name.lower(): way.id for way in ways}}


def _meet(names: list[str]) -> dict[str, int]:
    from app.database.session import session
    from app.masterdata.models import Partner

    partners = [Partner(name=name, name_key=name.lower()) for name in names]
    session.add_all(partners)
    session.flush()
    return {one.name: one.id for one in partners}


class Till:
    """What a test does in company one, as the person it names."""

    def __init__(self, world: SimpleNamespace) -> None:
        from app.database.session import session

        self.world, self.session = world, session

    def user(self, name: str) -> Any:
        """Return a user."""
        from flask_appbuilder.security.sqla.models import User

        return self.session.get_one(User, self.world.users[name])

    def way(self, name: str) -> Any:
        """Return a way to pay."""
        from addons.payments.models import Method

        return self.session.get_one(Method, self.world.ways[name])

    def set(self, parameter: Any, value: Any) -> None:
        """Decide a policy value from the first day on."""
        parameter.set(value, valid_from=FIRST_DAY, actor=self.user("fay"))

    def owed(self, amount: str | int = 20_000, *, opened: bool = True, **values: Any) -> Any:
        """Return a receivable of Li, opened by the accountant."""
        from addons.payments import services
        from addons.payments.choices import ReceivableKind

        given = {"partner_id": self.world.partners["Li"], "kind": ReceivableKind.BALANCE, "due_on": DAY, **values}
        receivable = services.create_receivable(actor=self.user("abe"), now=at(), amount=yuan(amount), **given)
        if opened:
            services.bind_receivable(receivable, actor=self.user("abe"), now=at())
        return receivable

    def deposit(self, amount: str | int, base: str | int, **values: Any) -> Any:
        """Return an open deposit on a total."""
        from addons.payments.choices import ReceivableKind

        return self.owed(amount, kind=ReceivableKind.DEPOSIT, base_amount=yuan(base), **values)

    def received(self, *tenders: tuple[str, str | int] | tuple[str, str | int, str], **values: Any) -> Any:
        """Return a receipt in draft, written by the cashier: ("cash", 8000), ("transfer", 12000, "B-1")."""
        from addons.payments import services

        lines = [
            {"method_id": self.world.ways[name], "amount": yuan(amount), "bank_ref": (*rest, None)[0]}
            for name, amount, *rest in tenders
        ]
        by = values.pop("by", "cai")
        return services.create_receipt(actor=self.user(by), now=values.pop("now", at()), lines=lines, **values)

    def posted(self, *tenders: Any, **values: Any) -> Any:
        """Return a posted receipt."""
        from addons.payments import services

        by, now = values.get("by", "cai"), values.get("now", at())
        receipt = self.received(*tenders, **values)
        services.post_receipt(receipt, actor=self.user(by), now=now)
        return receipt

    def balances(self) -> dict[str, str]:
        """Return what each account holds, but for those at zero."""
        from addons.payments.choices import Account
        from addons.payments.queries import balance_of

        return {account.value: str(held) for account in Account if (held := balance_of(account))}

    def facts(self) -> list[Any]:
        """Return everything that a refusal must not have changed."""
        import sqlalchemy as sa

        from addons.payments.models import Allocation, Entry, Invoice, Receipt, Receivable, Refund

        rows: list[Any] = [self.session.scalar(sa.select(sa.func.count(one.id))) for one in (Entry, Allocation, Refund)]
        for model in (Receipt, Receivable):
            columns = (model.id, model.number, model.state, model.settled)
            rows.append(self.session.execute(sa.select(*columns).order_by(model.id)).all())
        columns = (Invoice.id, Invoice.number, Invoice.state, Invoice.amount, Invoice.issued_on)
        rows.append(self.session.execute(sa.select(*columns).order_by(Invoice.id)).all())
        return rows
