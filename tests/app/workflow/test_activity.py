"""What happened to a record, in one list."""

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

    as_ann(lambda slip: setattr(slip, "title", "Better"))
    as_ann(lambda slip: check_slip(slip, actor=user("ann"), minutes=20) and None)
    as_ann(lambda slip: add_comment(ref_of(slip, RESOURCE), body="Please hurry", actor=user("rob")) and None)
    as_ann(lambda slip: cancel_slip(slip, actor=user("ann"), reason="Twice") and None)

    found = in_one(lambda: activity_of(RESOURCE, session.get(Slip, slip_id)))

    assert [short(item) for item in found if item.kind != "transition"] == [
        ("comment", "Rob", "Please hurry", []),
        ("changed", "Ann", "", [("Minutes", "", "20")]),
        ("changed", "Ann", "", [("Title", "First", "Better")]),
        ("created", "", "", []),
    ]
    assert [short(item) for item in found if item.kind == "transition"] == [
        ("transition", "Ann", "Twice", [("State", "Checked", "Cancelled")]),
        ("transition", "Ann", "", [("State", "Draft", "Checked")]),
    ]
    assert [item.at for item in found] == sorted((item.at for item in found), reverse=True)
    assert found[0].to_dict()["changes"] == [{"label": "State", "old": "Checked", "new": "Cancelled"}]


def test_another_company_reads_nothing(desk, in_one, user, slip_id, run_in):
    in_one(lambda: check_slip(session.get(Slip, slip_id), actor=user("ann"), minutes=20) and None)

    assert run_in(desk.two, lambda: activity_of(RESOURCE, Slip(id=slip_id))) == []
