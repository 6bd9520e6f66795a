"""What was not done in time stands on one report, for those whom it concerns (P:RP-24)."""

import datetime as dt
import io
import re

import openpyxl
import pytest
import sqlalchemy as sa

from tests.addons.payments.till import FIRST_DAY, Till, at

RULE = pytest.mark.rule("P:RP-24")
REPORT = "/reports/approvals.overdue"
PERIOD = "period_from=2026-03-01&period_to=2026-03-31"
MINUTE = dt.timedelta(minutes=1)


def late_things(world):
    """One of each, all due on 2026-03-02 at some hour; return the ids."""
    from addons.payments.models import CashDay
    from app.changes.models import ChangeRequest, ChangeState
    from app.companies.models import Employee, OrgUnit
    from app.database.session import session
    from app.issues.models import Issue, IssueState

    till = Till(world)
    people = {one.name: one for one in session.scalars(sa.select(Employee))}
    unit = session.scalars(sa.select(OrgUnit)).one().id
    owed = till.owed(50_000)
    till.posted(("cash", 8_000), receivable_id=owed.id)
    day = session.scalars(sa.select(CashDay)).one()
    day.owner_id, day.org_unit_id = people["Cai"].id, unit
    base = {
        "resource": "payments.Receivable", "record_id": owed.id, "record_version": 1, "changes": "{}", "reason": "Why",
        "requester_id": world.users["abe"], "owner_id": people["Abe"].id, "org_unit_id": unit,
        "submitted_to_id": people["Fay"].id, "doc_date": FIRST_DAY,
    }  # fmt: skip
    issue = {"is_major": True, "opened_at": at("08:00"), "owner_id": people["Abe"].id, "org_unit_id": unit}
    session.add_all(
        [
            ChangeRequest(**base, number="CR1", due_at=at("09:00"), decided_at=at("10:30"), state=ChangeState.APPLIED),
            ChangeRequest(**base, number="CR2", due_at=at("09:00"), decided_at=at("09:00"), state=ChangeState.REFUSED),
            ChangeRequest(**base, number="CR3", due_at=at("09:00"), state=ChangeState.WITHDRAWN),
            Issue(**issue, title="Crane broken", due_at=at("11:00"), state=IssueState.OPEN),
            Issue(**issue, title="In time", due_at=at("11:00"), escalated_at=at("11:00"), state=IssueState.ESCALATED),
        ]
    )
    session.flush()
    return {"day": day.id, "fay": people["Fay"].id, "unit": unit}


@pytest.fixture
def late(world, run_in):
    return run_in(world.one, lambda: late_things(world))


def rows_of(client, query=""):
    with client.get(f"{REPORT}/excel?{PERIOD}{query}") as answer:
        assert answer.status_code == 200, answer.text
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    found = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    return [row for row in found if row]


def told(rows, name):
    return next((row for row in rows if str(row[0]).startswith(name)), None)


@RULE
def test_what_is_late_is_named_with_step_holder_due_and_done(login, world, late):
    client = login("fay", world.one)
    rows = rows_of(client)
    change = told(rows, "CR1")
    assert change[:3] == ["CR1", "Decide on the change", "Fay"]
    assert change[-2:] == ["Done late", dt.timedelta(minutes=90)]
    assert told(rows, "Crane broken") is None  # She lists issues, and may not take them out of the system.
    assert told(rows, "Desk")[1:3] == ["Count and hand in", "Cai"]
    assert [told(rows, name) for name in ("CR2", "CR3", "In time")] == [None, None, None]
    page = client.get(f"{REPORT}?{PERIOD}").text
    issue = re.search(r"<tr[^>]*>(?:(?!</tr>).)*Crane broken.*?</tr>", page, re.DOTALL)[0]
    assert all(word in issue for word in ("Bring before the leader", "Abe", "Still open"))
    assert "In time" not in page
    assert re.search(r'data-label="Late by" class="number[^>]*>\s*1 h 30 min<', page)
    assert 'href="/changes/changerequest/show/1"' in page
    assert 'href="/issues/issue/show/1"' in page
    assert f'href="/payments/cashday/show/{late["day"]}"' in page
    with client.get(f"{REPORT}/pdf?{PERIOD}") as printed:
        assert printed.data.startswith(b"%PDF")


@RULE
def test_it_is_asked_by_person_state_unit_and_period(login, world, late):
    client = login("fay", world.one)
    mine = rows_of(client, f"&person={late['fay']}")
    assert (bool(told(mine, "CR1")), told(mine, "Desk")) == (True, None)
    still = rows_of(client, "&state=open")
    assert (told(still, "CR1"), bool(told(still, "Desk"))) == (None, True)
    assert told(rows_of(client, f"&team={late['unit']}"), "CR1")
    with client.get(f"{REPORT}?period_from=2026-04-01&period_to=2026-04-30") as empty:
        assert "CR1" not in empty.text
    wrong = client.get(f"{REPORT}?period_from=2026-04-01&period_to=2026-03-01")
    assert (wrong.status_code, "the last day may not be before" in wrong.text) == (422, True)


@RULE
def test_nobody_reads_of_what_he_may_not_list(login, world, late):
    page = login("nil", world.one).get(f"{REPORT}?{PERIOD}")  # A clerk with her own records only.
    assert page.status_code == 200
    assert all(word not in page.text for word in ("CR1", "Crane broken", "Count and hand in"))
    asker = login("abe", world.one).get(f"{REPORT}?{PERIOD}")
    assert "CR1" in asker.text  # He asked for it.


@RULE
def test_a_signature_that_is_late_names_the_step_until_it_is_given(world, run_in, login):
    from app.approvals.models import ApprovalTask
    from app.database.session import session
    from tests.addons.payments.chains import sign

    def chain():
        from app.approvals.chains import activate, save_draft
        from app.companies.models import Employee
        from app.workflow.approval import workflow_of
        from app.workflow.facts import facts_of

        till = Till(world)
        flow = workflow_of("payments.Receivable")
        facts = facts_of(flow, flow.transitions["open"])
        signer = session.scalars(sa.select(Employee).where(Employee.name == "Fay")).one()
        deadline = {"unit": "minutes", "count": 30, "remind_before": 0, "then": "remind"}
        step = {"key": "a", "name": "Head", "who": "person", "value": str(signer.id), "deadline": deadline}
        data = {"rules": [{"name": "All", "when": [], "steps": ["a"]}], "steps": [step]}
        draft = save_draft("payments.Receivable", "open", data=data, facts=facts)
        activate(draft, facts=facts, actor=till.user("fay"), now=at("08:00"))

    def ask():
        from addons.payments import services

        till = Till(world)
        services.bind_receivable(till.owed(500, opened=False, subject="Fence"), actor=till.user("abe"), now=at("09:00"))
        return session.scalars(sa.select(ApprovalTask)).one().file_id

    run_in(world.one, chain)
    file_id = run_in(world.one, ask)
    fay = login("fay", world.one)
    waiting = told(rows_of(fay), "Fence")
    assert (waiting[1:3], waiting[-2]) == (["Make binding · Head", "Fay"], "Still open")
    run_in(world.one, lambda: sign(Till(world), file_id, by="fay", now=at("10:00")))
    assert told(rows_of(fay), "Fence")[-2] == "Done late"
