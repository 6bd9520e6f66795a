"""The fields that templates may name, with words and a sample, and what a contract says in them (P:CON-03)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from addons.contracts.choices import ClauseKind
from addons.contracts.models import Contract, Party
from addons.payments.api import in_capitals
from app.sdk.database import select, session
from app.sdk.errors import Text
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import Address, Partner, details_of
from app.sdk.organisation import legal_entity_of

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Field:
    """One field: what people call it, what a sample shows, and how it is read. None: it is blank."""

    label: Text
    sample: Any
    read: Callable[[Contract], Any]


def _seller(contract: Contract, name: str) -> str | None:
    entity = legal_entity_of(contract.org_unit_id)
    return getattr(entity, name) if entity is not None else None


def _buyer(contract: Contract, name: str) -> str | None:
    found: str | None = getattr(details_of(contract.partner), name)
    return found


def _address(contract: Contract) -> str | None:
    return session.scalar(
        select(Address.detail).where(Address.partner_id == contract.partner_id).order_by(Address.id).limit(1)
    )


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():,f}"


def _money(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:,.2f}"


def _others(contract: Contract) -> Rows:
    statement = (
        select(Partner.name, Party.role)
        .join(Partner, Partner.id == Party.partner_id)
        .where(Party.contract_id == contract.id)
        .order_by(Party.id)
    )
    return [{"name": name, "role": str(_(humanize(role.value)))} for name, role in session.execute(statement)]


def _plan(contract: Contract) -> Rows:
    return [
        {
            "kind": str(_(humanize(one.kind.value))),
            "amount": _money(one.amount) or "",
            "due_on": f"{one.due_on:%Y-%m-%d}",
            "note": one.note or "",
        }
        for one in contract.plan
    ]


def _clause(kind: ClauseKind) -> Field:
    label = _(humanize(kind.value))
    return Field(label, f"（{kind.value}）", lambda contract: getattr(contract, kind.value))


FIELDS: Mapping[str, Field] = {
    "seller": Field(_("Selling party"), "云栖置业有限公司", lambda c: _seller(c, "name")),
    "seller_tax_no": Field(_("Credit code of the seller"), "91330106MA2CFFFF12", lambda c: _seller(c, "tax_no")),
    "buyer": Field(_("Buyer"), "赵立新", lambda c: c.partner.name),
    "buyer_id_no": Field(_("Identity number of the buyer"), "110101199003078515", lambda c: _buyer(c, "id_no")),
    "buyer_tax_no": Field(_("Credit code of the buyer"), "91110105MA01ABCD2X", lambda c: _buyer(c, "tax_no")),
    "buyer_phone": Field(_("Phone of the buyer"), "13800000001", lambda c: _buyer(c, "phone")),
    "buyer_address": Field(_("Address of the buyer"), "杭州市西湖区文三路 1 号", _address),
    "subject": Field(_("Subject matter"), "8 幢 301 室", lambda c: c.subject),
    "quantity": Field(_("Quantity"), "89.5", lambda c: _number(c.quantity)),
    "unit": Field(_("Unit of quantity"), "m²", lambda c: c.unit),
    "unit_price": Field(_("Unit price"), "9,000", lambda c: _number(c.unit_price)),
    "amount": Field(_("Amount"), "805,500.00", lambda c: _money(c.amount)),
    "amount_in_words": Field(_("Amount in words"), "捌拾万伍仟伍佰元整", lambda c: in_capitals(c.amount)),
    "delivery_date": Field(
        _("Delivery date"), "2026-12-31", lambda c: f"{c.delivery_date:%Y-%m-%d}" if c.delivery_date else None
    ),
    "ends_on": Field(_("Ends on"), "2027-03-31", lambda c: f"{c.ends_on:%Y-%m-%d}" if c.ends_on else None),
    "contract_date": Field(_("Date of the contract"), "2026-03-05", lambda c: f"{c.doc_date:%Y-%m-%d}"),
    "salesperson": Field(_("Salesperson"), "张帅", lambda c: c.owner.name if c.owner else None),
    **{kind.value: _clause(kind) for kind in ClauseKind},
    "plan": Field(
        _("Payment plan (a list)"),
        [
            {"kind": "定金", "amount": "20,000.00", "due_on": "2026-03-05", "note": ""},
            {"kind": "房款", "amount": "785,500.00", "due_on": "2026-04-05", "note": "按揭"},
        ],
        _plan,
    ),
    "others": Field(_("Other parties (a list)"), [{"name": "钱雨桐", "role": "共同买方"}], _others),
}
LISTS: Mapping[str, Sequence[str]] = {"plan": ("kind", "amount", "due_on", "note"), "others": ("name", "role")}


def values_of(contract: Contract) -> dict[str, Any]:
    """Return what a contract says in every field; what is blank is an empty text."""
    return {name: field.read(contract) or ("" if name not in LISTS else []) for name, field in FIELDS.items()}


def sample_values() -> dict[str, Any]:
    """Return a sample of every field."""
    return {name: field.sample for name, field in FIELDS.items()}
