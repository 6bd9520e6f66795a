"""A chain is set on a screen, a request waits, and its signers decide on the page, in bulk, and by REST."""

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

pytestmark = pytest.mark.by_turns

CHAINS, EDIT = "/approvals/chains/", "/approvals/chains/edit"
OF = "visits.Visit:confirm"
INBOX = "/approvals/approvaltask"
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
Login = Callable[..., FlaskClient]


@pytest.fixture
def office(world: Any, run_in: Any) -> Any:
    """Company two, which has visits on: eve administers it; rob is ann's superior, and root his."""
    from app.companies.memberships import add_membership
    from app.companies.models import Employee, OrgUnit, Position, Scope
    from app.companies.org import assign
    from app.database.session import session

    def build() -> None:
        role = world.app.appbuilder.sm.find_role("companies_administrator")
        add_membership(world.two, user_id=world.users["eve"], role_id=role.id, scope=Scope.COMPANY)
        unit = session.scalars(sa.select(OrgUnit)).first()
        people = {one.name: one for one in session.scalars(sa.select(Employee))}
        for name, superior in (("Ann", "Rob"), ("Rob", "Root")):
            position = Position(title=name, org_unit=unit)
            session.add(position)
            session.flush()
            assign(people[name], position=position, superior=people[superior], valid_from=people[name].hired_on)

    run_in(world.two, build)
    return world


@pytest.fixture
def visit(office: Any, run_in: Any) -> int:
    """A planned visit in company two."""
    from addons.visits.models import Visit
    from app.database.session import session

    def make() -> int:
        made = Visit(customer="Kick-off", visited_on=dt.date(2026, 3, 2), minutes=0)
        session.add(made)
        session.flush()
        return made.id

    return run_in(office.two, make)


STEPS = {
    "step": ["1", "2"],
    "step-1-key": "step1", "step-1-name": "Superior", "step-1-who": "superior", "step-1-superior": "1",
    "step-1-mode": "one", "step-2-key": "step2", "step-2-name": "Second", "step-2-who": "superior",
    "step-2-superior": "2", "step-2-mode": "one",
}  # fmt: skip
LONG = {
    **STEPS, "rule": ["1", "2"], "rule-1-name": "Short", "rule-1-when": "1", "rule-1-1-fact": "asked.minutes",
    "rule-1-1-operator": "below", "rule-1-1-value": "30", "rule-2-name": "Others", "rule-2-steps": ["step1", "step2"],
}  # fmt: skip


def put(client: FlaskClient, values: dict[str, Any], do: str = "activate") -> Any:
    """Send the form of the chain."""
    return client.post(EDIT, data={"of": OF, **values, "do": do})


def confirm(client: FlaskClient, visit: int, minutes: int = 45) -> Any:
    """Press the button of the visit."""
    return client.post(f"/visits/visit/transition/confirm/{visit}", data={"minutes": minutes}, follow_redirects=True)


def tasks(client: FlaskClient) -> list[int]:
    """Return the ids of what waits for somebody, from the inbox's REST."""
    return [row["id"] for row in client.get("/api/v1/approvals/approvaltask/").get_json()["result"]]


def state(client: FlaskClient, visit: int) -> str:
    """Return the state of the visit."""
    answer: str = client.get(f"/api/v1/visits/visit/{visit}").get_json()["result"]["state"]
    return answer


@pytest.mark.rule("S:CORE-09")
def test_a_chain_is_set_on_the_screen_and_signed_on_the_page(office: Any, login: Login, visit: int) -> None:
    eve = login("eve", office.two)
    assert "Confirm" in eve.get(CHAINS).text
    assert put(eve, LONG).status_code == 302
    assert "In force: version 1" in eve.get(CHAINS).text
    ann, rob, root = (login(name, office.two) for name in ("ann", "rob", "root"))

    assert "Sent for approval: Confirm" in confirm(ann, visit).text
    page = ann.get(f"/visits/visit/show/{visit}").text
    assert "“Confirm” waits for approval: Superior." in page
    assert state(ann, visit) == "planned"
    assert (tasks(ann), tasks(root)) == ([], [])
    (task,) = tasks(rob)
    shown = rob.get(f"{INBOX}/show/{task}").text
    assert "Kick-off" in shown
    assert "“Short” did not fire" in shown
    assert "because not: Confirm · Minutes below 30" in shown

    blank = rob.post(f"{INBOX}/transition/agree/{task}", data={"opinion": " "})
    assert (blank.status_code, tasks(rob)) == (422, [task])
    assert rob.post(f"{INBOX}/transition/agree/{task}", data={"opinion": "Good"}).status_code == 302
    assert tasks(rob) == []
    (second,) = tasks(root)
    answer = root.post(f"/api/v1{INBOX}/{second}/agree", json={"opinion": "Fine"})
    assert answer.status_code == 200
    assert state(ann, visit) == "done"
    (file,) = [row["id"] for row in ann.get("/api/v1/approvals/approvalfile/").get_json()["result"]]
    said = ann.get(f"/approvals/approvalfile/show/{file}").text
    assert "Good" in said
    assert "Fine" in said


def test_a_document_below_the_band_needs_nobody(office: Any, login: Login, visit: int) -> None:
    put(login("eve", office.two), LONG)
    ann = login("ann", office.two)
    assert "Done: Confirm" in confirm(ann, visit, 29).text
    assert state(ann, visit) == "done"


def test_rest_answers_that_it_waits(office: Any, login: Login, visit: int) -> None:
    put(login("eve", office.two), LONG)
    ann = login("ann", office.two)
    answer = ann.post(f"/api/v1/visits/visit/{visit}/confirm", json={"minutes": 45})
    assert (answer.status_code, answer.get_json()["result"]["state"]) == (202, "planned")
    again = ann.post(f"/api/v1/visits/visit/{visit}/confirm", json={"minutes": 45})
    assert (again.status_code, again.get_json()["error"]) == (409, "approval.pending")


def test_whoever_takes_no_part_sees_nothing_of_it(office: Any, login: Login, visit: int) -> None:
    put(login("eve", office.two), LONG)
    ann, rob, root = (login(name, office.two) for name in ("ann", "rob", "root"))
    confirm(ann, visit)
    (task,) = tasks(rob)
    for client in (ann, root):
        assert client.get(f"{INBOX}/show/{task}").status_code == 404
        assert client.post(f"{INBOX}/transition/agree/{task}", data={"opinion": "Mine"}).status_code == 404
        assert client.post(f"/api/v1{INBOX}/{task}/agree", json={"opinion": "Mine"}).status_code == 404
    assert tasks(rob) == [task]


@pytest.mark.rule("S:CORE-09", "P:COR-02")
def test_a_link_to_what_is_decided_says_who_decided_and_when(
    office: Any, login: Login, visit: int, run_in: Any
) -> None:
    from app.database.session import session
    from app.notices.models import Notice

    put(login("eve", office.two), LONG)
    ann, rob = login("ann", office.two), login("rob", office.two)
    confirm(ann, visit)
    (task,) = tasks(rob)
    told = sa.select(Notice.id).where(Notice.user_id == office.users["rob"])
    (notice,) = run_in(office.two, lambda: session.scalars(told).all())
    link = f"/notices/{office.two}/{notice}"
    assert rob.get(link).headers["Location"] == f"{INBOX}/show/{task}"
    assert rob.post(f"{INBOX}/transition/agree/{task}", data={"opinion": "Good"}).status_code == 302

    answer = rob.get(link)
    assert answer.headers["Location"] == f"{INBOX}/show/{task}"
    page = rob.get(link, follow_redirects=True)
    assert page.request.path == "/approvals/approvalfile/show/1"
    assert re.search(r"“Superior” is decided: Rob, \d{4}-\d\d-\d\d \d\d:\d\d, Agree\.", page.text)
    assert "is decided" in rob.post(f"/notices/{notice}/open", follow_redirects=True).text

    again = rob.post(f"{INBOX}/transition/disagree/{task}", data={"opinion": "No"}, follow_redirects=True)
    assert "“Superior” is decided: Rob" in again.text
    lines = ann.get("/approvals/approvalfile/show/1").text
    assert ("Good" in lines, ">No<" in lines) == (True, False)
    assert ann.get(f"{INBOX}/show/{task}", follow_redirects=True).status_code == 200  # She asked for it.


def test_who_asked_may_withdraw(office: Any, login: Login, visit: int) -> None:
    put(login("eve", office.two), LONG)
    ann, rob = login("ann", office.two), login("rob", office.two)
    confirm(ann, visit)
    (file,) = [row["id"] for row in ann.get("/api/v1/approvals/approvalfile/").get_json()["result"]]
    refused = rob.post(f"/api/v1/approvals/approvalfile/{file}/withdraw", json={})
    assert (refused.status_code, refused.get_json()["error"]) == (403, "approval.not_requester")
    assert ann.post(f"/api/v1/approvals/approvalfile/{file}/withdraw", json={}).status_code == 200
    assert tasks(rob) == []
    assert "Sent for approval" in confirm(ann, visit).text


def test_many_are_signed_at_once(office: Any, login: Login, visit: int, run_in: Any) -> None:
    put(login("eve", office.two), LONG)
    ann, rob = login("ann", office.two), login("rob", office.two)
    confirm(ann, visit)
    (task,) = tasks(rob)
    sent = {f"version-{task}": "1", "opinion": "All fine"}
    assert "Kick-off" in rob.post(f"{INBOX}/bulk/agree", data=sent).text
    assert tasks(rob) == []


@pytest.mark.rule("P:COR-01")
def test_a_wrong_chain_keeps_what_was_typed_and_changes_nothing(office: Any, login: Login) -> None:
    eve = login("eve", office.two)
    page = put(eve, {**LONG, "rule-1-1-value": "much", "step-1-name": "My first step"})
    assert page.status_code == 422
    assert "Rule “Short”: “much” is no value of Confirm · Minutes." in page.text
    assert 'value="My first step"' in page.text
    role = {**STEPS, "step-1-who": "role", "step-1-role": "visits_desk", "rule": ["1"], "rule-1-name": "All"}
    page = put(eve, {**role, "rule-1-steps": ["step1"]})
    assert page.status_code == 422
    assert "“Superior” has no holder." in page.text
    assert "In force" not in eve.get(CHAINS).text


def test_the_buttons_of_the_form_add_move_and_remove(office: Any, login: Login) -> None:
    eve = login("eve", office.two)

    def names(do: str) -> list[str]:
        return re.findall(r'name="(?:step|rule)-\d+-name" value="([^"]*)"', put(eve, LONG, do).text)

    assert names("") == ["Superior", "Second", "Short", "Others"]
    assert names("add-step") == ["Superior", "Second", "", "Short", "Others"]
    assert names("add-rule") == ["Superior", "Second", "Short", "", "Others"]
    assert names("up-step:2") == ["Second", "Superior", "Short", "Others"]
    assert names("drop-rule:1") == ["Superior", "Second", "Others"]
    assert names("drop-step:1") == ["Second", "Short", "Others"]
    for nonsense in ("drop-step:9", "up-rule:x", "fly", "drop-when:1.9", "add-when:", "up-step:1.2.3"):
        assert names(nonsense) == ["Superior", "Second", "Short", "Others"]
    assert "In force" not in eve.get(CHAINS).text


def test_a_draft_is_rehearsed_over_the_documents_that_are_there(office: Any, login: Login, visit: int) -> None:
    eve = login("eve", office.two)
    run = put(eve, LONG, "rehearse")
    assert "0 of 0 documents would take another path" in run.text  # She sees no visits.
    assert "In force" not in eve.get(CHAINS).text


@pytest.mark.rule("S:CORE-09")
def test_a_draft_is_rehearsed_over_a_month(office: Any, login: Login, visit: int) -> None:
    root, month = login("root", office.two), f"{dt.datetime.now(SHANGHAI):%Y-%m}"

    run = put(root, {**LONG, "month": month}, "rehearse").text

    assert "1 of 1 documents would take another path than now" in run
    assert f'<a href="/visits/visit/show/{visit}">' in run
    assert "nobody signs" in run
    assert "Minutes) is not known of 1 documents, which were never asked for; there it counts as blank." in run
    plain = {**LONG, "rule": ["1"], "rule-1-name": "All", "rule-1-when": [], "month": month}
    assert "is not known of" not in put(root, plain, "rehearse").text
    assert "0 of 0 documents" in put(root, LONG, "rehearse").text  # Last month.
    assert "1 of 1 documents" in put(root, {**LONG, "month": "newest"}, "rehearse").text
    file = put(root, {**LONG, "month": month}, "rehearse-file")
    last = list(openpyxl.load_workbook(io.BytesIO(file.data)).active.values)[-1]
    assert last[1:] == (None, "Others")
    wrong = put(root, {**LONG, "month": "2199-01"}, "rehearse")
    assert (wrong.status_code, "Choose a month up to" in wrong.text) == (422, True)
    assert 'value="Superior"' in wrong.text
    assert "In force" not in root.get(CHAINS).text


def test_whoever_switches_an_addon_off_sees_its_running_approvals(office: Any, login: Login, visit: int) -> None:
    put(login("eve", office.two), LONG)
    root = login("root", office.two)
    assert "Running approvals" not in root.get("/apps/visits/preview").text

    confirm(login("ann", office.two), visit)

    assert "Running approvals: 1" in root.get("/apps/visits/preview").text


def test_who_may_not_set_chains_only_looks(office: Any, login: Login) -> None:
    ann = login("ann", office.two)
    assert ann.get(CHAINS).status_code == 403
    assert put(ann, LONG).status_code == 403


def test_the_clock_of_approvals_is_a_job(office: Any, login: Login, visit: int, run_in: Any) -> None:
    from app.approvals.models import ApprovalTask
    from app.database.columns import utc_now
    from app.database.session import session
    from app.jobs.registry import registry

    put(login("eve", office.two), {**LONG, "step-1-unit": "minutes", "step-1-time": "1", "step-1-then": "remind"})
    confirm(login("ann", office.two), visit)

    def run() -> Any:
        registered = registry().jobs["approvals.mind_approvals"]
        task = session.scalars(sa.select(ApprovalTask)).one()
        task.due_at = utc_now() - dt.timedelta(minutes=1)
        session.flush()
        registered.function(None)
        session.refresh(task)
        return task.overdue_at

    assert run_in(office.two, run) is not None
    assert "approvals.mind_approvals" in office.app.extensions["jobs"].schedules


def test_nobody_overwrites_the_chain_that_a_colleague_has_put_in_force_meanwhile(office: Any, login: Login) -> None:
    eve = login("eve", office.two)
    put(eve, LONG)
    form = eve.get(EDIT, query_string={"of": OF}).text
    (stamp,) = re.findall(r'name="stamp" value="([^"]*)"', form)
    assert put(eve, {**LONG, "rule-1-name": "Somebody else's"}).status_code == 302

    late = put(eve, {**LONG, "rule-1-name": "Mine", "stamp": stamp})

    assert late.status_code == 422
    assert "Somebody else has changed this record meanwhile" in late.text
    assert 'value="Mine"' in late.text, "What was typed is kept."
    assert "Somebody else&#39;s" in eve.get(EDIT, query_string={"of": OF}).text
