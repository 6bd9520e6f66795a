"""The people to talk to at a customer's (S:REC-11)."""

from dataclasses import replace
from typing import Any

from addons.reception.models import Contact, Customer
from addons.reception.queries import is_visible
from app.sdk.database import select, session
from app.sdk.errors import Conflict, NotFound
from app.sdk.i18n import _
from app.sdk.masterdata import (
    Identity,
    Partner,
    PartnerDetails,
    PartnerKind,
    PointKind,
    RelationKind,
    clean_text,
    create_partner,
    details_of,
    list_duplicates,
    optional_text,
    relate,
    set_point,
    update_partner,
)
from app.sdk.models import User


def create_contact(
    *,
    actor: User,
    customer_id: int,
    name: str | None,
    phone: str | None = None,
    title: str | None = None,
    is_decision_maker: bool = False,
    note: str | None = None,
) -> Contact:
    """Add a person; one who is on file by the same phone number is linked. A nameless one is refused.

    Raises Conflict for somebody who is a contact of this customer already.
    """
    customer = session.get(Customer, customer_id)
    if customer is None or not is_visible(customer, actor=actor):
        raise NotFound("contact.customer", _("There is no such customer."), field="customer_id")
    details = PartnerDetails(name=name or "", phone=phone).normalised()
    person = _known(details) or create_partner(details, actor=actor, owner=customer.owner)
    if person.id == customer.partner_id:
        raise Conflict("contact.self", _("This is the customer, not a contact."), field="phone")
    relation = relate(
        person,
        other=customer.partner,
        kind=RelationKind.CONTACT_OF,
        title=clean_text(title) or "",
        is_decision_maker=bool(is_decision_maker),
    )
    if session.scalar(select(Contact.id).where(Contact.relation_id == relation.id)) is not None:
        raise Conflict("contact.twice", _("%(name)s is a contact already."), field="phone", name=person.name)
    contact = Contact(
        customer_id=customer.id,
        relation_id=relation.id,
        note=optional_text(note, field="note", maximum=400),
        owner_id=customer.owner_id,
        org_unit_id=customer.org_unit_id,
    )
    session.add(contact)
    session.flush()
    return contact


def update_contact(contact: Contact, *, actor: User, **values: Any) -> None:
    """Change a contact; only what is given changes."""
    person = contact.relation.partner
    if "name" in values and values["name"] != person.name:
        update_partner(person, replace(details_of(person), name=values["name"] or ""))
    if clean_text(values.get("phone")) and values["phone"] != contact.phone:
        set_point(person, kind=PointKind.PHONE, value=values["phone"], is_primary=True)
    title, decides = values.get("title", contact.title), values.get("is_decision_maker", contact.is_decision_maker)
    relate(
        person,
        other=contact.customer.partner,
        kind=RelationKind.CONTACT_OF,
        title=clean_text(title) or "",
        is_decision_maker=bool(decides),
    )
    if "note" in values:
        contact.note = optional_text(values["note"], field="note", maximum=400)
    session.flush()


def delete_contact(contact: Contact, *, actor: User) -> None:
    """Take a person off the list; the person stays on file."""
    relation = contact.relation
    session.delete(contact)
    session.flush()
    session.delete(relation)
    session.flush()


def _known(details: PartnerDetails) -> Partner | None:
    identity = Identity(kind=PartnerKind.PERSON, name=details.name, phone=details.phone)
    return next((one.partner for one in list_duplicates(identity) if one.key.value == "phone"), None)
