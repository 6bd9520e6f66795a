"""After the signing: duties, breaches, amendments, the end and the archive."""

import datetime as dt
from decimal import Decimal

import pytest
from flask_babel import force_locale

from addons.contracts import services
from addons.contracts.choices import ContractState, DepositDecision, IncidentKind, ObligationState, Side
from addons.contracts.models import Edition, Incident, Supplement
from addons.contracts.queries import (
    list_credits,
    list_duties_due,
    list_expiring,
    list_obligations,
    list_to_check,
    obligations_of,
)
from addons.payments import services as payments
from addons.payments.choices import ReceivableKind, ReceivableState
from addons.payments.models import Receivable
from app.documents.references import list_links, ref_of
from tests.addons.contracts.office import DAY, at
from tests.addons.contracts.papers import word
from tests.addons.contracts.test_signing import PLAN

LATER = dt.date(2026, 4, 3)


@pytest.mark.rule("P:CON-08")
def test_no_duty_is_due_before_the_day_of_its_contract(office, refused):
    contract, sam, before = office.signed(), office.user("sam"), DAY - dt.timedelta(1)
    error = refused(services.create_obligation, actor=sam, contract_id=contract.id, title="Mortgage", due_on=before)
    assert (error.code, error.field, error.data) == ("obligation.too_early", "due_on", {"limit": DAY})
    duty = services.create_obligation(actor=sam, contract_id=contract.id, title="Mortgage", due_on=DAY)
    assert refused(services.update_obligation, duty, actor=sam, due_on=before).field == "due_on"


@pytest.mark.rule("P:CON-08")
def test_a_duty_is_done_with_evidence_and_four_of_five_are_80_per_cent(office, refused):
    contract, sam = office.signed(), office.user("sam")
    for number in range(3):
        services.create_obligation(actor=sam, contract_id=contract.id, title=f"Step {number}", due_on=DAY)
    steps = [one for one in list_obligations(contract.id) if one.receivable_id is None]
    assert refused(services.perform_obligation, steps[0], actor=sam, evidence=" ", now=at()).field == "evidence"
    error = refused(services.perform_obligation, steps[0], actor=sam, evidence="x", done_on=LATER, now=at())
    assert error.field == "done_on"
    payment = next(one for one in list_obligations(contract.id) if one.receivable_id)
    assert refused(services.perform_obligation, payment, actor=sam, evidence="x", now=at()).code == "obligation.payment"
    for one in steps:
        services.perform_obligation(one, actor=sam, evidence="Protocol 7", now=at())
    assert contract.state is ContractState.PERFORMING
    done = [one for one in list_obligations(contract.id) if one.state is ObligationState.DONE]
    assert (len(done), len(list_obligations(contract.id))) == (4, 5)


@pytest.mark.rule("S:CON-06", "P:CON-08")
def test_a_payment_missed_is_a_breach_the_day_after_and_told_once(office):
    contract = office.signed(plan=PLAN)
    assert services.watch_contracts(at(DAY)) == {"missed": 0, "expired": 0}
    assert [str(one.due_on) for one in list_duties_due(actor=office.user("sam"), today=DAY)] == ["2026-03-02"]
    next_day = at(DAY + dt.timedelta(1))
    assert services.watch_contracts(next_day)["missed"] == 1
    assert (contract.state, contract.breach_side, contract.breached_on) == (
        ContractState.BREACH,
        Side.BUYER,
        DAY + dt.timedelta(1),
    )
    assert services.watch_contracts(next_day)["missed"] == 0
    told = {one.user_id for one in _notices(office) if one.kind == "contracts.breach"}
    assert told == {office.world.users[name] for name in ("sam", "fin", "mia")}
    services.cure_breach(contract, actor=office.user("mia"), reason="Paid by mistake elsewhere")
    assert (contract.state, contract.breach_side) == (ContractState.PERFORMING, None)


def _notices(office):
    from app.notices.models import Notice

    return office.session.query(Notice).all()


@pytest.mark.rule("S:CON-06", "P:CON-08")
def test_an_instalment_whose_receipt_bounced_is_a_duty_again_and_then_a_breach(office):
    contract = office.signed(plan=PLAN)
    first = contract.plan[0]
    receipt = office.pay(first.receivable_id, first.amount)
    (duty,) = (one for one in obligations_of(contract) if one.receivable_id == first.receivable_id)
    assert (duty.state, contract.state) == (ObligationState.DONE, ContractState.PERFORMING)

    payments.void_receipt(receipt, actor=office.user("abe"), reason="Bounced", now=at(clock="14:00"))

    assert (duty.state, duty.done_on, duty.evidence) == (ObligationState.OPEN, None, None)
    assert services.watch_contracts(at(DAY + dt.timedelta(1)))["missed"] == 1
    assert contract.state is ContractState.BREACH


@pytest.mark.rule("P:CON-08")
def test_an_instalment_whose_money_is_moved_elsewhere_is_a_duty_again(office):
    contract = office.signed(plan=PLAN)
    first, second = contract.plan[:2]
    receipt = office.pay(first.receivable_id, first.amount)
    source, target = (office.session.get_one(Receivable, one.receivable_id) for one in (first, second))

    payments.transfer_money(
        receipt,
        actor=office.user("abe"),
        source=source,
        target=target,
        amount=first.amount,
        reason="Meant for it",
        now=at(clock="14:00"),
    )

    (duty,) = (one for one in obligations_of(contract) if one.receivable_id == first.receivable_id)
    assert (duty.state, source.open_amount) == (ObligationState.OPEN, first.amount)


@pytest.mark.rule("P:CON-09")
def test_an_incident_goes_to_the_manager_and_is_closed_with_its_solution(office, refused):
    contract = office.signed()
    report = {"actor": office.user("sam"), "contract_id": contract.id, "now": at(DAY, "09:00")}
    assert refused(services.report_incident, what_happened=" ", **report).field == "what_happened"
    incident = services.report_incident(what_happened="The flat is flooded", **report)
    assert incident.due_at == at(DAY + dt.timedelta(1), "09:00")
    assert [one.user_id for one in _notices(office) if one.kind == "contracts.breach"] == [office.world.users["mia"]]
    mia = office.user("mia")
    assert refused(services.close_incident, incident, actor=mia, solution="", now=at()).field == "solution"
    services.close_incident(incident, actor=mia, solution="Dried and painted", now=at())
    assert incident.solution == "Dried and painted"


@pytest.mark.rule("S:CON-05")
def test_a_contract_that_ends_is_announced_30_days_before_and_then_expires(office):
    contract = office.signed(ends_on=dt.date(2026, 12, 31))
    for one in obligations_of(contract):
        services.call_off_obligation(one, actor=office.user("sam"))
    sam = office.user("sam")
    assert list_expiring(actor=sam, today=dt.date(2026, 11, 30)) == []
    assert list_expiring(actor=sam, today=dt.date(2026, 12, 1)) == [contract]
    assert services.watch_contracts(at(dt.date(2026, 12, 31)))["expired"] == 0
    assert services.watch_contracts(at(dt.date(2027, 1, 1)))["expired"] == 1
    assert (contract.state, contract.ended_on) == (ContractState.EXPIRED, dt.date(2027, 1, 1))


@pytest.mark.rule("S:CON-06")
def test_its_execution_is_gone_through_every_week(office):
    contract, sam = office.signed(), office.user("sam")
    assert list_to_check(actor=sam, today=DAY + dt.timedelta(6)) == []
    assert list_to_check(actor=sam, today=DAY + dt.timedelta(7)) == [contract]
    services.check_contract(contract, actor=sam, remark="All well", today=DAY + dt.timedelta(7))
    assert list_to_check(actor=sam, today=DAY + dt.timedelta(8)) == []


@pytest.mark.rule("S:CON-04")
def test_supplements_are_kept_with_the_contract_and_late_archiving_is_an_incident(office, refused):
    contract, sam = office.signed(), office.user("sam")
    draft = office.draft(template_id=contract.template_id)
    values = {"actor": sam, "subject": "Garage", "text": "A garage comes along."}
    assert refused(services.create_supplement, contract_id=draft.id, **values).field == "contract_id"
    supplement = services.create_supplement(contract_id=contract.id, **values)
    early = {"actor": sam, "signed_on": DAY - dt.timedelta(1), "now": at()}
    assert refused(services.sign_supplement, supplement, **early).field == "signed_on"
    services.sign_supplement(supplement, actor=sam, signed_on=DAY, now=at())
    assert (supplement.number, supplement.partner_id) == ("BC2026-0001", contract.partner_id)
    links = list_links(ref_of(contract, "contracts.Contract"))
    assert [(one.kind.value, one.source.number) for one in links] == [("amends", "BC2026-0001")]
    assert office.session.query(Supplement).filter_by(partner_id=contract.partner_id).count() == 1

    assert refused(services.complete_contract, contract, actor=sam, now=at()).code == "contract.open_obligations"
    office.pay(contract.plan[0].receivable_id, 800_000)
    office.session.expire_all()
    delivery = next(one for one in list_obligations(contract.id) if one.state is ObligationState.OPEN)
    services.perform_obligation(delivery, actor=sam, evidence="Handed over", now=at())
    office.session.expire_all()
    services.complete_contract(contract, actor=sam, now=at())
    assert refused(services.archive_contract, contract, actor=office.user("olga"), place=" ", now=at()).field == "place"
    services.archive_contract(contract, actor=office.user("olga"), place="A-17", now=at(DAY + dt.timedelta(4)))
    assert (contract.state, contract.archive_place) == (ContractState.ARCHIVED, "A-17")
    assert office.session.query(Incident).one().kind is IncidentKind.LATE_ARCHIVE


@pytest.mark.rule("S:CON-02")
def test_an_amendment_is_reviewed_and_signed_anew_and_what_was_paid_stays(office, refused):
    contract, sam = office.signed(plan=PLAN), office.user("sam")
    office.pay(contract.plan[0].receivable_id, 20_000)
    office.session.expire_all()
    services.amend_contract(contract, actor=office.user("mia"), reason="Three per cent off")
    deposit, balance = contract.plan

    def rows(first, second):
        return [
            {"id": deposit.id, "kind": deposit.kind, "amount": Decimal(first), "due_on": deposit.due_on, "note": None},
            {"id": balance.id, "kind": balance.kind, "amount": Decimal(second), "due_on": balance.due_on, "note": None},
        ]

    services.update_contract(contract, actor=sam, amount=Decimal(776_000), plan=rows(10_000, 766_000))
    office.submit(contract)
    office.approve(contract)
    office.scan(contract)
    assert refused(office.sign, contract).code == "contract.paid_part"
    services.give_back_contract(contract, actor=office.user("leo"), reason="Keep the deposit", now=at())
    assert contract.state is ContractState.AMENDING
    services.update_contract(contract, actor=sam, plan=rows(20_000, 756_000))
    office.submit(contract)
    office.approve(contract)
    office.scan(contract)
    office.sign(contract)

    assert (contract.number, contract.revision, contract.state) == ("HT2026-0001", 3, ContractState.PERFORMING)
    found = office.session.query(Receivable).order_by(Receivable.id).all()
    assert [(int(one.amount), one.state) for one in found] == [
        (20_000, ReceivableState.SETTLED),
        (780_000, ReceivableState.CANCELLED),
        (756_000, ReceivableState.OPEN),
    ]
    assert found[0].base_amount == 776_000  # Its Ding is a part of what the contract comes to now.
    assert [one.signed_on for one in office.session.query(Edition).order_by(Edition.revision)] == [DAY, None, DAY]
    assert [one.amount for one in list_credits(contract.id)] == [776_000]


def amended(office, contract, *, to="amending"):
    """Return a signed contract whose amendment to 776,000 and another house went so far."""
    services.amend_contract(contract, actor=office.user("mia"), reason="Three per cent off")
    rows = [
        {
            "id": contract.plan[0].id,
            "kind": ReceivableKind.BALANCE,
            "amount": Decimal(776_000),
            "due_on": LATER,
            "note": None,
        }
    ]
    changed = {"amount": Decimal(776_000), "plan": rows, "subject": "Flat 302", "content": "Another flat"}
    changed |= {"quantity": None, "unit_price": None, "delivery_date": LATER}
    services.update_contract(contract, actor=office.user("sam"), **changed)
    if to != "amending":
        office.submit(contract)
    if to == "approved":
        office.approve(contract)
    return contract


@pytest.mark.rule("P:CON-06")
@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_a_signed_contract_is_not_cancelled_like_a_draft_while_it_is_amended(office, refused, state):
    contract = amended(office, office.signed(plan=PLAN), to=state)
    cancel = {"submitted": services.cancel_contract, "approved": services.cancel_approved_contract}[state]
    error = refused(cancel, contract, actor=office.user("mia"), reason="No more", now=at())
    assert (error.code, contract.state.value, contract.ended_on) == ("contract.signed", state, None)
    services.call_off_unsigned(contract, now=at())
    assert contract.state.value == state
    assert len(obligations_of(contract, state=ObligationState.OPEN)) == 3


@pytest.mark.rule("P:CON-06")
@pytest.mark.parametrize("paid", [0, 20_000])
@pytest.mark.parametrize("state", ["amending", "submitted", "approved"])
def test_an_amendment_that_is_given_up_leaves_what_was_signed(office, state, paid):
    contract = office.signed(plan=PLAN, quantity=Decimal(100), unit_price=Decimal(8_000))
    if paid:
        office.pay(contract.plan[0].receivable_id, paid)
        office.session.expire_all()

    def terms():
        office.session.expire_all()
        plan = [(one.kind, one.amount, one.due_on, one.note, one.receivable_id) for one in contract.plan]
        columns = ("subject", "content", "amount", "quantity", "unit_price", "delivery_date", "approved_on")
        return [getattr(contract, name) for name in columns], contract.read_confirmed_at, contract.revision, plan

    before, owed = terms(), office.facts()[-1]
    services.amend_contract(contract, actor=office.user("mia"), reason="Three per cent off")
    rows = [
        {
            "id": contract.plan[1].id,
            "kind": ReceivableKind.BALANCE,
            "amount": Decimal(776_000),
            "due_on": LATER,
            "note": None,
        }
    ]
    changed = {"amount": Decimal(776_000), "unit_price": Decimal(7_760), "plan": rows, "subject": "Flat 302"}
    services.update_contract(contract, actor=office.user("sam"), delivery_date=LATER, content="No garage", **changed)
    if state != "amending":
        office.submit(contract)
        if state == "approved":
            office.approve(contract)
        services.give_back_contract(contract, actor=office.user("leo"), reason="The buyer refuses", now=at())

    services.drop_amendment(contract, actor=office.user("leo"), reason="The buyer refuses", now=at())
    assert terms() == before
    assert contract.state is (ContractState.PERFORMING if paid else ContractState.SIGNED)
    assert office.facts()[-1] == owed
    amended(office, contract, to="submitted")  # It can be amended once more, under a number of its own.
    assert contract.revision == (2 if state == "amending" else 3)


@pytest.mark.rule("P:CON-06")
def test_what_was_signed_is_not_guessed(office, refused):
    contract = amended(office, office.signed(plan=PLAN))
    office.session.query(Edition).one().signed_terms = None  # Its amendment began before the terms were kept.
    error = refused(services.drop_amendment, contract, actor=office.user("mia"), reason="No", now=at())
    assert (error.code, contract.state, contract.subject) == ("contract.no_terms", ContractState.AMENDING, "Flat 302")


def test_ending_early_asks_what_becomes_of_the_money(office, refused):
    contract, mia = office.signed(plan=PLAN), office.user("mia")
    office.pay(contract.plan[0].receivable_id, 20_000)
    office.session.expire_all()
    end = {"actor": mia, "reason": "Both agree", "now": at()}
    none = DepositDecision.NONE_PAID
    assert refused(services.terminate_contract, contract, deposit_decision=none, **end).field == "deposit_decision"
    services.terminate_contract(contract, deposit_decision=DepositDecision.REFUND, **end)
    states = [one.state for one in office.session.query(Receivable).order_by(Receivable.id)]
    assert states == [ReceivableState.SETTLED, ReceivableState.CANCELLED]
    assert obligations_of(contract, state=ObligationState.OPEN) == []


def test_ending_early_gives_up_the_rest_of_what_was_paid_in_part(office):
    contract = office.signed(plan=PLAN)
    office.pay(contract.plan[1].receivable_id, 40_000)
    office.session.expire_all()
    end = {"actor": office.user("mia"), "reason": "Both agree", "now": at()}
    services.terminate_contract(contract, deposit_decision=DepositDecision.REFUND, **end)
    found = office.session.query(Receivable).order_by(Receivable.id).all()
    assert [(one.state, one.settled, one.waived, one.open_amount) for one in found] == [
        (ReceivableState.CANCELLED, 0, 20_000, 0),
        (ReceivableState.SETTLED, 40_000, 740_000, 0),
    ]


@pytest.mark.rule("S:CON-09")
def test_the_performance_is_shared_and_adds_up(office, refused):
    contract, mia = office.signed(100_000), office.user("mia")
    sam, sue = office.employee("sam"), office.employee("sue")
    shares = {"first": sam, "first_share": Decimal(70), "second": sue, "second_share": Decimal(20)}
    error = refused(services.share_performance, contract, actor=mia, **shares)
    assert (error.code, error.data["total"]) == ("contract.shares", "90")
    services.share_performance(contract, actor=mia, **{**shares, "second_share": Decimal(30)})
    assert [one.amount for one in list_credits(contract.id)] == [70_000, 30_000]


def signed_anew(office, contract, on):
    """Enter on a day that both sides have signed the amendment."""
    office.submit(contract, now=at(on, "08:00"))
    office.approve(contract, now=at(on, "09:00"))
    office.scan(contract, now=at(on, "10:00"))
    office.sign(contract, now=at(on, "11:00"), signed_on=on)


def counted(contract):
    """Return who has how much of a contract in which period."""
    return [(one.employee.name, one.counts_on, one.amount) for one in list_credits(contract.id)]


@pytest.mark.rule("S:CON-09")
def test_the_difference_of_an_amendment_counts_on_its_own_day(office):
    contract, april = office.signed(plan=PLAN), dt.date(2026, 4, 10)
    signed_anew(office, amended(office, contract), april)
    assert counted(contract) == [("Sam", DAY, 800_000), ("Sam", april, -24_000)]
    assert (contract.signed_on, contract.entered_on, contract.period) == (DAY, DAY, "2026-03")
    assert [one.signed_on for one in office.session.query(Edition).order_by(Edition.revision)] == [DAY, april]

    shares = {"first": office.employee("sam"), "first_share": Decimal(70)}
    shares |= {"second": office.employee("sue"), "second_share": Decimal(30)}
    services.share_performance(contract, actor=office.user("mia"), **shares)
    assert counted(contract) == [
        ("Sam", DAY, 560_000),
        ("Sue", DAY, 240_000),
        ("Sam", april, -16_800),
        ("Sue", april, -7_200),
    ]


@pytest.mark.rule("S:CON-09")
def test_amendments_of_one_day_count_together_and_nothing_is_counted_for_nothing(office):
    contract, april = office.signed(plan=PLAN), dt.date(2026, 4, 10)
    signed_anew(office, amended(office, contract), april)
    services.amend_contract(contract, actor=office.user("mia"), reason="At the old price after all")
    rows = [{**PLAN[1], "id": contract.plan[0].id, "amount": Decimal(800_000), "due_on": april}]
    services.update_contract(contract, actor=office.user("sam"), amount=Decimal(800_000), plan=rows)
    signed_anew(office, contract, april)
    assert counted(contract) == [("Sam", DAY, 800_000)]


@pytest.mark.rule("S:CON-06", "P:CON-08")
def test_delivery_stays_one_duty_whatever_it_is_called(office):
    contract, april = office.signed(plan=PLAN), dt.date(2026, 4, 3)
    with force_locale("zh"):
        signed_anew(office, amended(office, contract), april)

    def deliveries():
        return [(one.title, one.due_on, one.state.value) for one in obligations_of(contract) if one.side is Side.SELLER]

    assert deliveries() == [("交付：Flat 302", LATER, "open")]
    services.amend_contract(contract, actor=office.user("mia"), reason="Handed over whenever it is ready")
    dateless = {"delivery_date": None, "template_id": office.template(word("{{ subject }}"), name="Dateless").id}
    services.update_contract(contract, actor=office.user("sam"), **dateless)
    signed_anew(office, contract, april)
    assert deliveries() == [("交付：Flat 302", LATER, "waived")]
