"""Ticked receptions on the reception record: each is marked as printed by its own step, or refused by name."""

import io
import re

import pypdfium2
import pytest
import sqlalchemy as sa

from addons.reception.models import Reception
from app.audit.models import AccessEntry, AccessKind
from app.database.columns import utc_now
from tests.addons.reception.fixtures import Office
from tests.addons.reception.test_customers import opened
from tests.addons.reception.test_grants import granted
from tests.addons.reception.test_reports import assessed

VIEW = "/reception/reception"


def text_of(client, *keys):
    with client.get(f"{VIEW}/printed/?ids={','.join(map(str, keys))}") as answer:
        assert answer.status_code == 200, answer.text
        with pypdfium2.PdfDocument(io.BytesIO(answer.data)) as document:
            return [page.get_textpage().get_text_bounded() for page in document]


def states(world, run_in):
    from app.database.session import session

    query = sa.select(Reception.state, Reception.print_count, Reception.printed_at).order_by(Reception.id)
    rows = run_in(world.one, lambda: session.execute(query).all())
    return [(row.state.value, row.print_count, row.printed_at is not None) for row in rows]


@pytest.mark.rule("P:REC-03", "P:RP-01")
def test_ticked_receptions_are_one_record_and_each_is_marked(world, login, run_in):
    from addons.reception import services
    from app.database.session import session

    def make():
        office = Office(world)
        assessed(office, name="amy")
        assessed(office, name="amy", phone="13900000000")
        services.create_reception(
            actor=office.user("amy"), visitor_name="钱大妈", owner_id=office.seat("amy").employee_id
        )

    run_in(world.one, make)
    amy = login("amy", world.one)
    before = amy.post(f"{VIEW}/bulk/print_out", data={"rowid": ["1", "2", "3"]}).text
    sent = re.findall(r'name="version-(\d+)" value="(\d+)"', before)
    assert [key for key, _version in sent] == ["1", "2"]
    assert "works only in state “Assessed”; this is “Draft”." in before

    answer = amy.post(f"{VIEW}/bulk/print_out", data={f"version-{key}": version for key, version in sent})
    assert "printed/?ids=1" in answer.text
    assert states(world, run_in) == [("printed", 1, True), ("printed", 1, True), ("draft", 0, False)]
    (page,) = text_of(amy, 1, 2, 3)
    assert "Reception record" in page
    assert page.count("王小明") == 2
    assert "钱大妈" not in page

    versions = run_in(world.one, lambda: session.get_one(Reception, 1).version)
    again = amy.post(f"{VIEW}/bulk/print_out", data={"version-1": str(versions)})
    assert "printed/?ids=1" in again.text  # Printed once more, it is not marked once more.
    assert states(world, run_in)[0] == ("printed", 1, True)


def test_a_customer_file_is_a_document(world, login, run_in):
    run_in(world.one, lambda: assessed(Office(world)) and None)

    with login("max", world.one).get("/reception/customer/printed/?ids=1") as answer:
        assert answer.status_code == 200, answer.text
        with pypdfium2.PdfDocument(io.BytesIO(answer.data)) as document:
            text = document[0].get_textpage().get_text_bounded()
    assert "Person" in text
    assert "True" not in text
    assert "Key customer No" in text
    assert login("amy", world.one).get("/reception/customer/printed/?ids=1").status_code == 403


@pytest.mark.rule("P:CRM-20", "S:REC-18")
def test_paper_for_a_colleague_who_was_granted_the_customer_leaves_a_trace(world, login, run_in):
    from app.companies.memberships import add_membership
    from app.companies.models import Scope
    from app.database.session import session
    from app.security.own_roles import change_rights, make_role
    from app.security.sync import pair_ids

    def prepare():
        office = Office(world)
        customer = opened(office)
        granted(office, customer, on=utc_now().date())
        role = make_role("Printer", company_id=world.one)
        ids = pair_ids()
        rights = {ids[f"can_{verb}", "reception.Customer"] for verb in ("list", "show", "export")}
        change_rights(role, give=rights, take=set())
        add_membership(world.one, user_id=world.users["bob"], role_id=role.id, scope=Scope.OWN)
        return customer.id

    key = run_in(world.one, prepare)
    with login("bob", world.one).get(f"/reception/customer/printed/?ids={key}") as answer:
        assert answer.status_code == 200, answer.text
        with pypdfium2.PdfDocument(io.BytesIO(answer.data)) as document:
            assert "13812345678" in document[0].get_textpage().get_text_bounded()

    traces = sa.select(AccessEntry.user_id, AccessEntry.kind, AccessEntry.resource, AccessEntry.columns)
    (trace,) = run_in(world.one, lambda: session.execute(traces.where(AccessEntry.kind == AccessKind.EXPORT)).all())
    assert (trace.user_id, trace.resource) == (world.users["bob"], "reception.Customer")
    assert "phone" in trace.columns
