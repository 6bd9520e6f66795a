"""Opening and changing the files of prospects and customers."""

import datetime as dt
from dataclasses import replace
from typing import Any

from addons.reception.choices import CustomerStage, Lifecycle
from addons.reception.events import CustomerFileOpened, ProspectOpened
from addons.reception.masterdata import CUSTOMER_NUMBERS
from addons.reception.models import Customer
from addons.reception.parameters import REQUIRED
from addons.reception.queries import find_customer_of, find_partners, local_day, protected_until, unit_id_of
from addons.reception.services.audits import open_audit
from addons.reception.services.custody import refuse_other_hands
from addons.reception.services.facts import DETAILS, FILE, CustomerFacts
from addons.reception.services.files import open_customer_file
from addons.reception.services.ownership import check_claim, set_owner, take_over
from addons.reception.services.privacy import set_consents
from app.sdk.database import select, session, utc_now
from app.sdk.errors import Conflict, Duplicate, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import (
    Address,
    Partner,
    PartnerDetails,
    PartnerRoleName,
    PointKind,
    add_role,
    clean_text,
    create_partner,
    details_of,
    draw_number,
    set_point,
    update_partner,
)
from app.sdk.models import Employee, User
from app.sdk.organisation import owner_and_unit


def create_customer(*, actor: User, now: dt.datetime | None = None, **values: Any) -> Customer:
    """Open the file of somebody new; `values` are those of CustomerFacts (S:REC-01, S:REC-02).

    Raises ValidationError for what is missing or malformed, and Duplicate, naming file and owner, for somebody who
    has a file already (P:CRM-21). With `take_over`, a file whose protection has ended changes hands instead.
    """
    moment = now or utc_now()
    facts = CustomerFacts(**values)
    day = facts.received_on or local_day(moment)
    require_facts(values, on=day)
    owner, unit_id = _in_charge(actor, facts.owner_id, day)
    details = facts.partner_details().normalised()
    partner, known = _recognise(details, owner, moment, may_take_over=facts.take_over)
    if known is not None and owner is not None:
        take_over(known, owner=owner, now=moment)
        return known
    # Drawn once nothing is left to refuse: whoever draws the next number waits until this transaction ends.
    code = draw_number(CUSTOMER_NUMBERS, legal_entity_id=None, on=day)
    if partner is None:
        partner = create_partner(details, actor=actor, owner=owner, unit_id=unit_id, number=code)
    else:
        partner.owner, partner.org_unit_id, partner.number = owner, unit_id, partner.number or code
    is_file = facts.intent is not None and facts.intent.is_purchase
    customer = Customer(
        stage=CustomerStage.CUSTOMER_FILE if is_file else CustomerStage.PROSPECT,
        file_opened_at=moment if is_file else None,
        partner=partner,
        partner_id=partner.id,
        code=code,
        received_on=day,
        last_contact_at=moment,
        opened_at=moment,
        reviewed_on=local_day(moment),
        lifecycle=Lifecycle.INTENDING if is_file else Lifecycle.POTENTIAL,
        owner=owner,
        org_unit_id=unit_id,
        **{name: getattr(facts, name) for name in FILE},
    )
    session.add(customer)
    if address := clean_text(facts.address):
        session.add(Address(partner_id=partner.id, detail=address))
    add_role(partner, role=PartnerRoleName.PROSPECT, since=day, stage=customer.stage.value)
    if given := {name: True for name in _CONSENTS if getattr(facts, name)}:
        set_consents(customer, given, now=moment)
    open_audit(customer, on=day)
    _announce(customer)
    return customer


def _announce(customer: Customer) -> None:
    company_id, customer_id, partner_id = customer.company_id, customer.id, customer.partner_id
    publish(ProspectOpened(company_id=company_id, customer_id=customer_id, partner_id=partner_id))
    if customer.stage is CustomerStage.CUSTOMER_FILE and customer.intent is not None:
        publish(
            CustomerFileOpened(
                company_id=company_id, customer_id=customer_id, partner_id=partner_id, intent=customer.intent.value
            )
        )


_CONSENTS = ("notice_given", "marketing_consent", "sensitive_consent", "opt_out")


def update_customer(customer: Customer, *, actor: User, now: dt.datetime | None = None, **values: Any) -> None:
    """Change a file; only what is given changes. Raises as `create_customer` does."""
    refuse_other_hands(customer, actor=actor)
    moment = now or utc_now()
    require_facts(values, on=customer.received_on, only_given=True)
    _update_partner(customer, values)
    if "address" in values and values["address"] != customer.address:
        _set_address(customer.partner, values["address"])
        session.expire(customer, ["addresses"])
    _check_lifecycle(customer, values)
    for name in (*FILE, "lifecycle"):
        if name in values:
            setattr(customer, name, values[name])
    customer.reviewed_on = local_day(moment)
    if values.get("received_on") is not None:
        customer.received_on = values["received_on"]
    if "owner_id" in values and values["owner_id"] != customer.owner_id:
        _change_owner(customer, values["owner_id"], moment)
    set_consents(customer, {name: values[name] for name in _CONSENTS if name in values}, now=moment)
    # The version that a form carries covers the partner's part too, so it must grow even if only that changed.
    customer.updated_at = moment
    session.flush()
    session.expire(customer, ["points", "partner"])
    if customer.intent is not None and customer.intent.is_purchase:
        open_customer_file(customer, intent=customer.intent, now=moment)


def _check_lifecycle(customer: Customer, values: dict[str, Any]) -> None:
    """Refuse to make a customer signed by hand, or to take it back: contracts do that (S:REC-06)."""
    wanted = values.get("lifecycle") or customer.lifecycle
    if wanted is not customer.lifecycle and Lifecycle.SIGNED in (wanted, customer.lifecycle):
        raise Conflict(
            "customer.signed",
            _("The first signed contract makes a customer a signed one; nobody sets or takes that back by hand."),
            field="lifecycle",
        )
    values["lifecycle"] = wanted


def require_facts(values: dict[str, Any], *, on: dt.date, only_given: bool = False) -> None:
    """Refuse a file that lacks what the company requires (S:REC-01), or its source (S:REC-05)."""
    for name in dict.fromkeys([*REQUIRED.value(on), "source_id"]):
        if only_given and name not in values:
            continue
        value = values.get(name)
        if value is None or (isinstance(value, str) and clean_text(value) is None):
            raise ValidationError("customer.required", _("%(label)s is required."), field=name, label=_(humanize(name)))


def _in_charge(actor: User, owner_id: int | None, on: dt.date) -> tuple[Employee | None, int | None]:
    """Return who looks after the customer, the actor unless somebody is named, and his unit of that day."""
    if owner_id is None:
        return owner_and_unit(actor, on=on)
    owner = session.get(Employee, owner_id)
    return owner, unit_id_of(owner.id, on=on) if owner is not None else None


def _recognise(
    details: PartnerDetails, owner: Employee | None, now: dt.datetime, *, may_take_over: bool
) -> tuple[Partner | None, Customer | None]:
    """Return the partner on file who is meant, and the file that may be taken over; refuse any other file."""
    found = find_partners(details.identity())
    for field, partner in found:
        customer = find_customer_of(partner.id)
        if customer is not None:
            _refuse_known(customer, field, owner, now, may_take_over=may_take_over)
            return partner, customer
    if len({partner.id for _field, partner in found}) > 1:
        names = ", ".join(partner.name for _field, partner in found)
        raise Duplicate(
            "customer.several",
            _("These numbers belong to several partners: %(match)s."),
            match=names,
            field=found[-1][0],
        )
    return (found[0][1] if found else None), None


def _refuse_known(
    customer: Customer, field: str, owner: Employee | None, now: dt.datetime, *, may_take_over: bool
) -> None:
    if customer.owner is not None and (owner is None or owner.id != customer.owner.id):
        check_claim(customer, claimant=owner, field=field, now=now)
        if not may_take_over:
            ended = protected_until(customer, on=local_day(now))
            raise Duplicate(
                "customer.known",
                _("%(match)s is on file with %(owner)s. The protection ended on %(limit)s: tick “Take over”."),
                match=str(customer),
                field=field,
                owner=customer.owner.name,
                limit=ended,
            )
    elif customer.owner is not None or not may_take_over:
        raise Duplicate(
            "customer.own",
            _("%(match)s is on file already."),
            match=str(customer),
            field=field,
            owner=customer.owner.name if customer.owner else "-",
        )


def _update_partner(customer: Customer, values: dict[str, Any]) -> None:
    given = {name: values[name] for name in DETAILS if name in values}
    if not given:
        return
    before = details_of(customer.partner)
    wanted = replace(before, **{**given, "name": given.get("name", before.name) or ""}).normalised()
    if wanted == before:
        return
    _refuse_other_file(customer, wanted)
    update_partner(customer.partner, wanted)
    for kind in (PointKind.PHONE, PointKind.MAIL, PointKind.WECHAT):
        value = getattr(wanted, kind.value)
        if value and value != getattr(before, kind.value):
            set_point(customer.partner, kind=kind, value=value, is_primary=True)


def _refuse_other_file(customer: Customer, wanted: PartnerDetails) -> None:
    for field, partner in find_partners(wanted.identity()):
        if partner.id != customer.partner_id:
            other = find_customer_of(partner.id)
            owner = partner.owner.name if partner.owner is not None else "-"
            raise Duplicate(
                "customer.other",
                _("%(match)s is on file already. In charge: %(owner)s."),
                match=str(other or partner),
                field=field,
                owner=owner,
            )


def _set_address(partner: Partner, detail: str | None) -> None:
    present = session.scalar(select(Address).where(Address.partner_id == partner.id).order_by(Address.id).limit(1))
    cleaned = clean_text(detail)
    if present is not None and cleaned:
        present.detail = cleaned
    elif present is not None:
        session.delete(present)
    elif cleaned:
        session.add(Address(partner_id=partner.id, detail=cleaned))


def _change_owner(customer: Customer, owner_id: int | None, now: dt.datetime) -> None:
    owner = session.get(Employee, owner_id) if owner_id is not None else None
    if owner is None:
        raise Conflict("customer.owner", _("Choose who answers for the customer."), field="owner_id")
    set_owner(customer, owner, on=local_day(now))
