"""What refuses the close of a month (S:PAY-05)."""

from addons.orders.queries import count_unaudited
from app.sdk.errors import Conflict
from app.sdk.i18n import _


def refuse_unaudited(month: str, *, legal_entity_id: int | None) -> None:
    """Raise Conflict while orders, returns or requests for invoices of a month wait for an audit, naming how many."""
    orders, returns, requests = count_unaudited(month, legal_entity_id=legal_entity_id)
    if orders or returns or requests:
        raise Conflict(
            "period.orders",
            _(
                "%(month)s has %(orders)s orders and %(returns)s returns that are not audited, "
                "and %(requests)s requests for invoices that finance has not decided on."
            ),
            month=month,
            orders=orders,
            returns=returns,
            requests=requests,
        )
