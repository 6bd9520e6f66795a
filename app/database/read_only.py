"""Whoever looks at somebody else's screens writes nothing: no connection commits meanwhile but that of the trail."""

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from app.database.context import viewer_id

TRAIL = "commits_the_trail"  # An option of connections that write down who saw what.


class ReadOnlyError(RuntimeError):
    """Code tried to write for somebody who only looks. A bug, never a user's mistake: the edge refuses writes."""


def _on_commit(connection: Connection) -> None:
    if viewer_id() is not None and not connection.get_execution_options().get(TRAIL):
        raise ReadOnlyError("a transaction would be committed for somebody who only looks")


event.listen(Engine, "commit", _on_commit)
