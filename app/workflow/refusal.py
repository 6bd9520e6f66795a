"""Why a transition is refused: said on the greyed button, raised when it is tried all the same."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from app.errors import AppError, Conflict, Text


@dataclasses.dataclass(frozen=True)
class Refusal:
    """One reason in words. `link` is an address where it can be helped; `data` fills the message's places.

    `error` is the class that is raised: Conflict (R2) unless the guard says otherwise, for instance
    ValidationError where a required value is blank (R1).
    """

    code: str
    message: Text
    field: str | None = None
    link: str | None = None
    error: type[AppError] = Conflict
    data: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def to_error(self) -> AppError:
        """Return the error to raise."""
        return self.error(self.code, self.message, field=self.field, **self.data)

    def __str__(self) -> str:
        return str(self.to_error())


# A function (document, *, actor[, now][, today]) -> Refusal | None. Guards only look; they change nothing.
Guard = Callable[..., Refusal | None]
