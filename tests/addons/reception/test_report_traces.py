"""A report that leaves the system leaves a trace, as Excel and on paper."""

import pytest
import sqlalchemy as sa


@pytest.mark.rule("P:CRM-20")
@pytest.mark.parametrize("kind", ["excel", "pdf"])
def test_a_report_that_leaves_is_recorded(world, login, run_in, kind):
    from app.audit import SecurityEvent
    from app.database.session import session

    name = min(one for one in world.app.extensions["reports"] if one.startswith("reception."))
    with login("max", world.one).get(f"/reports/{name}/{kind}") as answer:
        assert answer.status_code == 200

    def traces():
        found = session.scalars(sa.select(SecurityEvent).where(SecurityEvent.kind == "report.exported"))
        return [(one.user_id, one.company_id, one.details) for one in found]

    assert run_in(world.one, traces) == [(world.users["max"], world.one, {"report": name, "rows": 0})]
