"""A company that takes money: a cash desk, a bank account, ways to pay, and payers who owe."""

from decimal import Decimal
from typing import Any

from _database import BenchDatabase

PRICE = Decimal(100)  # Of each receivable, in yuan.


class TillDatabase(BenchDatabase):
    """Payments on PostgreSQL, both walls; `payers` owe three receivables each."""

    addon, role = "payments", "payments_manager"
    payers = 12

    def fill(self, companies: list[int]) -> None:
        """Open the till of the first company."""
        from app.database.session import as_company, commit, db
        from app.factory import create_app

        app = create_app(**self.settings)
        with app.app_context(), as_company(companies[0]):
            _open_ways()
            for number in range(self.payers):
                _owe_thrice(number)
                commit()
            db.engine.dispose()


def clerk(name: str = "clerk") -> Any:
    """Return the user with this name."""
    import sqlalchemy as sa
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session

    return session.scalars(sa.select(User).where(User.username == name)).one()


def _open_ways() -> None:
    from addons.payments.choices import MethodKind, PlaceKind
    from addons.payments.models import Method, Place
    from app.database.session import commit, session

    desk = Place(name="Desk", kind=PlaceKind.CASH_DESK)
    bank = Place(name="Bank", kind=PlaceKind.BANK_ACCOUNT)
    session.add_all([desk, bank])
    session.flush()
    for name, kind, place in (
        ("Cash", MethodKind.CASH, desk),
        ("Transfer", MethodKind.BANK_TRANSFER, bank),
        ("POS", MethodKind.CARD, bank),
    ):
        session.add(Method(name=name, kind=kind, place_id=place.id))
    commit()


def _owe_thrice(number: int) -> None:
    from addons.payments import services
    from addons.payments.choices import ReceivableKind
    from app.database.columns import utc_now
    from app.masterdata.partners import PartnerDetails, create_partner

    actor, now = clerk(), utc_now()
    partner = create_partner(PartnerDetails(name=f"Payer {number:03}"), actor=actor)
    for _time in range(3):
        owed = services.create_receivable(
            actor=actor, now=now, partner_id=partner.id, kind=ReceivableKind.BALANCE, amount=PRICE
        )
        services.bind_receivable(owed, actor=actor, now=now)
