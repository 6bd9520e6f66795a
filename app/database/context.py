"""Who acts, who looks on, and in which company: set by an edge (request, job, command), read by the walls."""

from contextvars import ContextVar

_company: ContextVar[int | None] = ContextVar("active_company", default=None)
_user: ContextVar[int | None] = ContextVar("acting_user", default=None)
_viewer: ContextVar[int | None] = ContextVar("viewer", default=None)


def active_company() -> int | None:
    """Return the id of the active company; None means that no business row is visible."""
    return _company.get()


def acting_user_id() -> int | None:
    """Return who is stamped on rows written now; None for the system."""
    return _user.get()


def set_acting_user(user_id: int | None) -> None:
    """Stamp rows with this user. Only edges call it."""
    _user.set(user_id)


def viewer_id() -> int | None:
    """Return who looks at the acting user's screens; meanwhile nothing is written but the trail of it (S:CORE-07)."""
    return _viewer.get()


def set_viewer(user_id: int | None) -> None:
    """Let somebody look, and keep him from writing. Only edges call it."""
    _viewer.set(user_id)


def remember_company(company_id: int | None) -> None:
    """Change the active company. Only `database.session` calls it: objects must leave the session too."""
    _company.set(company_id)
