"""Where a change came from: set by the request edge, stamped on audit rows."""

from contextvars import ContextVar
from typing import NamedTuple


class Origin(NamedTuple):
    """The address of the client and the id of its request; both None for jobs and commands."""

    ip: str | None = None
    request_id: str | None = None


_origin: ContextVar[Origin] = ContextVar("audit_origin", default=Origin())  # noqa: B039  # It is immutable.


def origin() -> Origin:
    """Return where the present change comes from."""
    return _origin.get()


def set_origin(ip: str | None, request_id: str | None) -> None:
    """Stamp audit rows with this origin. Only edges call it."""
    _origin.set(Origin(ip and ip[:45], request_id and request_id[:64]))
