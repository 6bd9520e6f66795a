"""Erasing a person reaches what everybody wrote about him (P:CRM-22, S:CORE-17)."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.audit import AuditEntry, SecurityEvent
from app.database.session import session
from app.documents.comments import add_comment
from app.documents.references import ref_of
from app.errors import Conflict
from app.events.models import Delivery
from app.jobs.models import Job, JobState
from app.masterdata.models import Consent
from app.masterdata.partners import create_partner
from app.masterdata.privacy import (
    ConsentPurpose,
    anonymise_partner,
    record_consent,
    register_erasure_blocker,
    request_erasure,
)
from app.workflow.models import TransitionLog
from tests.app.masterdata.people import NOW, actor, wang

NAME, PHONE = "王小明", "13800138000"


def gossip(world):
    """Write about Wang in every place there is; return him and what quotes him."""
    made = create_partner(wang(mail="wang@example.com"), actor=actor(world))
    other = create_partner(wang(name="李四", phone=None, id_no=None), actor=actor(world))
    by = actor(world)
    rows = {
        "own comment": add_comment(ref_of(made, "masterdata.Partner"), body="likes tea", actor=by),
        "other comment": add_comment(
            ref_of(other, "masterdata.Partner"), body="心急: 王小明 138-0013 8000, wang@example.com；李四不急", actor=by
        ),
        "own reason": TransitionLog(
            resource="masterdata.Partner", record_id=made.id, transition="x", source="a", target="b", at=NOW, reason="r"
        ),
        "other reason": TransitionLog(
            resource="visits.Visit", record_id=7, transition="x", source="a", target="b", at=NOW, reason="为王小明取消"
        ),
        "job": Job(
            name="crud.import",
            state=JobState.FAILED,
            error=f"{NAME} is on file",
            details={"problems": [{"row": 3, "match": NAME, "message": f"+86{PHONE} / 9{PHONE}"}]},
            arguments={"q": "11010519491231002X"},
        ),
        "delivery": Delivery(
            event_uid="u", event="E", payload={"name": NAME}, handler="h", error=f"{PHONE} is taken", due_at=NOW
        ),
        "consent": record_consent(made, purpose=ConsentPurpose.SERVICE, source=f"signed by {NAME}", now=NOW),
    }
    session.add_all(rows.values())
    session.flush()
    return made, rows


@pytest.mark.rule("P:CRM-22", "S:CORE-17")
def test_nothing_quotes_an_erased_person(world, run_in):
    def check():
        made, rows = gossip(world)

        anonymise_partner(made, now=NOW)

        session.expire_all()
        assert rows["own comment"].body == ""
        assert rows["other comment"].body == "心急: *** ***, ***；李四不急"
        assert rows["own reason"].reason is None
        assert rows["other reason"].reason == "为***取消"
        assert rows["job"].error == "*** is on file"
        assert rows["job"].details == {"problems": [{"row": 3, "match": "***", "message": f"*** / 9{PHONE}"}]}
        assert rows["job"].arguments == {"q": "***"}
        assert (rows["delivery"].payload, rows["delivery"].error) == ({"name": "***"}, "*** is taken")
        assert rows["consent"].source == "signed by ***"
        assert str(rows["own comment"].ref) == f"#{made.id}"

    run_in(world.one, check)


@pytest.mark.rule("P:CRM-22", "S:CORE-07")
def test_the_audit_log_never_knew_what_was_quoted(world, run_in):
    def check():
        made, _rows = gossip(world)
        anonymise_partner(made, now=NOW)

        kept = str([one.changes for one in session.scalars(sa.select(AuditEntry))])
        assert NAME not in kept
        assert PHONE not in kept

    run_in(world.one, check)


def test_a_namesake_keeps_his_own_consent(world, run_in):
    def check():
        made, _rows = gossip(world)
        namesake = create_partner(wang(phone="13900139000", id_no=None), actor=actor(world))
        kept = record_consent(namesake, purpose=ConsentPurpose.SERVICE, source=f"signed by {NAME}", now=NOW)

        anonymise_partner(made, now=NOW)

        session.expire_all()
        assert (kept.source, namesake.name) == (f"signed by {NAME}", NAME)
        assert session.scalar(sa.select(sa.func.count()).select_from(Consent)) == 2

    run_in(world.one, check)


def test_another_company_is_not_touched(world, run_in):
    def tell():
        job = Job(name="x", error=f"{NAME} is on file")
        session.add(job)
        session.flush()
        return job.id

    abroad = run_in(world.two, tell)
    run_in(world.one, lambda: anonymise_partner(gossip(world)[0], now=NOW))

    assert run_in(world.two, lambda: session.get_one(Job, abroad).error) == f"{NAME} is on file"


def test_the_log_of_a_document_is_changed_by_nothing_else(world, run_in):
    def check():
        _made, rows = gossip(world)
        rows["other reason"].reason = "another"
        with pytest.raises(Conflict):
            session.flush()
        session.rollback()

    run_in(world.one, check)


@pytest.mark.rule("P:CRM-22")
def test_a_refused_erasure_leaves_everything_but_is_on_record(world, run_in):
    facts = {}

    def refuse():
        register_erasure_blocker(world.app, lambda partner: f"{partner.name} has a contract.")
        made, rows = gossip(world)
        session.commit()
        facts.update(partner=made.id, comment=rows["other comment"].id)
        request_erasure(made, source="letter", now=NOW + dt.timedelta(days=1))
        with pytest.raises(Conflict):
            anonymise_partner(made, now=NOW)
        session.rollback()
        return rows["other comment"].body, made.name

    try:
        body, name = run_in(world.one, refuse)
    finally:
        world.app.extensions["erasure_blockers"].clear()

    assert (NAME in body, name) == (True, NAME)
    told = run_in(world.one, lambda: [(one.kind, one.details) for one in session.scalars(sa.select(SecurityEvent))])
    about = {"resource": "masterdata.Partner", "record_id": facts["partner"]}
    assert ("erasure.requested", about) in told
    assert ("erasure.refused", about) in told
    assert NAME not in str(told)
