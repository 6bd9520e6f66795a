"""Supplements: what was agreed on besides a signed contract (S:CON-04)."""

import datetime as dt
from typing import Any

from addons.contracts.choices import SupplementState
from addons.contracts.masterdata import SUPPLEMENT_NUMBERS
from addons.contracts.models import Contract, Supplement
from addons.contracts.queries import find_visible, local_day, present_day
from addons.contracts.services.performing import ENDED
from addons.contracts.workflow import CONTRACT_WORKFLOW, SUPPLEMENT_WORKFLOW
from app.sdk.database import session
from app.sdk.documents import LinkKind, link_documents, ref_of
from app.sdk.errors import Conflict, NotFound, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import draw_number, required_text
from app.sdk.models import User

LONGEST = 4_000


def create_supplement(*, actor: User, contract_id: int, subject: str, text: str) -> Supplement:
    """Draft a supplement. Raises Conflict for a contract that is not signed, or has ended (R2)."""
    contract = find_visible(Contract, contract_id, actor=actor)
    if contract is None:
        raise NotFound("contract.missing", _("There is no such contract."), field="contract_id")
    if not contract.is_signed or contract.state in ENDED:
        raise Conflict(
            "supplement.contract", _("A supplement adds to a signed contract that has not ended."), field="contract_id"
        )
    supplement = Supplement(
        contract_id=contract.id,
        partner_id=contract.partner_id,
        subject=required_text(subject, field="subject", maximum=200),
        text=required_text(text, field="text", maximum=LONGEST),
        doc_date=present_day(),
        state=SupplementState.DRAFT,
        owner_id=contract.owner_id,
        org_unit_id=contract.org_unit_id,
        legal_entity_id=contract.legal_entity_id,
        created_by_id=actor.id,
    )
    session.add(supplement)
    session.flush()
    return supplement


def update_supplement(supplement: Supplement, *, actor: User, **values: Any) -> None:
    """Change a draft. Raises Conflict afterwards (R2)."""
    if supplement.state is not SupplementState.DRAFT:
        raise Conflict("supplement.fixed", _("Only a draft is changed."))
    for name, value in values.items():
        setattr(supplement, name, value)
    supplement.subject = required_text(supplement.subject, field="subject", maximum=200)
    supplement.text = required_text(supplement.text, field="text", maximum=LONGEST)
    session.flush()


@SUPPLEMENT_WORKFLOW.transition("sign")
def sign_supplement(supplement: Supplement, *, actor: User, signed_on: dt.date, now: dt.datetime) -> None:
    """Enter its signing: it gets its number and is linked to its contract. Raises ValidationError for a day (R4)."""
    contract, today = supplement.contract, local_day(now)
    earliest = contract.signed_on or today
    if not earliest <= signed_on <= today:
        raise ValidationError(
            "supplement.signed_on",
            _("The day of signing lies between %(first)s and %(limit)s."),
            field="signed_on",
            first=earliest,
            limit=today,
        )
    supplement.signed_on = signed_on
    supplement.posted_at, supplement.period = now, f"{signed_on:%Y-%m}"
    link_documents(
        ref_of(supplement, SUPPLEMENT_WORKFLOW.resource),
        ref_of(contract, CONTRACT_WORKFLOW.resource),
        kind=LinkKind.AMENDS,
    )
    supplement.number = draw_number(SUPPLEMENT_NUMBERS, legal_entity_id=supplement.legal_entity_id, on=signed_on)


@SUPPLEMENT_WORKFLOW.transition("cancel")
def cancel_supplement(supplement: Supplement, *, actor: User, reason: str) -> None:
    """Give up a draft."""
