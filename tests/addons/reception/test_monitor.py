"""All documents by state, with the eight kinds that reception leads through states (P:COR-04)."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from addons.reception.choices import Intent
from tests.addons.reception.fixtures import Office
from tests.addons.reception.test_receptions import assessed

PAGE, MOST_STATEMENTS = "/statistics/monitor/", 12


def counts(page: str) -> dict[str, int]:
    """Return how many records of each kind the reader has."""
    found = re.findall(r'<h2 [^>]*><a [^>]*>([^<]*)</a><span class="pill">(\d+)</span>', page)
    return {title: int(count) for title, count in found}


@pytest.mark.rule("P:COR-04")
@pytest.mark.parametrize("scope", ["team", "unit"])
def test_a_supervisor_counts_her_people_in_few_statements(world: Any, login: Any, run_in: Any, scope: str) -> None:
    from app.companies.memberships import add_membership
    from app.companies.models import Membership, Scope
    from app.database.session import db, session

    def work() -> None:
        assessed(Office(world), Intent.A)
        held = sa.update(Membership).filter_by(user_id=world.users["sue"], company_id=world.one)
        session.execute(held.values(scope=Scope(scope)))
        role = world.app.appbuilder.sm.find_role("statistics_management")
        add_membership(world.one, user_id=world.users["sue"], role_id=role.id, scope=Scope.OWN)

    run_in(world.one, work)
    sue = login("sue", world.one)
    shown = counts(sue.get(PAGE).text)
    assert next(iter(shown)) == "Receptions"  # The documents come first.
    assert len(shown) == 9
    assert shown["Receptions"] == 1

    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    with world.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        sue.get(PAGE)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert len(found) <= MOST_STATEMENTS
