"""The boards of the sales office: customers by intent, inquiries by what became of them."""

import re

import pytest

from addons.reception import services
from addons.reception.choices import Intent
from addons.reception.models import Customer

BOARD = "/reception/customer/board/"


@pytest.fixture
def customer(world, run_in):
    """The id of a customer of Amy's, without an intent."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.masterdata.options import find_option, open_list

    def make():
        open_list("reception.source")
        amy = session.get_one(User, world.users["amy"])
        source_id = find_option("reception.source", "Visit").id
        return services.create_customer(actor=amy, name="王小明", phone="13812345678", source_id=source_id).id

    return run_in(world.one, make)


def column(client, key):
    """Return the markup of one column of the board."""
    page = client.get(BOARD)
    assert page.status_code == 200
    return re.search(rf'data-column-key="{key}".*?</section>', page.text, re.DOTALL).group()


def intent(world, run_in, key):
    """Return the stored intent and version of a customer."""
    from app.database.session import session

    def read():
        found = session.get_one(Customer, key)
        return found.intent, found.version

    return run_in(world.one, read)


def test_a_card_moves_through_the_service_for_changes(world, login, run_in, customer):
    amy = login("amy", world.one)
    before, version = intent(world, run_in, customer)
    assert before is None
    assert "王小明" in column(amy, "")

    sent = {"to": "B", "version": str(version)}
    assert amy.post(f"/reception/customer/move/{customer}", data=sent).status_code == 302
    assert intent(world, run_in, customer)[0] is Intent.B
    assert "王小明" in column(amy, "B")
    assert "王小明" not in column(amy, "")

    stale = amy.post(f"/reception/customer/move/{customer}", data={"to": "C", "version": str(version)})
    assert stale.status_code == 422
    assert "Somebody else has changed this record" in stale.text
    unknown = amy.post(f"/reception/customer/move/{customer}", data={"to": "Z", "version": str(version + 1)})
    assert unknown.status_code == 422
    assert intent(world, run_in, customer)[0] is Intent.B


@pytest.mark.rule("P:CRM-20")
def test_others_see_no_number_on_a_card_and_do_not_move_it(world, login, run_in, customer):
    dee = login("dee", world.one)
    _intent, version = intent(world, run_in, customer)

    page = dee.get(BOARD)
    assert "13812345678" not in page.text
    moved = dee.post(f"/reception/customer/move/{customer}", data={"to": "B", "version": str(version)})
    assert moved.status_code == 403
    assert intent(world, run_in, customer) == (None, version)
