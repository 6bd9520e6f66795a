"""The terms of a signed contract: kept when it is opened for an amendment, and taken back when that is given up."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from addons.contracts.choices import ClauseKind
from addons.contracts.models import Contract, Edition
from addons.contracts.queries import signed_edition
from addons.contracts.services.drafting import set_plan
from addons.payments.api import ReceivableKind
from app.sdk.database import session

_DAYS = ("doc_date", "delivery_date", "ends_on", "approved_on")
_NUMBERS = ("quantity", "unit_price", "amount")
_AS_THEY_ARE = ("template_id", "subject", "unit", "is_out_stationed", "read_confirmed_by_id", *map(str, ClauseKind))
_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_AS_THEY_ARE, lambda value: value),
    **dict.fromkeys(_DAYS, dt.date.fromisoformat),
    **dict.fromkeys(_NUMBERS, Decimal),
    "read_confirmed_at": dt.datetime.fromisoformat,
}
_PART = ("id", "kind", "amount", "due_on", "note", "receivable_id")


def keep_terms(contract: Contract) -> None:
    """Keep what the signed version says beside it; both sides are bound to it until the next one is signed."""
    edition = signed_edition(contract)
    if edition is not None:
        plan = [{name: _plain(getattr(part, name)) for name in _PART} for part in contract.plan]
        edition.signed_terms = {name: _plain(getattr(contract, name)) for name in _READ} | {"plan": plan}
        session.flush()


def take_terms_back(contract: Contract, edition: Edition) -> None:
    """Have a contract say again what was signed; a part of the plan comes back with its receivable."""
    terms = edition.signed_terms or {}
    for name, read in _READ.items():
        setattr(contract, name, None if terms[name] is None else read(terms[name]))
    contract.revision = edition.revision
    session.flush()
    session.expire(contract, ["template"])
    present = {part.id for part in contract.plan}
    set_plan(contract, [_part(row, present) for row in terms["plan"]])


def _part(row: dict[str, Any], present: set[int]) -> dict[str, Any]:
    return {
        **row,
        "id": row["id"] if row["id"] in present else None,
        "kind": ReceivableKind(row["kind"]),
        "amount": Decimal(row["amount"]),
        "due_on": dt.date.fromisoformat(row["due_on"]),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):  # An instant is one too.
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
