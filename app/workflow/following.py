"""What follows once services have run: written and told once, at the end of the outermost transition."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from app.database.context import active_company
from app.database.keeping import keeping_records
from app.database.session import session
from app.documents.references import refresh_refs
from app.workflow.approval import drop_overtaken

if TYPE_CHECKING:
    from app.workflow.definition import Workflow


class Move(NamedTuple):
    """A document that a transition was done on, and the state it left."""

    workflow: "Workflow[Any]"
    document: Any
    source: StrEnum
    at: dt.datetime


_moves: ContextVar[tuple[int | None, list[Move]] | None] = ContextVar("moves", default=None)


@contextmanager
def following() -> Iterator[list[Move]]:
    """Collect the moves of a transition and of those that its service does; follow them up when the outermost ends.

    Records that are read meanwhile are kept, because the verbs on the way ask for the same ones.
    """
    outer = _moves.get()
    if outer is not None and outer[0] == active_company():
        yield outer[1]
        return
    moves: list[Move] = []
    token = _moves.set((active_company(), moves))
    try:
        with keeping_records():
            yield moves
            session.flush()
            _follow(moves)
    finally:
        _moves.reset(token)


def _follow(moves: list[Move]) -> None:
    """Bring the registry up to date; withdraw requests that the new states no longer allow."""
    done = [move for move in moves if sa.inspect(move.document).persistent]  # Others went with their savepoint.
    refresh_refs([(move.document, move.workflow.resource) for move in done])
    for move in done:
        if move.document.state is not move.source:
            drop_overtaken(move.workflow, move.document, now=move.at)
