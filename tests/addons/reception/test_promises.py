"""Promises to visitors: nothing holds that the sales manager has not approved."""

import pytest

from addons.reception import api, services
from addons.reception.choices import Intent, PromiseState, ReceptionState
from app.errors import Conflict, NotAllowed
from tests.addons.reception.office import DAY, at
from tests.addons.reception.test_receptions import assessed


def promised(office, by="amy", **values):
    """Return a reception with the promise of the rule's example."""
    from app.masterdata.options import find_option, open_list

    open_list("reception.promise_type")
    reception = assessed(office, Intent.A)
    promise = services.create_promise(
        actor=office.user(by),
        reception_id=reception.id,
        type_id=find_option("reception.promise_type", "Gift").id,
        text="2 years free parking",
    )
    return reception, promise


@pytest.mark.rule("P:REC-05")
def test_an_unapproved_promise_is_known_to_who_prints_contracts(office):
    reception, promise = promised(office)
    assert api.unapproved_promises(reception.partner_id) == [promise]

    services.approve_promise(promise, actor=office.user("max"))

    assert promise.state is PromiseState.APPROVED
    assert api.unapproved_promises(reception.partner_id) == []


@pytest.mark.rule("P:REC-05")
def test_a_rejected_promise_counts_until_the_customer_is_told(office):
    reception, promise = promised(office)
    services.reject_promise(promise, actor=office.user("max"), reason="not ours to give")
    assert api.unapproved_promises(reception.partner_id) == [promise]

    services.withdraw_promise(promise, actor=office.user("amy"), reason="told by phone")
    assert api.unapproved_promises(reception.partner_id) == []


@pytest.mark.rule("P:REC-05")
def test_a_promise_never_holds_the_reception_record_back(office):
    reception, _promise = promised(office)
    assert services.print_day(DAY, actor=office.user("amy"), now=at("18:00")) == 1
    assert reception.state is ReceptionState.PRINTED


@pytest.mark.rule("P:REC-05")
@pytest.mark.parametrize("by", ["amy", "sue", "mia", "dee"])
def test_only_the_manager_approves(office, refused, by):
    _reception, promise = promised(office)
    error = refused(services.approve_promise, promise, actor=office.user(by))
    assert isinstance(error, NotAllowed)
    assert promise.state is PromiseState.REQUESTED


@pytest.mark.rule("P:REC-05")
def test_nobody_approves_his_own(office, refused):
    _reception, promise = promised(office, by="max")
    error = refused(services.approve_promise, promise, actor=office.user("max"))
    assert isinstance(error, NotAllowed)
    assert error.code == "promise.own"
    assert promise.state is PromiseState.REQUESTED


def test_a_decided_promise_is_not_reworded(office, refused):
    _reception, promise = promised(office)
    services.update_promise(promise, actor=office.user("amy"), text="1 year free parking")
    services.approve_promise(promise, actor=office.user("max"))

    error = refused(services.update_promise, promise, actor=office.user("amy"), text="9 years free parking")
    assert isinstance(error, Conflict)
    assert promise.text == "1 year free parking"


def test_a_promise_belongs_to_a_reception_within_reach(office, refused):
    reception, promise = promised(office)
    error = refused(
        services.create_promise,
        actor=office.user("bob"),
        reception_id=reception.id,
        type_id=promise.type_id,
        text="anything",
    )
    assert (error.code, error.field) == ("reception.missing", "reception_id")
