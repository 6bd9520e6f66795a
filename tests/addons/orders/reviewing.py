"""The chains of discounts as packs bring them, and signing in them."""

import datetime as dt
from typing import Any

from app.approvals.models import Verdict

RESOURCE, TRANSITION = "orders.DiscountRequest", "finish_review"


def put_under_chain(office: Any, sector: str = "real_estate") -> None:
    """Put the chain of a pack in force, unsaid C9, B9 of packs/real_estate.toml."""
    from addons.orders.workflow import DISCOUNT_WORKFLOW
    from app.approvals.chains import activate, save_draft
    from app.packs.reading import find_pack
    from app.workflow.facts import facts_of

    (chain,) = find_pack(sector).sections["orders"]["chains"]
    assert (chain["resource"], chain["transition"]) == (RESOURCE, TRANSITION)
    facts = facts_of(DISCOUNT_WORKFLOW, DISCOUNT_WORKFLOW.transitions[TRANSITION])
    draft = save_draft(RESOURCE, TRANSITION, data={key: chain[key] for key in ("rules", "steps")}, facts=facts)
    activate(draft, facts=facts, actor=office.user("max"), now=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))


def open_file(request: Any) -> Any:
    """Return the file in which a request is reviewed."""
    from app.approvals.asking import pending_file

    return pending_file(RESOURCE, request.id)


def sign(
    office: Any, request: Any, by: str, now: dt.datetime, *, opinion: str = "同意", verdict: Verdict = Verdict.AGREE
) -> None:
    """Give an opinion as the person for whom it waits; the last one carries the review out."""
    from app.approvals.deciding import decide
    from app.approvals.models import FileState
    from app.approvals.moving import tasks_of
    from app.database.context import set_acting_user
    from app.workflow.approval import carry_out

    file = open_file(request)
    task = next(one for one in tasks_of(file) if one.employee.name == by.title())
    set_acting_user(office.world.users[by])
    try:
        decide(task, verdict, opinion=opinion, actor=office.user(by), now=now)
        if file.state is FileState.APPROVED:  # Its event does so after the commit.
            carry_out(file, now=now)
            assert file.state is FileState.DONE, file.failure
    finally:
        set_acting_user(None)
