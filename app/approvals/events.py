"""What others hear of approvals."""

from dataclasses import dataclass

from app.events import Event


@dataclass(frozen=True, kw_only=True)
class FileApproved(Event):
    """All who had to have signed; the transition is done next, after this commit."""

    file_id: int
