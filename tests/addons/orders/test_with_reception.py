"""With reception: no signature before the deal, which has to be entered in time."""

import pytest

from addons.orders import services
from addons.orders.queries import to_enter
from addons.reception.api import agree_deal, undo_deal
from app.errors import Conflict
from tests.addons.orders.office import DAY, at


@pytest.fixture
def file(office):
    """Li's registered file at reception."""
    import sqlalchemy as sa

    from addons.reception.choices import CustomerState
    from addons.reception.masterdata import SOURCES
    from addons.reception.models import Customer
    from app.companies.models import Employee
    from app.masterdata.models import Partner
    from app.masterdata.options import list_options, open_list

    li = office.session.get_one(Partner, office.world.partners["Li"])
    sam = office.session.scalars(sa.select(Employee).where(Employee.name == "Sam")).one()
    open_list(SOURCES)
    source = list_options(SOURCES)[0]
    customer = Customer(
        partner_id=li.id,
        code="C-1",
        state=CustomerState.REGISTERED,
        received_on=DAY,
        owner_id=sam.id,
        source_id=source.id,
    )
    office.session.add(customer)
    office.session.flush()
    return customer


@pytest.mark.rule("P:CRM-08", "P:ORD-01", "P:ORD-04", "S:ORD-20")
def test_a_reservation_is_signed_after_the_deal_which_was_waiting_to_be_entered(office, refused, file):
    form = office.reserved(to="ready")
    error = refused(services.sign_reservation, form, actor=office.user("sam"), now=at())
    assert (type(error), error.code) == (Conflict, "reservation.no_deal")

    agree_deal(file, actor=office.user("sam"), now=at())
    (waiting,) = to_enter(office.user("sam"))
    assert (waiting.agreed_at, waiting.partner_id) == (at(), file.partner_id)
    services.sign_reservation(form, actor=office.user("sam"), now=at())
    assert refused(undo_deal, file, actor=office.user("max"), reason="Loan refused").code == "deal.reserved"
    office.reserved()
    assert waiting.entered_at is not None

    from addons.orders.bridges.reception import NEW_ORDER, NEW_RESERVATION

    urls = [action.url(file.id) for action in (NEW_ORDER, NEW_RESERVATION)]
    assert urls == [f"/orders/{noun}/add?partner_id={file.partner_id}" for noun in ("order", "reservation")]
    assert NEW_ORDER.url(999_999) is None


@pytest.mark.rule("S:REC-12")
def test_the_card_lists_what_the_customer_bought(office, file):
    from addons.orders.bridges.reception import BOUGHT, PURCHASES

    first = office.ordered(office.line("bolt", "30"), to="confirmed")
    second = office.ordered(office.line("bolt", "45"), to="confirmed")
    office.ordered(office.line("bolt", "7"), to="audited")  # Binds nobody yet.

    rows = [(one.number, one.quantity, one.gross) for one in PURCHASES.rows(file.id)]
    assert rows == [(second.number, 45, 4_500), (first.number, 30, 3_000)]
    assert [value for _label, value in BOUGHT.values(file.id)] == [7_500, second.doc_date]


@pytest.mark.rule("P:REC-05")
def test_a_reservation_goes_to_paper_only_when_every_promise_is_approved(office, refused, file):
    from addons.orders.views.reservations import reservation_paper
    from addons.reception.choices import PromiseState
    from addons.reception.models import Promise, Reception
    from app.masterdata.options import list_options, open_list

    form, sam = office.reserved(to="ready"), office.user("sam")
    open_list("reception.promise_type")
    reception = Reception(partner_id=form.partner_id, doc_date=DAY)
    office.session.add(reception)
    office.session.flush()
    kind = list_options("reception.promise_type")[0]
    promise = Promise(reception_id=reception.id, type_id=kind.id, text="2 years free parking")
    office.session.add(promise)

    for state in (PromiseState.REQUESTED, PromiseState.REJECTED):
        promise.state = state
        error = refused(services.print_reservation, form, actor=sam)
        assert (error.code, error.data["promise"]) == ("promise.unapproved", "2 years free parking")
        with pytest.raises(Conflict, match="ready"):
            reservation_paper(form)
    promise.state = PromiseState.APPROVED
    services.print_reservation(form, actor=sam)
    told = [(str(label), words) for _field, label, words in reservation_paper(form).lines]
    assert form.print_count == 1
    assert ("Flat", "89.5 piece × ¥ 9,000 = ¥ 805,500.00") in told
    assert ("Deposit", "¥ 20,000.00") in told
