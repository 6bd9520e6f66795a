"""One arrow of a workflow."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.errors import ConfigurationError, Text
from app.workflow.arguments import Argument
from app.workflow.refusal import Guard

# A transition is also a permission (can_<name>) and a REST address, next to these.
_TAKEN = frozenset({"list", "show", "add", "edit", "delete", "info", "export", "import", "download"})


@dataclass(eq=False)
class Transition:
    """Declares that documents in a source state may go to the target state; without a target they stay where they are.

    `guard`, one function or several, is asked before the service runs: (document, *, actor) -> Refusal | None;
    it may also declare `now` and `today`. `confirm` is a question put before it is done. `icon` is a
    name of the icon set; `tone` is how the button looks: "primary", "danger", "quiet" or nothing.
    `online` names the function that needs the internet for it: its button and its dialog are marked (S:CORE-20).
    An `automatic` transition is done by other services only: nobody needs a permission, and it has no button.
    """

    name: str
    source: StrEnum | tuple[StrEnum, ...]
    target: StrEnum | None
    label: Text
    guard: Guard | tuple[Guard, ...] | None = None
    icon: str = ""
    tone: str = ""
    confirm: Text = ""
    automatic: bool = False
    online: str = ""
    service: Callable[..., Any] = field(init=False, repr=False)
    arguments: dict[str, Argument] = field(init=False, repr=False)
    holds: Callable[[Any], object] | None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", self.name) or self.name in _TAKEN:
            raise ConfigurationError(f"'{self.name}' cannot be the name of a transition")

    @property
    def sources(self) -> tuple[StrEnum, ...]:
        """The states it starts in."""
        return self.source if isinstance(self.source, tuple) else (self.source,)

    @property
    def guards(self) -> tuple[Guard, ...]:
        """Its guards, in the order in which they are asked."""
        if self.guard is None:
            return ()
        return self.guard if isinstance(self.guard, tuple) else (self.guard,)
