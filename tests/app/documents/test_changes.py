"""Audit entries in words."""

import datetime as dt
from zoneinfo import ZoneInfo

from app.companies.models import Employee
from app.database.session import session
from app.documents.changes import describe_changes
from tests.app.workflow.slips import Slip

SHANGHAI = ZoneInfo("Asia/Shanghai")


def words(change):
    return str(change.label), change.old, change.new


def test_values_are_shown_as_people_read_them(in_one):
    changes = {
        "title": ["First", "x" * 300],
        "fee": [None, "9.90"],
        "urgent": [False, True],
        "done_on": [None, "2026-03-03"],
        "posted_at": [None, "2026-03-02T17:30:00+00:00"],
        "state": ["draft", "done"],
        "minutes": [5, None],
        "no_such_column": ["•••", "•••"],
    }

    (found,) = in_one(lambda: describe_changes(Slip, [changes], zone=SHANGHAI))

    assert [words(change) for change in found] == [
        ("Title", "First", "x" * 200),
        ("Fee", "", "9.90"),
        ("Urgent", "No", "Yes"),
        ("Done on", "", "2026-03-03"),
        ("Posted at", "", "2026-03-03 01:30"),
        ("State", "Draft", "Done"),
        ("Minutes", "5", ""),
        ("No such column", "•••", "•••"),
    ]


def test_references_are_shown_by_title(in_one):
    def describe():
        owner = Employee(number="E1", name="Ann Lee", hired_on=dt.date(2026, 1, 1))
        session.add(owner)
        session.flush()
        return [
            words(change)
            for one in describe_changes(
                Slip, [{"owner_id": [None, owner.id]}, {"owner_id": [owner.id, 999]}], zone=SHANGHAI
            )
            for change in one
        ]

    assert in_one(describe) == [("Owner", "", "Ann Lee"), ("Owner", "Ann Lee", "999")]
