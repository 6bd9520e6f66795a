"""Business cards: read, checked by somebody, and made a customer's file (S:REC-03, S:REC-04)."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from addons.reception.choices import CardState, CreateMode
from addons.reception.models import CardScan
from addons.reception.services.card_reader import LONGEST_CARD, read_card
from addons.reception.services.contacts import create_contact
from addons.reception.services.customers import create_customer
from addons.reception.workflow import CARD_WORKFLOW
from app.sdk.database import session
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import PartnerKind, clean_text, parse_phone
from app.sdk.models import User
from app.sdk.organisation import employee_of


def create_card(*, actor: User, text: str | None = None, source_id: int | None = None) -> CardScan:
    """Read a card from its text; what could not be read stays blank until somebody types it."""
    typed = clean_text(text)
    if typed is None:
        raise ValidationError("input.required", _("This field is required."), field="text")
    if len(typed) > LONGEST_CARD:
        raise ValidationError(
            "input.text_length", _("At most %(limit)s characters are allowed."), field="text", limit=LONGEST_CARD
        )
    employee = employee_of(actor.id)
    card = CardScan(
        text=typed,
        source_id=source_id,
        owner_id=employee.id if employee is not None else None,
        **asdict(read_card(typed)),
    )
    session.add(card)
    session.flush()
    return card


def update_card(card: CardScan, *, actor: User, **values: Any) -> None:
    """Correct what was read; only what is given changes."""
    if card.state is not CardState.DRAFT:
        raise Conflict("card.finished", _("This card was dealt with already."))
    if values.get("phone"):
        values["phone"] = parse_phone(values["phone"], field="phone")
    for name, value in values.items():
        setattr(card, name, value)
    session.flush()


@CARD_WORKFLOW.transition("file")
def file_card(card: CardScan, *, actor: User, now: dt.datetime) -> None:
    """Open the customer's file from a card that somebody has checked.

    A card with a company makes the company the customer and the person its contact. Raises as `create_customer` does.
    """
    customer = create_customer(
        actor=actor,
        now=now,
        name=card.company_name or card.name,
        kind=PartnerKind.ORGANISATION if card.company_name else PartnerKind.PERSON,
        phone=card.phone,
        mail=card.mail,
        wechat=card.wechat,
        address=card.address,
        source_id=card.source_id,
        owner_id=card.owner_id,
        create_mode=CreateMode.CARD_SCAN,
    )
    if card.company_name and card.name:
        create_contact(actor=actor, customer_id=customer.id, name=card.name, title=card.title)
    card.customer = customer


@CARD_WORKFLOW.transition("discard")
def discard_card(card: CardScan, *, actor: User) -> None:
    """Put a card away that leads to nothing."""
