"""Putting a step of payments under a chain, and signing it."""

import datetime as dt
from typing import Any


def put_under_chain(till: Any, resource: str, transition: str, *, above: int) -> None:
    """Have the finance manager sign what is above an amount."""
    import sqlalchemy as sa

    from addons.payments.workflow import RECEIPT_WORKFLOW
    from app.approvals.chains import activate, save_draft
    from app.companies.models import Employee
    from app.workflow.facts import facts_of

    signer = till.session.scalars(sa.select(Employee).where(Employee.name == "Fay")).one()
    facts = facts_of(RECEIPT_WORKFLOW, RECEIPT_WORKFLOW.transitions[transition])
    condition = {"fact": "asked.amount", "operator": "above", "values": [str(above)]}
    data = {
        "rules": [{"name": "Large", "when": [condition], "steps": ["a"]}, {"name": "Otherwise", "steps": []}],
        "steps": [{"key": "a", "name": "A", "who": "person", "value": str(signer.id)}],
    }
    draft = save_draft(resource, transition, data=data, facts=facts)
    activate(draft, facts=facts, actor=till.user("fay"), now=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))


def sign(till: Any, file_id: int, *, by: str, now: dt.datetime) -> None:
    """Agree as the person for whom it waits."""
    from app.approvals.deciding import decide
    from app.approvals.models import ApprovalFile, Verdict
    from app.approvals.moving import tasks_of
    from app.database.context import set_acting_user

    (task,) = tasks_of(till.session.get_one(ApprovalFile, file_id))
    set_acting_user(till.world.users[by])
    try:
        decide(task, Verdict.AGREE, opinion="Fine", actor=till.user(by), now=now)
    finally:
        set_acting_user(None)
