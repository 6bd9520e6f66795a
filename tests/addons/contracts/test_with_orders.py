"""With orders on: from the signed reservation to the signed contract (T1)."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace

import pytest

from addons.contracts import services
from addons.contracts.choices import ContractState, DepositDecision
from addons.contracts.models import Contract
from addons.contracts.parameters import NEEDS_DEPOSIT
from addons.contracts.queries import find_contract_from, newest_template
from addons.payments.api import ReceivableKind
from app.documents.references import list_links, ref_of
from tests.addons.contracts.office import Office, at
from tests.addons.orders import office as sales
from tests.databases import KINDS, Database, furnished

ROLES = {
    "sam": "contracts_sales",
    "cle": "contracts_officer",
    "nil": "contracts_legal",
    "fin": "contracts_finance",
    "guy": "contracts_leader",
    "max": "contracts_manager",
}
ALSO = {"olga": "cle", "lex": "nil", "leo": "guy", "mia": "max"}  # Who is who in the two offices.


class Deals(Office):
    """The contracts' side of the sales office."""

    def user(self, name):
        return super().user(ALSO.get(name, name))


def make_deals(app):
    """Open the sales office, and give its people their part in contracts."""
    from app.companies.enablement import enablement, switch
    from app.companies.memberships import add_membership
    from app.companies.models import Scope
    from app.database.session import as_company, commit

    facts = sales.make_office(app)
    with app.app_context():
        depends = {"payments": [], "orders": ["payments"], "contracts": ["payments", "orders"]}
        switch("contracts", facts["one"], on=True, depends=depends)
        with as_company(facts["one"]):
            for name, role in ROLES.items():  # nil keeps the desk's role besides.
                scope = Scope.OWN if name == "sam" else Scope.COMPANY
                role_id = app.appbuilder.sm.find_role(role).id
                add_membership(facts["one"], user_id=facts["users"][name], role_id=role_id, scope=scope)
        commit()
        enablement().expire()
    return facts


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One kind of database with both add-ons in it."""
    addons = ["reception", "payments", "orders", "contracts"]
    with furnished(request.param, tmp_path_factory, "deals", make_deals, addons=addons) as made:
        yield made


@pytest.fixture
def office(database) -> Iterator[Deals]:
    """Both sides in one transaction that is rolled back."""
    from app.database.session import as_company, rollback

    world = SimpleNamespace(app=database.app, **database.facts)
    with world.app.app_context(), as_company(world.one):
        deals = Deals(world)
        deals.template()
        deals.sales = sales.Office(world)
        yield deals
        rollback()


def drafted(office, *lines, to="signed", **values):
    """Return a reservation and the contract that its signing has drafted."""
    form = office.sales.reserved(*lines, to=to, **values)
    contract = find_contract_from(ref_of(form, "orders.Reservation"))
    services.update_contract(contract, actor=office.user("sam"), delivery_date=dt.date(2026, 6, 30))
    return form, contract


@pytest.mark.rule("P:CON-01", "P:ORD-02")
def test_a_signed_reservation_drafts_the_contract_which_takes_it_over(office, refused):
    form, contract = drafted(office)
    assert (contract.state, contract.amount, contract.claimed) == (ContractState.DRAFT, 805_500, 20_000)
    assert [(one.amount, one.due_on) for one in contract.plan] == [(785_500, dt.date(2026, 6, 30))]  # With the flat.
    assert contract.owner.name == "Sam"
    office.submit(contract)
    office.approve(contract)
    office.scan(contract)
    error = refused(office.sign, contract, signed_on=sales.DAY)
    assert error.code == "contract.reservation"

    office.sales.pay(form, "20000")
    office.session.expire_all()
    office.sign(contract, signed_on=sales.DAY)

    assert (form.state.value, contract.number) == ("contracted", "HT2026-0001")
    links = list_links(ref_of(contract, "contracts.Contract"))
    assert [(one.kind.value, one.source.number) for one in links] == [("settles", form.number)]
    (balance,) = contract.plan
    assert balance.amount == 785_500


@pytest.mark.rule("P:CON-01")
def test_a_contract_says_what_its_reservation_says(office, refused):
    _form, contract = drafted(office, office.sales.line("flat", "89.50"))
    sam = office.user("sam")
    plan = [{"kind": ReceivableKind.BALANCE, "amount": Decimal(770_000), "due_on": sales.DAY, "note": None}]
    services.update_contract(contract, actor=sam, amount=Decimal(790_000), plan=plan)
    services.confirm_read(contract, actor=sam, now=at())
    error = refused(services.submit_contract, contract, actor=sam, now=at())
    assert (error.field, error.data["limit"]) == ("amount", "805,500.00")


@pytest.mark.rule("S:REC-06")
def test_the_first_signed_contract_makes_a_signed_customer(office):
    from addons.reception.choices import Lifecycle
    from addons.reception.models import Customer
    from app.companies.enablement import enablement, switch
    from app.masterdata.models import Option
    from app.masterdata.options import open_list

    switch("reception", office.world.one, on=True, depends={"reception": []})
    enablement().expire()
    source = office.session.query(Option).filter_by(list_id=open_list("reception.source").id).first()
    partner_id = office.world.partners["Wu"]
    customer = Customer(partner_id=partner_id, code="C1", source_id=source.id, received_on=sales.DAY)
    office.session.add(customer)
    office.session.flush()
    contract = office.signed(partner_id=customer.partner_id, template_id=newest_template(sales.DAY).id)
    assert (customer.lifecycle, customer.signed_on) == (Lifecycle.SIGNED, contract.signed_on)


@pytest.mark.rule("P:REC-05")
def test_a_contract_is_not_made_while_a_promise_to_its_buyer_is_not_approved(office, refused):
    from addons.reception.choices import PromiseState
    from addons.reception.models import Promise, Reception
    from app.companies.enablement import enablement, switch
    from app.masterdata.options import list_options, open_list

    switch("reception", office.world.one, on=True, depends={"reception": []})
    enablement().expire()
    contract, sam = office.draft(template_id=newest_template(sales.DAY).id), office.user("sam")
    open_list("reception.promise_type")
    reception = Reception(partner_id=contract.partner_id, doc_date=sales.DAY)
    office.session.add(reception)
    office.session.flush()
    kind = list_options("reception.promise_type")[0]
    promise = Promise(reception_id=reception.id, type_id=kind.id, text="2 years free parking")
    office.session.add(promise)
    services.confirm_read(contract, actor=sam, now=at())

    for state in (PromiseState.REQUESTED, PromiseState.REJECTED):
        promise.state = state
        error = refused(services.submit_contract, contract, actor=sam, now=at())
        assert (error.code, error.data["promise"]) == ("promise.unapproved", "2 years free parking")
        assert contract.state is ContractState.DRAFT
    promise.state = PromiseState.APPROVED
    services.submit_contract(contract, actor=sam, now=at())
    assert contract.state is ContractState.SUBMITTED


@pytest.mark.rule("P:CON-01")
def test_where_no_deposit_is_needed_a_signed_reservation_is_enough(office):
    office.set(NEEDS_DEPOSIT, False)
    form, contract = drafted(office)
    office.submit(contract)
    office.approve(contract)
    office.scan(contract)
    office.sign(contract, signed_on=sales.DAY)
    assert form.state.value == "contracted"


@pytest.mark.rule("P:ORD-03")
def test_an_amended_reservation_amends_the_draft_and_its_end_calls_it_off(office):
    from addons.orders import services as orders

    form, contract = drafted(office)
    max_ = office.user("max")
    orders.amend_reservation(form, actor=office.user("sam"), reason="Three per cent off")
    orders.open_discount(form, actor=office.user("sam"))
    orders.grant_prices(form, actor=max_, prices={form.lines[0].id: Decimal(8_730)})
    orders.sign_reservation(form, actor=office.user("sam"), now=at())
    assert (contract.amount, [one.amount for one in contract.plan]) == (Decimal(781_335), [Decimal(761_335)])
    orders.cancel_reservation(form, actor=max_, reason="Changed his mind", now=at())
    assert contract.state is ContractState.CANCELLED
    assert office.session.query(Contract).count() == 1


@pytest.mark.rule("P:CON-01", "P:CON-07")
def test_a_confirmed_order_fills_its_contract_which_asks_for_the_rest_only(office, refused):
    order = office.sales.ordered(office.sales.line("bolt", "30"), to="confirmed")
    given = {"actor": office.user("sam"), "template_id": newest_template(sales.DAY).id, "doc_date": sales.DAY}
    contract = services.create_contract(source_number=order.number, **given)

    assert (contract.partner_id, contract.amount, contract.claimed) == (order.partner_id, 3_000, 3_000)
    assert (contract.delivery_date, contract.subject, contract.plan) == (order.promised_on, "Bolt", [])
    assert contract.source_number == order.number == "SO2026-0001"
    second = refused(services.create_contract, source_number=order.number, **given)
    assert (second.code, second.field) == ("contract.second", "source_number")
    nothing = refused(services.create_contract, source_number="SO2026-0009", **given)
    assert (nothing.code, nothing.data["value"]) == ("contract.no_source", "SO2026-0009")

    office.submit(contract)
    office.approve(contract)
    office.scan(contract)
    office.sign(contract, signed_on=sales.DAY)
    links = [(one.kind.value, one.source.number) for one in list_links(ref_of(contract, "contracts.Contract"))]
    assert links == [("creates", "SO2026-0001")]
    assert office.sales.owed(contract) == []  # The order has asked for all of it.


@pytest.mark.rule("P:CON-01")
def test_a_contract_says_what_its_order_says_and_ends_with_it(office, refused):
    from addons.orders import services as orders

    order = office.sales.ordered(office.sales.line("bolt", "30"), to="confirmed")
    sam = office.user("sam")
    contract = services.create_contract(
        actor=sam, template_id=newest_template(sales.DAY).id, doc_date=sales.DAY, source_number=order.number
    )
    plan = [{"kind": ReceivableKind.BALANCE, "amount": Decimal(100), "due_on": sales.DAY, "note": None}]
    services.update_contract(contract, actor=sam, amount=Decimal(3_100), plan=plan)
    services.confirm_read(contract, actor=sam, now=at())
    error = refused(services.submit_contract, contract, actor=sam, now=at())
    assert (error.code, error.data["limit"]) == ("contract.source_amount", "3,000.00")

    orders.cancel_confirmed_order(order, actor=office.user("max"), reason="Out of stock", now=at())
    assert contract.state is ContractState.CANCELLED


def order_of(office, form):
    """Return the order that was made from a reservation, audited and ready to be confirmed."""
    from addons.orders import services as orders
    from addons.orders.choices import PaymentMethod
    from addons.orders.queries import find_live_order_of

    values = {"promised_on": dt.date(2026, 3, 10), "payment_method": PaymentMethod.TRANSFER}
    orders.make_order(form, actor=office.user("sam"), now=at(), **values)
    return office.sales.brought(find_live_order_of(form.id), "finance_audited")


def owed_in_all(*documents, office):
    """Return what all these documents ask for together."""
    found = [one for document in documents for one in office.sales.receivables(document)]
    return sum((one.amount - one.waived for one in found), Decimal(0))


@pytest.mark.rule("S:CON-01", "P:CON-01", "P:ORD-02")
@pytest.mark.parametrize("state", ["draft", "submitted", "approved"])
def test_an_order_that_takes_the_reservation_over_takes_its_contract_along(office, state):
    form, contract = drafted(office, to="paid")
    if state != "draft":
        office.submit(contract)
    if state == "approved":
        office.approve(contract)
    order = order_of(office, form)
    office.sales.brought(order, "confirmed")
    office.session.expire_all()

    assert contract.source_number == order.number == "SO2026-0001"
    assert (contract.state, contract.amount, contract.claimed) == (ContractState.DRAFT, 805_500, 805_500)
    assert (contract.plan, contract.read_confirmed_at, contract.approved_on) == ([], None, None)
    office.submit(contract)
    office.approve(contract)
    office.scan(contract)
    office.sign(contract, signed_on=sales.DAY)
    assert owed_in_all(form, order, contract, office=office) == 805_500
    links = [(one.kind.value, one.source.number) for one in list_links(ref_of(contract, "contracts.Contract"))]
    assert links == [("creates", "SO2026-0001")]


@pytest.mark.rule("S:CON-01")
@pytest.mark.parametrize("line", ["area", "item"])
def test_a_signed_contract_asks_for_the_price_and_the_order_of_its_reservation_is_refused(office, refused, line):
    values = {"item_id": office.world.item} if line == "item" else {}
    lines = [office.sales.line("flat", "89.50", **values)]
    form, contract = drafted(office, *lines, to="paid")
    order = order_of(office, form)
    office.submit(contract)
    office.approve(contract)
    office.scan(contract)
    office.sign(contract, signed_on=sales.DAY)

    error = refused(office.sales.brought, order, "confirmed")
    if line == "area":  # A single item is the contract's: the order does not get hold of it.
        assert (error.code, error.data["contract"]) == ("order.contract_signed", "HT2026-0001")
    assert office.sales.owed(order) == []
    assert (order.state.value, order.number) == ("finance_audited", None)
    assert owed_in_all(form, order, contract, office=office) == 805_500


@pytest.mark.rule("S:CON-01")
def test_a_contract_left_behind_by_its_reservation_is_neither_submitted_nor_signed(office, refused):
    from addons.orders.api import contract_reservation

    form, contract = drafted(office, to="paid")
    other = office.sales.ordered()
    contract_reservation(form, by=ref_of(other, "orders.Order"), actor=None, now=at())
    services.confirm_read(contract, actor=office.user("sam"), now=at())
    error = refused(services.submit_contract, contract, actor=office.user("sam"), now=at())
    assert (error.code, error.field, error.data["number"]) == ("contract.taken_over", "source_number", form.number)


def signed(office, *lines, **values):
    """Return a reservation and its signed contract."""
    form, contract = drafted(office, *lines, **values)
    office.submit(contract)
    office.approve(contract)
    office.scan(contract)
    office.sign(contract, signed_on=sales.DAY)
    return form, contract


@pytest.mark.rule("P:CON-01", "P:REA-03")
def test_ending_early_asks_about_the_deposit_and_frees_the_flat(office, refused):
    from app.documents.claims import find_claim

    flat = office.sales.line("flat", "89.50", item_id=office.world.item)
    form, contract = signed(office, flat, to="paid")
    end = {"actor": office.user("mia"), "reason": "Both agree", "now": at()}
    error = refused(services.terminate_contract, contract, deposit_decision=DepositDecision.NONE_PAID, **end)
    assert (error.code, error.field) == ("contract.deposit_decision", "deposit_decision")
    assert find_claim(office.world.item).holder.number == contract.number

    services.terminate_contract(contract, deposit_decision=DepositDecision.REFUND, **end)
    assert office.sales.owed(form) == [("deposit", "20000.00", "settled")]
    assert office.sales.owed(contract) == [("balance", "785500.00", "cancelled")]
    assert find_claim(office.world.item) is None
    again = office.sales.reserved(flat, to="signed", partner_id=office.world.partners["Wu"], by="sid")
    assert find_claim(office.world.item).holder.number == again.number


@pytest.mark.rule("P:CON-01")
def test_ending_early_withdraws_a_deposit_that_was_not_paid(office, refused):
    office.set(NEEDS_DEPOSIT, False)
    form, contract = signed(office)
    end = {"actor": office.user("mia"), "reason": "Both agree", "now": at()}
    error = refused(services.terminate_contract, contract, deposit_decision=DepositDecision.REFUND, **end)
    assert error.field == "deposit_decision"
    services.terminate_contract(contract, deposit_decision=DepositDecision.NONE_PAID, **end)
    assert office.sales.owed(form) == [("deposit", "20000.00", "cancelled")]


@pytest.mark.rule("P:CON-01", "S:CON-01")
def test_ending_the_contract_of_an_order_asks_about_the_orders_money_and_leaves_the_order(office, refused):
    form, contract = drafted(office, to="paid")
    order = office.sales.brought(order_of(office, form), "confirmed")
    office.session.expire_all()
    office.submit(contract)
    office.approve(contract)
    office.scan(contract)
    office.sign(contract, signed_on=sales.DAY)
    end = {"actor": office.user("mia"), "reason": "Both agree", "now": at()}
    error = refused(services.terminate_contract, contract, deposit_decision=DepositDecision.NONE_PAID, **end)
    assert error.field == "deposit_decision"
    services.terminate_contract(contract, deposit_decision=DepositDecision.REFUND, **end)
    assert (order.state.value, office.sales.owed(order)) == ("confirmed", [("balance", "785500.00", "open")])
