"""What the signers of a request said, for the service that carries it out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.approvals.asking import pending_file
from app.approvals.models import ApprovalLine, Verdict
from app.approvals.moving import valid_lines
from app.security.scope import resource_of


@dataclass(frozen=True)
class Opinion:
    """One signed opinion that holds."""

    step_name: str | None
    agreed: bool
    text: str | None
    employee_id: int | None
    at: dt.datetime


def list_opinions(document: Any) -> Sequence[Opinion]:
    """Return the opinions on what is asked for a document now, oldest first; none where nobody was asked."""
    file = pending_file(resource_of(type(document)) or "", document.id)
    return [_read(line) for line in valid_lines(file)] if file is not None else []


def _read(line: ApprovalLine) -> Opinion:
    return Opinion(line.step_name, line.verdict is Verdict.AGREE, line.opinion, line.employee_id, line.at)
