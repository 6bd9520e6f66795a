"""A company that signs contracts: authors, reviewers, a leader, a manager, a cashier, and a template in force."""

import datetime as dt
import io
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask import Flask

from tests.addons.contracts.papers import PDF, word
from tests.world import PASSWORD

FIRST_DAY = dt.date(2025, 1, 1)
DAY = dt.date(2026, 3, 2)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
STAFF = {
    "leo": ("contracts_leader", "company", None),
    "mia": ("contracts_manager", "company", "leo"),
    "sam": ("contracts_sales", "own", "mia"),
    "sue": ("contracts_sales", "own", "mia"),
    "olga": ("contracts_officer", "company", "mia"),
    "lex": ("contracts_legal", "company", "leo"),
    "fin": ("contracts_finance", "company", "leo"),
    "bran": ("contracts_branch", "company", "leo"),
    "hugo": ("contracts_headquarters", "company", "leo"),
    "cai": ("payments_cashier", "company", "mia"),
    "abe": ("payments_accountant", "company", "mia"),
}
CLAUSES = {
    "content": "一套住房",
    "price_terms": "总价见第三条",
    "payment_terms": "按付款计划支付",
    "delivery_terms": "现房交付",
    "after_sales_terms": "保修两年",
    "cooperation_terms": "无",
    "parties": "甲方与乙方",
    "seller_duties": "按时交付",
    "buyer_duties": "按时付款",
    "breach_terms": "每日万分之五",
}


def at(day: dt.date = DAY, clock: str = "10:00") -> dt.datetime:
    """Return an instant on the office's wall clock."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI).astimezone(dt.UTC)


def make_office(app: Flask) -> dict[str, Any]:
    """Open the company, hire the staff, set up the till, meet two buyers; return the ids."""
    from app.companies.enablement import switch
    from app.companies.opening import open_company
    from app.database.session import as_company, commit

    with app.app_context():
        one = open_company("One Homes", code="one", on=FIRST_DAY)
        for addon in ("payments", "contracts"):
            switch(addon, one.id, on=True, depends={"payments": [], "contracts": ["payments"]})
        users = {name: _admit(app, name) for name in STAFF}
        facts: dict[str, Any] = {"one": one.id, "users": users}
        with as_company(one.id):
            facts["branch"] = _hire(app, users, one.id)
            facts["cash"] = _open_till()
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


def _hire(app: Flask, users: dict[str, int], company_id: int) -> int:
    import sqlalchemy as sa

    from app.companies.memberships import add_membership
    from app.companies.models import Employee, OrgUnit, OrgUnitKind, Position, Scope
    from app.companies.org import assign, create_unit
    from app.database.session import session

    root = session.scalars(sa.select(OrgUnit)).one()
    branch = create_unit("Branch", code="b1", kind=OrgUnitKind.BRANCH, parent=root, valid_from=FIRST_DAY)
    found: dict[str, Any] = {}
    for name, (role, scope, superior) in STAFF.items():
        role_id = app.appbuilder.sm.find_role(role).id
        add_membership(company_id, user_id=users[name], role_id=role_id, scope=Scope(scope))
        found[name] = Employee(user_id=users[name], number=f"E-{name}", name=name.title(), hired_on=FIRST_DAY)
        position = Position(org_unit_id=branch.id if name == "sue" else root.id, title=name)
        session.add_all([found[name], position])
        session.flush()
        assign(found[name], position=position, superior=found.get(superior or ""), valid_from=FIRST_DAY)
    return branch.id


def _open_till() -> int:
    from addons.payments.choices import MethodKind, PlaceKind
    from addons.payments.models import Method, Place
    from app.database.session import session

    desk = Place(name="Desk", kind=PlaceKind.CASH_DESK)
    session.add(desk)
    session.flush()
    cash = Method(name="Cash", kind=MethodKind.CASH, place_id=desk.id)
    session.add(cash)
    session.flush()
    return cash.id


def _meet(names: list[str]) -> dict[str, int]:
    from app.companies.models import Employee
    from app.database.session import session
    from app.masterdata.models import Partner

    sam = session.query(Employee).filter_by(name="Sam").one()
    partners = [Partner(name=name, name_key=name.lower(), owner_id=sam.id) for name in names]
    session.add_all(partners)
    session.flush()
    return {one.name: one.id for one in partners}


class Office:
    """What a test does in the company, as the person it names."""

    def __init__(self, world: SimpleNamespace) -> None:
        from app.database.session import session

        self.world, self.session = world, session

    def user(self, name: str) -> Any:
        """Return a user."""
        from flask_appbuilder.security.sqla.models import User

        return self.session.get_one(User, self.world.users[name])

    def employee(self, name: str) -> Any:
        """Return an employee."""
        from app.companies.org import employee_of

        return employee_of(self.world.users[name])

    def set(self, parameter: Any, value: Any) -> None:
        """Decide a policy value from the first day on."""
        parameter.set(value, valid_from=FIRST_DAY, actor=self.user("mia"))

    def attach(self, record: Any, resource: str, name: str, content: bytes, by: str, now: dt.datetime) -> Any:
        """Attach a file as a person would, with what the view checks."""
        from app.crud.attached import delete_stored
        from app.crud.view import view_of
        from app.documents.attachments import attach_file
        from app.documents.references import ref_of
        from app.errors import AppError

        ref = ref_of(record, resource)
        stream = io.BytesIO(content)
        added = attach_file(ref, name=name, stream=stream, actor=self.user(by), now=now, today=now.date())
        try:
            view_of(resource).check_file(record, added, is_new=True)
        except AppError:
            delete_stored(added.stored_as, company_id=added.company_id)
            raise
        return added

    def template(self, content: bytes | None = None, name: str = "House", valid_from: dt.date = FIRST_DAY) -> Any:
        """Return a template that the officer has put in force."""
        from addons.contracts import services
        from addons.contracts.choices import ClauseKind

        clauses = [{"kind": ClauseKind(kind), "text": text} for kind, text in CLAUSES.items()]
        made = services.create_template(actor=self.user("olga"), name=name, valid_from=valid_from, clauses=clauses)
        self.attach(made, "contracts.Template", "house.docx", content or word(), "olga", at(FIRST_DAY))
        services.put_template_in_force(made, actor=self.user("olga"))
        return made

    def draft(self, amount: str | int = 800_000, *, by: str = "sam", **values: Any) -> Any:
        """Return a contract with Li that Sam has drafted."""
        from addons.contracts import services

        template_id = values.pop("template_id", None) or self.template().id
        given = {
            "partner_id": self.world.partners["Li"],
            "subject": "Flat 301",
            "doc_date": DAY,
            "delivery_date": dt.date(2026, 6, 30),
            **values,
        }
        return services.create_contract(
            actor=self.user(by), template_id=template_id, amount=Decimal(str(amount)), **given
        )

    def submitted(self, amount: str | int = 800_000, *, by: str = "sam", **values: Any) -> Any:
        """Return a contract that its author has read and submitted."""
        contract = self.draft(amount, by=by, **values)
        self.submit(contract, by=by)
        return contract

    def submit(self, contract: Any, *, by: str = "sam", now: dt.datetime | None = None) -> None:
        """Read and submit it."""
        from addons.contracts import services

        services.confirm_read(contract, actor=self.user(by), now=now or at())
        services.submit_contract(contract, actor=self.user(by), now=now or at())

    def review(self, contract: Any, *names: str, now: dt.datetime | None = None) -> None:
        """Let reviewers agree: by default legal and finance."""
        from addons.contracts import services
        from addons.contracts.queries import open_reviews

        people = {"legal": "lex", "finance": "fin", "branch": "bran", "headquarters": "hugo"}
        for one in open_reviews(contract):
            if one.kind.value in (names or ("legal", "finance")):
                actor = self.user(people[one.kind.value])
                services.agree_review(one, actor=actor, opinion="Fine", now=now or at())
        self.session.expire(contract, ["reviews"])

    def approved(self, amount: str | int = 800_000, **values: Any) -> Any:
        """Return a contract that the leader has approved."""
        contract = self.submitted(amount, **values)
        self.approve(contract)
        return contract

    def approve(self, contract: Any, *, now: dt.datetime | None = None) -> None:
        """Let both reviewers and the leader agree."""
        from addons.contracts import services

        self.review(contract, now=now)
        services.approve_contract(contract, actor=self.user("leo"), opinion="Good", now=now or at())

    def scan(self, contract: Any, *, now: dt.datetime | None = None) -> Any:
        """Attach the signed scan."""
        return self.attach(contract, "contracts.Contract", "scan.pdf", PDF, "sam", now or at(clock="11:00"))

    def signed(self, amount: str | int = 800_000, **values: Any) -> Any:
        """Return a contract that both sides have signed."""
        contract = self.approved(amount, **values)
        self.scan(contract)
        self.sign(contract, by=values.get("by", "sam"))
        return contract

    def sign(self, contract: Any, *, by: str = "sam", now: dt.datetime | None = None, **values: Any) -> None:
        """Enter the signing."""
        from addons.contracts import services
        from addons.contracts.choices import SignMode

        given = {"signed_on": DAY, "sign_mode": SignMode.FACE_TO_FACE, "copies": 2, "sealed": True, **values}
        services.sign_contract(contract, actor=self.user(by), now=now or at(clock="12:00"), **given)

    def pay(self, receivable_id: int, amount: str | int) -> Any:
        """Take money in cash for a receivable, and post it."""
        from addons.payments import services

        lines = [{"method_id": self.world.cash, "amount": Decimal(str(amount)), "bank_ref": None}]
        receipt = services.create_receipt(
            actor=self.user("cai"), now=at(clock="13:00"), receivable_id=receivable_id, lines=lines
        )
        services.post_receipt(receipt, actor=self.user("cai"), now=at(clock="13:00"))
        return receipt

    def facts(self) -> list[Any]:
        """Return everything that a refusal must not have changed."""
        import sqlalchemy as sa

        from addons.contracts import models
        from addons.payments.models import Receivable

        rows: list[Any] = []
        for name in models.__all__:
            model = getattr(models, name)
            columns = [model.id, *([model.state] if hasattr(model, "state") else [])]
            rows.append(self.session.execute(sa.select(*columns).order_by(model.id)).all())
        columns = [models.Contract.number, models.Contract.revision, models.Contract.signed_on]
        rows.append(self.session.execute(sa.select(*columns).order_by(models.Contract.id)).all())
        rows.append(self.session.execute(sa.select(Receivable.id, Receivable.state).order_by(Receivable.id)).all())
        return rows
