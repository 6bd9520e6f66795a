"""A company that sells: priced products, customers, and as many stored orders as asked for."""

import datetime as dt
from decimal import Decimal
from typing import Any

from _database import FIRST_DAY, BenchDatabase, _employ
from psycopg import sql

LINES = 5  # Of each order.
_STORE = """
INSERT INTO orders_order (company_id, version, created_at, updated_at, custom, doc_date, revision, print_count, number,
    posted_at, period, state, form, business_type, partner_id, partner_name, promised_on, payment_method, due_on,
    net, tax, gross, owner_id, org_unit_id)
SELECT %(company)s, 0, now(), now(), '{{}}', %(day)s::date + (n %% 300)::int, 0, 0, 'OLD-' || lpad(n::text, 7, '0'),
    now(), '2025-01', 'delivered', 'written', 'domestic', %(partner)s, 'Customer', %(day)s::date + 310, 'cash',
    %(day)s::date + 310, 100000, 0, 100000, %(owner)s, %(unit)s
FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""
_STORE_LINES = """
INSERT INTO orders_order_line (company_id, version, created_at, updated_at, custom, order_id, position, product_id,
    uom_id, description, quantity, list_price, unit_price, tax_included, tax_rate, net, tax, gross, shipped, delivered)
SELECT o.company_id, 0, now(), now(), '{{}}', o.id, p, %(product)s, %(uom)s, 'Bolt', 2000000, 100000000, 100000000,
    true, 0, 20000, 0, 20000, 2000000, 2000000
FROM orders_order o, generate_series(1, 5) AS p
WHERE o.company_id = %(company)s AND o.number LIKE 'OLD-%%' AND substr(o.number, 5)::int BETWEEN %(first)s AND %(last)s
"""


class DealsDatabase(BenchDatabase):
    """Orders on PostgreSQL, both walls; author, auditor and confirmer are three people."""

    addon = "orders"

    def prepare(self) -> None:
        """Release payments and orders, open the companies and fill the first."""
        from app.companies.enablement import switch
        from app.companies.models import Scope
        from app.companies.opening import open_company
        from app.database.session import as_company, commit, db
        from app.release import release

        app = release(("payments", "orders"), **self.settings)
        with app.app_context():
            companies = [open_company(f"Company {n:02}", code=f"c{n:02}", on=FIRST_DAY).id for n in range(1, 21)]
            for company in companies:
                switch("payments", company, on=True, depends={"payments": [], "orders": ["payments"]})
                switch("orders", company, on=True, depends={"payments": [], "orders": ["payments"]})
            for username, role in (("clerk", "orders_clerk"), ("auditor", "orders_supervisor"),
                                   ("boss", "orders_manager"), ("finance", "orders_finance")):  # fmt: skip
                _employ(app, username, Scope.COMPANY, role, companies[0])
            commit()
            with as_company(companies[0]):
                _stock()
            commit()
            db.session.remove()
            db.engine.dispose()

    def fill(self, companies: list[int]) -> None:
        """Everything is in place once the company is open."""

    def store(self, first: int, last: int) -> None:
        """Write delivered orders with these running numbers, as the years leave them."""
        with self.connect() as connection:
            (facts,) = connection.execute(
                "SELECT p.company_id, p.id, p.base_uom_id, (SELECT min(id) FROM masterdata_partner), "
                "(SELECT min(id) FROM companies_employee), (SELECT min(id) FROM companies_org_unit) "
                "FROM masterdata_product p ORDER BY p.id LIMIT 1"
            ).fetchall()
            names = ("company", "product", "uom", "partner", "owner", "unit")
            values = {**dict(zip(names, facts, strict=True)), "first": first, "last": last, "day": dt.date(2025, 1, 1)}
            for statement in (_STORE, _STORE_LINES):
                connection.execute(sql.SQL(statement).format(), values)
            for table in ("orders_order", "orders_order_line"):
                connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))


def person(username: str) -> Any:
    """Return the user with this name."""
    import sqlalchemy as sa
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    return session.scalars(sa.select(User).where(User.username == username)).one()


def _stock() -> None:
    from addons.orders import services
    from addons.orders.parameters import CHECKS, TWO_AUDITS
    from app.database.columns import utc_now
    from app.database.session import session
    from app.masterdata.models import Product, UnitOfMeasure
    from app.masterdata.partners import PartnerDetails, create_partner

    TWO_AUDITS.set(False, valid_from=FIRST_DAY, actor=person("boss"))
    CHECKS.set(["credit", "rule"], valid_from=FIRST_DAY, actor=person("boss"))  # Nobody here answers for stock.
    clerk, now = person("clerk"), utc_now()
    unit = UnitOfMeasure(code="pc", name="piece")
    session.add(unit)
    session.flush()
    products = [Product(code=f"P{n}", name=f"Part {n}", base_uom_id=unit.id) for n in range(LINES)]
    session.add_all(products)
    session.flush()
    for number in range(12):
        create_partner(PartnerDetails(name=f"Customer {number:03}"), actor=clerk)
    lines = [{"product_id": one.id, "price": Decimal(100), "floor": Decimal(80)} for one in products]
    prices = services.create_price_list(actor=clerk, name="2025", valid_from=FIRST_DAY, lines=lines)
    services.approve_price_list(prices, actor=person("boss"), now=now)
