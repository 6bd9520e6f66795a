"""From the draft to the signed contract: what stands in the way, and what signing does."""

import datetime as dt
from decimal import Decimal

import pytest

from addons.contracts import services
from addons.contracts.choices import ClauseKind, ContractState, IncidentKind, ReviewState
from addons.contracts.models import Contract, Edition, Incident, Review
from addons.contracts.parameters import APPROVAL_FROM, READ_CONFIRM, REQUIRED_CLAUSES, REVIEWERS, TERM_FIELDS
from addons.contracts.queries import list_credits, list_obligations, open_reviews
from addons.payments.choices import ReceivableKind, ReceivableState
from addons.payments.models import Receivable
from app.errors import Conflict, NotAllowed, ValidationError
from tests.addons.contracts.office import CLAUSES, DAY, FIRST_DAY, at
from tests.addons.contracts.papers import PDF, word

PLAN = [
    {"kind": ReceivableKind.DEPOSIT, "amount": Decimal(20_000), "due_on": DAY, "note": None},
    {"kind": ReceivableKind.BALANCE, "amount": Decimal(780_000), "due_on": dt.date(2026, 4, 2), "note": "Mortgage"},
]


@pytest.mark.rule("P:CON-02")
def test_a_retired_template_makes_no_contract(office, refused):
    template = office.template()
    services.retire_template(template, actor=office.user("olga"), retired_on=dt.date(2026, 3, 1))
    error = refused(office.draft, template_id=template.id, doc_date=DAY)
    assert (error.code, error.field) == ("contract.template", "template_id")
    contract = office.draft(template_id=template.id, doc_date=dt.date(2026, 2, 28))
    services.confirm_read(contract, actor=office.user("sam"), now=at())
    assert refused(services.submit_contract, contract, actor=office.user("sam"), now=at()).code == "contract.template"


@pytest.mark.rule("P:CON-02")
def test_the_next_version_retires_the_one_before_and_neither_is_changed(office, refused):
    first = office.template()
    second = office.template(valid_from=DAY)
    assert (first.edition, second.edition, first.retired_on) == (1, 2, DAY)
    assert not first.is_in_force(DAY)
    assert first.is_in_force(DAY - dt.timedelta(1))
    error = refused(office.attach, second, "contracts.Template", "b.docx", word("x"), "olga", at())
    assert error.code == "template.fixed"
    error = refused(services.update_template, second, actor=office.user("olga"), valid_from=FIRST_DAY)
    assert error.code == "template.fixed"


@pytest.mark.rule("P:CON-03", "P:CON-05", "P:CON-07", "S:CON-01")
def test_a_contract_with_a_gap_is_not_submitted(office, refused):
    contract = office.draft()
    sam = office.user("sam")
    for name in ("breach_terms", "seller_duties", "payment_terms"):
        services.update_contract(contract, actor=sam, **{name: None})
        services.confirm_read(contract, actor=sam, now=at())
        error = refused(services.submit_contract, contract, actor=sam, now=at())
        assert (error.code, error.field, type(error)) == ("contract.clause", name, ValidationError)
        services.update_contract(contract, actor=sam, **{name: CLAUSES[name]})
    services.update_contract(contract, actor=sam, delivery_date=None, delivery_terms="On {{delivery_date}}")
    services.confirm_read(contract, actor=sam, now=at())
    error = refused(services.submit_contract, contract, actor=sam, now=at())
    assert (error.field, error.data["place"]) == ("delivery_terms", "{{delivery_date}}")
    services.update_contract(contract, actor=sam, delivery_terms="In June")
    services.confirm_read(contract, actor=sam, now=at())
    error = refused(services.submit_contract, contract, actor=sam, now=at())
    assert (error.code, error.field) == ("contract.placeholder", "delivery_date")


@pytest.mark.rule("P:CON-03")
@pytest.mark.parametrize("name", ["delivery_date", "ends_on"])
def test_nothing_is_delivered_and_nothing_ends_before_the_day_of_the_contract(office, refused, name):
    before = DAY - dt.timedelta(1)
    error = refused(office.draft, **{name: before})
    assert (error.code, error.field, error.data) == ("contract.too_early", name, {"limit": DAY})
    contract = office.draft(**{name: DAY})
    error = refused(services.update_contract, contract, actor=office.user("sam"), **{name: before})
    assert (error.code, error.field) == ("contract.too_early", name)


@pytest.mark.rule("P:CON-07")
@pytest.mark.parametrize("name", TERM_FIELDS.default)
def test_each_negotiated_term_is_written_down_before_it_is_submitted(office, refused, name):
    office.set(REQUIRED_CLAUSES, [])
    contract, sam = office.draft(), office.user("sam")
    for blank in (None, "", " \n\u3000"):
        services.update_contract(contract, actor=sam, **{name: blank})
        services.confirm_read(contract, actor=sam, now=at())
        error = refused(services.submit_contract, contract, actor=sam, now=at())
        assert (type(error), error.code, error.field) == (ValidationError, "contract.clause", name)
    services.update_contract(contract, actor=sam, **{name: "As agreed"})
    office.submit(contract)
    assert (contract.state, getattr(contract, name)) == (ContractState.SUBMITTED, "As agreed")


@pytest.mark.rule("P:CON-07", "P:COR-03")
def test_which_terms_are_wanted_is_the_companys_to_say(office):
    office.set(REQUIRED_CLAUSES, [])
    office.set(TERM_FIELDS, ["content"])
    contract, sam = office.draft(), office.user("sam")
    kept = ("content", "delivery_terms", "breach_terms")  # The last two are named by the template.
    services.update_contract(contract, actor=sam, **{name: None for name in CLAUSES if name not in kept})
    office.submit(contract)
    assert contract.state is ContractState.SUBMITTED


@pytest.mark.rule("P:CON-04")
def test_nobody_submits_or_signs_what_he_has_not_read(office, refused):
    contract, sam = office.draft(), office.user("sam")
    assert refused(services.submit_contract, contract, actor=sam, now=at()).code == "contract.unread"
    services.confirm_read(contract, actor=sam, now=at())
    services.update_contract(contract, actor=sam, note="only a note")
    assert contract.read_confirmed_at is not None
    services.update_contract(contract, actor=sam, breach_terms="None at all")
    assert refused(services.submit_contract, contract, actor=sam, now=at()).code == "contract.unread"
    office.set(READ_CONFIRM, False)
    services.submit_contract(contract, actor=sam, now=at())
    assert contract.state is ContractState.SUBMITTED


@pytest.mark.rule("S:CON-02")
def test_legal_and_finance_review_side_by_side_before_the_leader(office, refused):
    contract = office.submitted()
    leo = office.user("leo")
    assert {one.kind.value for one in open_reviews(contract)} == {"legal", "finance"}
    office.review(contract, "legal")
    error = refused(services.approve_contract, contract, actor=leo, opinion="Good", now=at())
    assert (error.code, error.data["names"]) == ("contract.review", "Finance")
    (pending,) = open_reviews(contract)
    wrong = refused(services.agree_review, pending, actor=office.user("lex"), opinion="Fine", now=at())
    assert isinstance(wrong, NotAllowed)
    assert refused(services.agree_review, pending, actor=office.user("fin"), opinion=" ", now=at()).field == "opinion"
    office.review(contract, "finance")
    services.approve_contract(contract, actor=leo, opinion="Good", now=at())
    assert (contract.state, contract.approved_on) == (ContractState.APPROVED, DAY)


@pytest.mark.rule("S:CON-02", "P:CON-06")
def test_who_changed_the_draft_does_not_review_it_and_who_only_read_it_may(office, refused):
    from app.audit import set_origin
    from app.database.context import set_acting_user

    contract = office.draft()
    set_acting_user(office.world.users["lex"])
    set_origin(None, "his request")
    services.update_contract(contract, actor=office.user("lex"), breach_terms="None at all")
    set_acting_user(office.world.users["fin"])
    contract.read_confirmed_at, contract.read_confirmed_by_id = at(), office.world.users["fin"]
    office.session.flush()
    set_acting_user(None)
    set_origin(None, None)
    services.submit_contract(contract, actor=office.user("sam"), now=at())

    (legal,) = (one for one in open_reviews(contract) if one.kind.value == "legal")
    error = refused(services.agree_review, legal, actor=office.user("lex"), opinion="Fine", now=at())
    assert (type(error), error.code, str(legal.state)) == (NotAllowed, "contract.own", "pending")
    office.review(contract, "finance")
    assert [one.kind.value for one in open_reviews(contract)] == ["legal"]


@pytest.mark.rule("S:CON-02")
def test_a_returned_contract_is_a_draft_again_and_its_next_version_is_reviewed_anew(office, refused):
    contract = office.submitted()
    locked = refused(services.update_contract, contract, actor=office.user("sam"), subject="Flat 302")
    assert (locked.code, locked.field) == ("contract.locked", "subject")
    legal = next(one for one in open_reviews(contract) if one.kind.value == "legal")
    services.give_back_review(legal, actor=office.user("lex"), reason="Name the flat", now=at())
    assert (contract.state, contract.read_confirmed_at) == (ContractState.DRAFT, None)
    assert [one.state for one in office.session.query(Review).order_by(Review.id)] == [
        ReviewState.RETURNED,
        ReviewState.VOID,
    ]
    services.update_contract(contract, actor=office.user("sam"), subject="Flat 301, House 8")
    office.submit(contract)
    assert contract.revision == 2
    first, second = office.session.query(Edition).order_by(Edition.revision)
    assert "Flat 301, House 8" in second.text
    assert "House 8" not in first.text
    assert len(open_reviews(contract)) == 2


@pytest.mark.rule("P:CON-06")
def test_only_an_approved_contract_is_signed_and_nobody_approves_his_own(office, refused):
    contract = office.draft()
    office.scan(contract)
    error = refused(office.sign, contract)
    assert (error.code, type(error)) == ("workflow.state", Conflict)
    office.submit(contract)
    office.review(contract)
    assert isinstance(
        refused(services.approve_contract, contract, actor=office.user("sam"), opinion="Good", now=at()), NotAllowed
    )


@pytest.mark.rule("P:CON-06")
def test_below_the_amount_the_reviews_are_enough(office):
    office.set(APPROVAL_FROM, Decimal(100_000))
    template = office.template()
    small, large = (office.submitted(amount, template_id=template.id) for amount in ("99999.99", 100_000))
    office.review(small)
    office.review(large)
    assert (small.state, large.state) == (ContractState.APPROVED, ContractState.SUBMITTED)
    office.set(REVIEWERS, [])
    assert office.submitted(1, template_id=template.id).state is ContractState.APPROVED


@pytest.mark.rule("S:CON-08")
def test_a_contract_of_a_branch_needs_headquarters(office, refused):
    contract = office.submitted(by="sue")
    assert contract.is_out_stationed
    office.review(contract, "legal", "finance", "branch")
    error = refused(services.approve_contract, contract, actor=office.user("leo"), opinion="Good", now=at())
    assert error.data["names"] == "Headquarters"
    office.review(contract, "headquarters")
    services.approve_contract(contract, actor=office.user("leo"), opinion="Good", now=at())


@pytest.mark.rule("S:CON-03")
def test_copies_seal_day_and_scan_are_asked_for(office, refused):
    contract = office.approved()
    assert refused(office.sign, contract).code == "contract.scan"
    huge = (contract, "contracts.Contract", "scan.pdf", PDF + b"0" * 40 * 2**20, "sam", at())
    assert refused(office.attach, *huge).code == "attachment.size"
    office.scan(contract)
    cases = (
        ({"copies": 1}, "copies", "contract.copies"),
        ({"sealed": False}, "sealed", "contract.sealed"),
        ({"signed_on": DAY + dt.timedelta(1)}, "signed_on", "contract.signed_later"),
        ({"signed_on": DAY - dt.timedelta(1)}, "signed_on", "contract.signed_before"),
    )
    for values, field, code in cases:
        error = refused(office.sign, contract, **values)
        assert (error.field, error.code) == (field, code)
    office.sign(contract)
    assert refused(office.sign, contract).code == "workflow.state"  # Signed twice.


@pytest.mark.rule("P:CON-06", "S:CON-09")
def test_signing_draws_the_number_opens_the_plan_and_names_the_duties(office):
    contract = office.signed(plan=PLAN)
    assert (contract.state, contract.number, contract.period) == (ContractState.SIGNED, "HT2026-0001", "2026-03")
    owed = office.session.query(Receivable).order_by(Receivable.id).all()
    assert [(one.kind.value, one.amount, one.base_amount, one.state) for one in owed] == [
        ("deposit", 20_000, 800_000, ReceivableState.OPEN),
        ("balance", 780_000, 800_000, ReceivableState.OPEN),
    ]
    assert {one.source.number for one in owed} == {"HT2026-0001"}
    duties = list_obligations(contract.id)
    assert [(one.side.value, str(one.due_on)) for one in duties] == [
        ("buyer", "2026-03-02"),
        ("buyer", "2026-04-02"),
        ("seller", "2026-06-30"),
    ]
    assert [(one.share, one.amount) for one in list_credits(contract.id)] == [(100, 800_000)]
    office.pay(owed[0].id, 20_000)
    office.session.expire_all()
    assert contract.state is ContractState.PERFORMING
    assert [one.state.value for one in list_obligations(contract.id)] == ["done", "open", "open"]


@pytest.mark.rule("S:CON-07")
def test_what_is_entered_late_is_flagged(office):
    contract = office.approved()
    wednesday = DAY + dt.timedelta(2)  # 2026-03-02 is a Monday.
    office.scan(contract, now=at(wednesday))
    office.sign(contract, now=at(wednesday, "12:00"))
    assert contract.is_entered_late
    incident = office.session.query(Incident).one()
    assert incident.kind is IncidentKind.LATE_ENTRY
    assert "2 days, allowed are 1" in incident.what_happened


def test_amounts_that_do_not_add_up_are_refused(office, refused):
    template_id = office.template().id
    error = refused(office.draft, 310, template_id=template_id, quantity=Decimal(3), unit_price=Decimal(100))
    assert (error.field, error.data["limit"]) == ("amount", "300.00")
    error = refused(office.draft, 800_000, template_id=template_id, plan=PLAN[:1])
    assert (error.field, error.data["total"], error.data["limit"]) == ("plan", "20,000.00", "800,000.00")
    assert refused(office.draft, -1, template_id=template_id).field == "amount"
    assert office.session.query(Contract).count() == 0


def test_every_clause_is_a_column():
    assert {kind.value for kind in ClauseKind} == set(CLAUSES)


def test_quantity_times_price_is_no_more_than_an_amount_holds(office, refused):
    template_id, most = office.template().id, Decimal("999999999999.99")
    values = {"template_id": template_id, "partner_id": office.world.partners["Li"], "subject": "Flat", "doc_date": DAY}
    error = refused(services.create_contract, actor=office.user("sam"), quantity=most, unit_price=most, **values)
    assert (error.code, error.field, error.data["maximum"]) == ("input.range", "quantity", most)
