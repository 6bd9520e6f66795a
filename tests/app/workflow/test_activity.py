"""What happened to a record, in one list."""

import datetime as dt

from app.companies.models import Employee
from app.database.context import set_acting_user
from app.database.session import session
from app.documents.comments import add_comment
from app.documents.references import ref_of
from app.workflow.activity import activity_of
from tests.app.workflow.slips import RESOURCE, Slip, cancel_slip, check_slip


def short(item):
    return item.kind, item.author, item.body, [(str(one.label), one.old, one.new) for one in item.changes]


def test_comments_transitions_and_changes_are_one_list(desk, in_one, user, slip_id):
    def as_ann(work):
        def run():
            set_acting_user(desk.users["ann"])
            try:
                return work(session.get(Slip, slip_id))
            finally:
                session.flush()
                set_acting_user(None)

        return in_one(run)

    in_one(lambda: session.add(
        Employee(number="E1", name="Ann Lee", hired_on=dt.date(2026, 1, 1), user_id=desk.users["ann"])))
    as_ann(lambda slip: setattr(slip, "title", "Better"))
    as_ann(lambda slip: check_slip(slip, actor=user("ann"), minutes=20) and None)
    as_ann(lambda slip: add_comment(ref_of(slip, RESOURCE), body="Please hurry", actor=user("bob")) and None)
    as_ann(lambda slip: cancel_slip(slip, actor=user("ann"), reason="Twice") and None)

    found = in_one(lambda: activity_of(RESOURCE, session.get(Slip, slip_id)))

    bob = in_one(lambda: f"{user('bob').first_name} {user('bob').last_name}")
    assert [short(item) for item in found if item.kind in ("comment", "created") or item.kind == "changed"] == [
        ("comment", bob, "Please hurry", []),
        ("changed", "Ann Lee", "", [("Minutes", "", "20")]),
        ("changed", "Ann Lee", "", [("Title", "First", "Better")]),
        ("created", "", "", []),
    ]
    assert [short(item) for item in found if item.kind == "transition"] == [
        ("transition", "Ann Lee", "Twice", [("State", "Checked", "Cancelled")]),
        ("transition", "Ann Lee", "", [("State", "Draft", "Checked")]),
    ]
    assert [item.at for item in found] == sorted((item.at for item in found), reverse=True)
    assert found[0].to_dict()["changes"] == [{"label": "State", "old": "Checked", "new": "Cancelled"}]


def test_another_company_reads_nothing(desk, in_one, user, slip_id, run_in):
    in_one(lambda: check_slip(session.get(Slip, slip_id), actor=user("ann"), minutes=20) and None)

    assert run_in(desk.two, lambda: activity_of(RESOURCE, Slip(id=slip_id))) == []
