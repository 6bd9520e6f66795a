"""Customers are queried by any attribute, and a query is kept as a segment for everybody (S:REC-15)."""

import re
from itertools import cycle

import pytest

from addons.reception import services
from addons.reception.choices import Grade

LIST = "/reception/customer/list/"
SEGMENT = "_flt_0_grade=A&_flt_1_region.name=South+China"


@pytest.fixture
def customers(world, run_in):
    """120 customers of Amy's, 9 of them of grade A in 华南, and 2 such ones of Bob's."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.session import session
    from app.masterdata.options import find_option, open_list

    def make():
        for name in ("reception.source", "reception.region"):
            open_list(name)
        source_id = find_option("reception.source", "Visit").id
        south, north = (find_option("reception.region", name).id for name in ("South China", "North China"))
        wanted = [("amy", Grade.A, south)] * 9 + [("bob", Grade.A, south)] * 2
        others = cycle([("amy", Grade.A, north), ("amy", Grade.B, south), ("amy", Grade.C, None)])
        rows = [*wanted, *(next(others) for _number in range(111))]
        for number, (owner, grade, region_id) in enumerate(rows):
            actor = session.get_one(User, world.users[owner])
            made = services.create_customer(
                actor=actor, name=f"客户{number}", phone=f"138{number:08}", source_id=source_id
            )
            made.grade, made.region_id = grade, region_id

    run_in(world.one, make)


def total(client, query):
    """Return how many customers a list says that it has."""
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200
    return int(re.search(r'<h1>[^<]*</h1><span class="pill">([\d,]+)', page.text)[1])


@pytest.mark.rule("S:REC-15")
def test_of_120_nine_are_of_grade_a_in_the_south(world, login, customers):
    amy, bob, max_ = login("amy", world.one), login("bob", world.one), login("max", world.one)

    assert (total(amy, ""), total(amy, SEGMENT)) == (120, 9)
    max_.post("/reception/customer/filters/save", data={"name": "A级华南", "query": SEGMENT, "is_shared": "on"})
    (address,) = re.findall(
        r'href="/reception/customer/list/\?([^"]+)"',
        bob.get("/reception/customer/filters/", headers={"HX-Request": "true"}).text,
    )

    assert [total(client, address.replace("&amp;", "&")) for client in (amy, bob, max_)] == [9, 2, 11]
