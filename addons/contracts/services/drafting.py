"""Drafts of contracts: made of a template in force, with a payment plan that adds up."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from addons.contracts.choices import ContractState
from addons.contracts.models import Contract, Template
from addons.contracts.queries import (
    find_contract_from,
    find_source,
    find_template,
    is_out_stationed,
    makes_edition,
    newest_template,
    owner_and_unit,
    present_day,
)
from addons.contracts.workflow import is_template_in_force
from addons.payments.api import ReceivableKind
from app.sdk.database import session, set_lines
from app.sdk.documents import Attachment, DocumentRef
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import parse_decimal
from app.sdk.models import User

FEN = Decimal("0.01")
OPEN = (ContractState.DRAFT, ContractState.AMENDING)
ALWAYS = ("note", "custom")  # What may be changed in any state.


@dataclass(frozen=True, kw_only=True)
class Deal:
    """What another add-on's document says of a contract. `claimed` of the amount is asked for by that document."""

    source: DocumentRef
    partner_id: int
    subject: str
    amount: Decimal
    claimed: Decimal
    owner_id: int | None
    org_unit_id: int | None
    on: dt.date
    delivery_date: dt.date | None = None


_READERS: dict[str, Callable[[DocumentRef, User], Deal | None]] = {}
_LATER = ("delivery_date", "ends_on")  # Days that follow the day of the contract.


def register_source(resource: str, read: Callable[[DocumentRef, User], Deal | None]) -> None:
    """Let contracts be drafted from documents of a resource; `read` returns None for one that the actor may not see."""
    _READERS[resource] = read


def create_contract(
    *, actor: User, template_id: int, doc_date: dt.date | None = None, source_number: str | None = None, **values: Any
) -> Contract:
    """Draft a contract; clauses that are left blank begin with the wording of the template.

    With the number of the document that it is drafted from, what is left blank is what that document says.
    Raises Conflict for a template that is not in force (P:CON-02), ValidationError for amounts that do not add up.
    """
    day = doc_date or present_day()
    employee, unit_id = owner_and_unit(actor, on=day)
    plan = values.pop("plan", None)
    contract = Contract(
        template_id=template_id,
        doc_date=day,
        state=ContractState.DRAFT,
        created_by_id=actor.id,
        org_unit_id=unit_id,
        **{"owner_id": employee.id if employee else None, **_said(source_number, actor), **_given(values)},
    )
    _template_of(contract, actor=actor)
    _check_days(contract)
    return _begin(contract, plan)


def _said(source_number: str | None, actor: User) -> dict[str, Any]:
    """Return what the document of this number says of a contract.

    Raises ValidationError where there is none that the actor may see, and Conflict as its reader does (R2).
    """
    if not source_number:
        return {}
    ref = find_source(source_number, resources=list(_READERS))
    deal = _READERS[ref.resource](ref, actor) if ref is not None else None
    if deal is None:
        raise ValidationError(
            "contract.no_source",
            _("There is no document %(value)s that a contract is drafted from."),
            field="source_number",
            value=source_number,
        )
    names = ("partner_id", "subject", "amount", "claimed", "delivery_date")
    return {"source_id": deal.source.id, **{name: getattr(deal, name) for name in names}}


def draft_from(deal: Deal) -> Contract | None:
    """Draft the contract of a deal with the newest template, or bring its draft up to date.

    None where no template is in force. A contract that is no draft any more stays: submitting and signing compare it.
    """
    present = find_contract_from(deal.source)
    if present is not None:
        if present.state is ContractState.DRAFT:
            present.amount, present.claimed = deal.amount, deal.claimed
            present.read_confirmed_at = present.read_confirmed_by_id = None
            session.flush()
            set_plan(present, _rest(present))
        return present
    template = newest_template(deal.on)
    if template is None:
        return None
    values = {one.name: getattr(deal, one.name) for one in fields(deal) if one.name not in ("source", "on")}
    contract = Contract(
        template_id=template.id, source_id=deal.source.id, doc_date=deal.on, state=ContractState.DRAFT, **values
    )
    contract.template = template
    return _begin(contract, None)


def _begin(contract: Contract, plan: Sequence[dict[str, Any]] | None) -> Contract:
    """Give a new contract the wording of its template, and a plan."""
    contract.claimed = contract.claimed or Decimal(0)
    contract.is_out_stationed = contract.is_out_stationed or is_out_stationed(contract.org_unit_id)
    for clause in contract.template.clauses:
        if not getattr(contract, clause.kind.value):
            setattr(contract, clause.kind.value, clause.text)
    _check_amount(contract)
    session.add(contract)
    session.flush()
    set_plan(contract, plan or _rest(contract))
    return contract


def update_contract(contract: Contract, *, actor: User, **values: Any) -> None:
    """Change a draft, or what is being amended; what was read before has to be read again (P:CON-04).

    Raises Conflict for a locked version: of it the note alone is changed (R2).
    """
    plan = values.pop("plan", None)
    changed = {name for name, value in values.items() if value != getattr(contract, name)} - set(ALWAYS)
    if (changed or plan is not None) and contract.state not in OPEN:
        raise Conflict(
            "contract.locked",
            _("This version is locked. Have it returned, or amend the signed contract."),
            field=next(iter(changed), "plan"),
        )
    if contract.is_signed and "partner_id" in changed:
        raise Conflict("contract.partner", _("The buyer of a signed contract stays."), field="partner_id")
    is_rest = _is_rest(contract, plan)
    for name, value in values.items():
        setattr(contract, name, value)
    if changed & {"doc_date", *_LATER}:
        _check_days(contract)
    if changed & {"template_id"}:
        _template_of(contract, actor=actor)
    if changed or plan is not None:
        contract.read_confirmed_at = contract.read_confirmed_by_id = None
        _check_amount(contract)
    if is_rest and changed & {"delivery_date", "doc_date"} and "amount" not in changed:
        plan = [{**row, "id": contract.plan[0].id} for row in _rest(contract)]
    session.flush()
    if plan is not None:
        set_plan(contract, plan)


def check_contract_file(contract: Contract, attachment: Attachment, *, is_new: bool) -> None:
    """Keep the files of locked versions: neither the Word file nor the signed scan is deleted (R2)."""
    if not is_new and makes_edition(attachment):
        raise Conflict("contract.file", _("This file belongs to a locked version and stays."))


def check_plan(contract: Contract) -> None:
    """Raise ValidationError unless the payment plan adds up to the amount (R4)."""
    total = sum((one.amount for one in contract.plan), contract.claimed)
    if total != contract.amount:
        raise ValidationError(
            "contract.plan",
            _("The payment plan adds up to %(total)s, the contract to %(limit)s."),
            field="plan",
            total=f"{total:,.2f}",
            limit=f"{contract.amount:,.2f}",
        )


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _template_of(contract: Contract, *, actor: User) -> Template:
    template = find_template(contract.template_id)
    if template is None:
        raise ValidationError("contract.no_template", _("There is no such template."), field="template_id")
    contract.template = template
    refusal = is_template_in_force(contract, actor=actor, today=contract.doc_date)
    if refusal is not None:
        raise Conflict(refusal.code, refusal.message, field="template_id", **refusal.data)
    return template


def _check_days(contract: Contract) -> None:
    """Raise ValidationError for a delivery or an end before the day of the contract (R4)."""
    for name in _LATER:
        day = getattr(contract, name)
        if day is not None and day < contract.doc_date:
            raise ValidationError(
                "contract.too_early",
                _("Not before the day of the contract, %(limit)s."),
                field=name,
                limit=contract.doc_date,
            )


def _check_amount(contract: Contract) -> None:
    """Reckon the amount from quantity and price where both are known; an amount typed besides must be the same."""
    amount: Decimal | None = contract.amount  # A caller may have left it out.
    if (contract.quantity is None) is not (contract.unit_price is None):
        missing = "unit_price" if contract.unit_price is None else "quantity"
        raise ValidationError(
            "contract.price", _("Quantity and unit price are given together, or neither."), field=missing
        )
    if contract.quantity is not None and contract.unit_price is not None:
        if contract.quantity <= 0 or contract.unit_price < 0:
            name = "quantity" if contract.quantity <= 0 else "unit_price"
            raise ValidationError(
                "contract.above_zero",
                _("“%(label)s” must be above %(limit)s."),
                field=name,
                label=_(humanize(name)),
                limit=0,
            )
        total = (contract.quantity * contract.unit_price).quantize(FEN, ROUND_HALF_UP)
        parse_decimal(total, field="quantity", places=2)
        amount = contract.amount = total if amount is None else amount
        if amount != total:
            raise ValidationError(
                "contract.total",
                _("Quantity times unit price is %(limit)s, not %(amount)s."),
                field="amount",
                limit=f"{total:,.2f}",
                amount=f"{amount:,.2f}",
            )
    if amount is None or amount <= 0:
        raise ValidationError("contract.amount", _("The amount must be above %(limit)s."), field="amount", limit="0.00")


def _rest(contract: Contract) -> list[dict[str, Any]]:
    """Return the plan of whoever gives none: the rest on the day of delivery, else on that of the contract."""
    due, rest = contract.delivery_date or contract.doc_date, contract.amount - contract.claimed
    return [{"kind": ReceivableKind.BALANCE, "amount": rest, "due_on": due, "note": None}] if rest else []


def _is_rest(contract: Contract, rows: Sequence[dict[str, Any]] | None) -> bool:
    """Tell whether nobody has planned anything else than the rest on the day of delivery: it moves with that day."""
    present = [(one.kind, one.amount, one.due_on) for one in contract.plan]
    given = present if rows is None else [(one.get("kind"), one.get("amount"), one.get("due_on")) for one in rows]
    rest = [(one["kind"], one["amount"], one["due_on"]) for one in _rest(contract)]
    return bool(rest) and present == given == rest


def set_plan(contract: Contract, rows: Sequence[dict[str, Any]]) -> None:
    """Write the plan, which adds up to the amount; a part that has a receivable keeps it as long as its line stays."""
    for number, row in enumerate(rows, start=1):
        if row.get("amount") is None or row["amount"] <= 0:
            raise ValidationError(
                "contract.plan_amount",
                _("Line %(number)s of the plan: the amount must be above %(limit)s."),
                field="plan",
                number=number,
                limit="0.00",
            )
    set_lines(contract, "plan", rows)
    check_plan(contract)
