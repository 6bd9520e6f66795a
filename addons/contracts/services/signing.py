"""Entering the signing: scan and copies, the number, the receivables of the plan, the duties of both sides."""

import datetime as dt
from typing import Any

from addons.contracts.choices import IncidentKind, ObligationState, Side, SignMode
from addons.contracts.events import ContractSigned
from addons.contracts.masterdata import CONTRACT_NUMBERS
from addons.contracts.models import Contract, Edition, Installment, Obligation
from addons.contracts.parameters import ENTRY_DAYS, MIN_COPIES
from addons.contracts.queries import last_edition, local_day, obligations_of
from addons.contracts.services.credits import credit_owner
from addons.contracts.services.drafting import check_plan
from addons.contracts.services.incidents import note_incident
from addons.contracts.services.performing import call_off_obligation, resume_contract
from addons.contracts.workflow import CONTRACT_WORKFLOW
from addons.payments.api import (
    Claim,
    Receivable,
    ReceivableState,
    find_receivables_of,
    open_receivable,
    rebase_deposits,
    withdraw_receivable,
)
from app.sdk.database import session
from app.sdk.documents import Attachment, DocumentRef, list_attachments, ref_of
from app.sdk.errors import Conflict, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import draw_number
from app.sdk.models import User
from app.sdk.organisation import legal_entity_of

SCANS = ("pdf", "jpg", "jpeg", "png")


@CONTRACT_WORKFLOW.transition("sign")
def sign_contract(
    contract: Contract,
    *,
    actor: User,
    signed_on: dt.date,
    sign_mode: SignMode,
    copies: int,
    sealed: bool,
    now: dt.datetime,
) -> None:
    """Enter that both sides have signed and sealed, and that each holds a copy (S:CON-03).

    Raises ValidationError for a day before the approval or in the future, too few copies, or without a scan (R1, R4).
    """
    today = local_day(now)
    edition = last_edition(contract)
    if edition is None:
        raise Conflict("contract.no_version", _("No version of it was submitted."))
    _check_day(contract, signed_on, today)
    _check_copies(copies, sealed=sealed, on=signed_on)
    edition.scan_id, edition.signed_on = _scan_of(contract, edition).id, signed_on
    is_first = not contract.is_signed
    contract.sign_mode, contract.copies = sign_mode, copies
    if contract.checked_on is None:
        contract.checked_on = today
    _note_late_entry(contract, signed_on, today=today, now=now)
    check_plan(contract)
    if is_first:
        contract.signed_on, contract.entered_on = signed_on, today
        entity = legal_entity_of(contract.org_unit_id)
        contract.legal_entity_id = entity.id if entity else None
        contract.posted_at, contract.period = now, f"{signed_on:%Y-%m}"
    ref = ref_of(contract, CONTRACT_WORKFLOW.resource)
    _follow_plan(contract, ref, actor=actor, now=now)
    _follow_delivery(contract, actor=actor)
    credit_owner(contract, signed_on=signed_on, today=today)
    publish(
        ContractSigned(
            company_id=contract.company_id,
            contract_id=contract.id,
            revision=contract.revision,
            partner_id=contract.partner_id,
            amount_fen=int(contract.amount * 100),
        )
    )
    if is_first:
        contract.number = draw_number(CONTRACT_NUMBERS, legal_entity_id=contract.legal_entity_id, on=signed_on)
    session.flush()
    resume_contract(contract, actor=actor)


def _check_day(contract: Contract, signed_on: dt.date, today: dt.date) -> None:
    if signed_on > today:
        raise ValidationError(
            "contract.signed_later", _("The day of signing cannot be after %(limit)s."), field="signed_on", limit=today
        )
    if contract.approved_on is not None and signed_on < contract.approved_on:
        raise ValidationError(
            "contract.signed_before",
            _("It was approved on %(limit)s and cannot have been signed before."),
            field="signed_on",
            limit=contract.approved_on,
        )


def _check_copies(copies: int, *, sealed: bool, on: dt.date) -> None:
    least = MIN_COPIES.value(on)
    if copies < least:
        raise ValidationError(
            "contract.copies", _("At least %(limit)s signed copies are needed."), field="copies", limit=least
        )
    if copies > 99:
        raise ValidationError("contract.many_copies", _("At most %(limit)s copies."), field="copies", limit=99)
    if not sealed:
        raise ValidationError(
            "contract.sealed", _("Both sides must have sealed it, and each must hold a copy."), field="sealed"
        )


def _scan_of(contract: Contract, edition: Edition) -> Attachment:
    """Return the newest picture or PDF that was attached after the version was made."""
    scans = [
        one
        for one in list_attachments(CONTRACT_WORKFLOW.resource, contract.id)
        if one.extension in SCANS and one.added_at >= edition.made_at
    ]
    if not scans:
        raise ValidationError(
            "contract.scan",
            _("Attach the scan of the signed contract first (%(types)s)."),
            field="scan",
            types=", ".join(SCANS),
        )
    return scans[-1]


def _note_late_entry(contract: Contract, signed_on: dt.date, *, today: dt.date, now: dt.datetime) -> None:
    """Flag what was entered too late after it was signed (S:CON-07)."""
    late = (today - signed_on).days
    limit = ENTRY_DAYS.value(signed_on)
    if late > limit:
        contract.is_entered_late = True
        text = str(_("Signed on %(signed)s and entered on %(entered)s: %(days)s days, allowed are %(limit)s."))
        note_incident(
            contract,
            kind=IncidentKind.LATE_ENTRY,
            text=text % {"signed": signed_on, "entered": today, "days": late, "limit": limit},
            now=now,
        )


def _follow_plan(contract: Contract, ref: DocumentRef, *, actor: User, now: dt.datetime) -> None:
    """Open a receivable for each part of the plan; after an amendment those that changed are opened anew.

    What was paid as a deposit is split by the amended amount, that of the reservation before it too (P section 5.7).

    Raises Conflict where money was paid for a part that the amendment changes or leaves out (R2).
    """
    known = {one.id: one for one in find_receivables_of(ref) if one.state is not ReceivableState.CANCELLED}
    kept = {row.receivable_id for row in contract.plan if _is_same(row, known.get(row.receivable_id or 0))}
    for key, receivable in known.items():
        if key not in kept:
            _refuse_paid(receivable)
            _drop_duty(contract, key, actor=actor)
            withdraw_receivable(receivable, actor=actor, now=now)
    for row in contract.plan:
        if row.receivable_id not in kept:
            _open(contract, row, ref, actor=actor, now=now)
    for source in (ref, contract.source):
        if source is not None:
            rebase_deposits(source, contract.amount)


def _is_same(row: Installment, receivable: Receivable | None) -> bool:
    if receivable is None:
        return False
    return (row.kind, row.amount, row.due_on) == (receivable.kind, receivable.amount, receivable.due_on)


def _refuse_paid(receivable: Receivable) -> None:
    if receivable.settled:
        raise Conflict(
            "contract.paid_part",
            _("%(amount)s was paid for %(number)s: its part of the plan stays as it is."),
            field="plan",
            amount=f"{receivable.settled:,.2f}",
            number=str(receivable),
        )


def _open(contract: Contract, row: Installment, ref: DocumentRef, *, actor: User, now: dt.datetime) -> None:
    claim = Claim(
        source=ref,
        partner_id=contract.partner_id,
        kind=row.kind,
        amount=row.amount,
        due_on=row.due_on,
        base_amount=contract.amount,
        owner_id=contract.owner_id,
        org_unit_id=contract.org_unit_id,
    )
    row.receivable_id = open_receivable(claim, actor=actor, now=now).id
    words = str(_("Payment: %(kind)s %(amount)s"))
    title = words % {"kind": row.note or _(humanize(row.kind.value)), "amount": f"{row.amount:,.2f}"}
    _add_duty(contract, title, Side.BUYER, row.due_on, receivable_id=row.receivable_id)


def _follow_delivery(contract: Contract, *, actor: User) -> None:
    """Make delivery a duty of the seller, once; an amendment moves its day, renames it, or takes it away."""
    title = str(_("Delivery: %(subject)s")) % {"subject": contract.subject}
    present = next((one for one in obligations_of(contract) if one.is_delivery), None)
    if present is None:
        if contract.delivery_date is not None:
            _add_duty(contract, title, Side.SELLER, contract.delivery_date, is_delivery=True)
    elif present.state is ObligationState.OPEN:
        if contract.delivery_date is None:
            call_off_obligation(present, actor=actor)
        else:
            present.title, present.due_on = title[:200], contract.delivery_date


def _add_duty(contract: Contract, title: str, side: Side, due_on: dt.date, **kind: Any) -> None:
    session.add(
        Obligation(
            contract_id=contract.id,
            title=title[:200],
            side=side,
            due_on=due_on,
            state=ObligationState.OPEN,
            owner_id=contract.owner_id,
            org_unit_id=contract.org_unit_id,
            **kind,
        )
    )
    session.flush()


def _drop_duty(contract: Contract, receivable_id: int, *, actor: User) -> None:
    for duty in obligations_of(contract, state=ObligationState.OPEN):
        if duty.receivable_id == receivable_id:
            call_off_obligation(duty, actor=actor)
