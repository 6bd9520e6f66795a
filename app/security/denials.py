"""Refusals are recorded once the transaction they ended is over, so that the roll-back does not lose them."""

import logging

log = logging.getLogger(__name__)


def record_denial(user_id: int | None, detail: str) -> None:
    """Record that somebody was refused something."""
    log.warning("refused: user %s, %s", user_id, detail)
