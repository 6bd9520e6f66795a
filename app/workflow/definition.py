"""What an add-on author writes: a workflow, its transitions, and one decorator on the services."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Concatenate, Generic, ParamSpec, TypeVar

from flask_babel import LazyString

from app.approvals.facts import Fact
from app.database.base import CompanyModel
from app.errors import ConfigurationError
from app.i18n import humanize, said_by
from app.workflow import engine
from app.workflow.arguments import arguments_of
from app.workflow.locks import Locks
from app.workflow.transition import Transition

D = TypeVar("D", bound=CompanyModel)
P = ParamSpec("P")


class Workflow(Generic[D]):
    """The life of one model, kept in its column `state`.

    `main_path` names the states of the status bar in order; unsaid, it starts at the first transition's
    source and follows the first declared transition of each state.
    `detours` names the states beside it that lead back to it, each with the state before which it is shown.
    `facts` are what approval chains may look at besides the model's own columns and the transition's arguments;
    `terms` names the facts whose change voids what was signed, unsaid all of them.
    `locks` says in which states which fields change only by an approved change request (S:CORE-10).
    The loader sets `resource`, '<addon>.<Model>', and calls `check_complete`.
    """

    resource: str

    def __init__(
        self,
        model: type[D],
        *transitions: Transition,
        main_path: Sequence[StrEnum] = (),
        detours: Mapping[StrEnum, StrEnum] | None = None,
        facts: Sequence[Fact] = (),
        terms: Sequence[str] = (),
        locks: Locks | None = None,
    ) -> None:
        self.model, self.facts, self.terms = model, tuple(facts), tuple(terms)
        self.transitions = {transition.name: transition for transition in transitions}
        if len(self.transitions) < len(transitions):
            raise ConfigurationError(f"{model.__name__}: two transitions have one name")
        self.main_path = tuple(main_path) or _first_path(transitions)
        self.detours = dict(detours or {})
        self.locks = locks
        self._check_states()

    def transition(
        self, name: str, *, holds: Callable[[D], object] | None = None
    ) -> Callable[[Callable[Concatenate[D, P], None]], Callable[Concatenate[D, P], engine.Outcome]]:
        """Bind a service to a declared transition; calling the service then asks the engine first.

        `holds` locks what everybody locks before such a document, so that nobody waits in a circle.
        Raises ConfigurationError for a name that is not declared or has a service already.
        """
        if name not in self.transitions:
            raise ConfigurationError(f"{self.model.__name__} has no transition '{name}'")
        transition = self.transitions[name]

        def decorate(service: Callable[Concatenate[D, P], None]) -> Callable[Concatenate[D, P], engine.Outcome]:
            if hasattr(transition, "service"):
                raise ConfigurationError(f"{self.model.__name__}: '{name}' has two services")
            transition.service, transition.arguments = service, arguments_of(service)
            transition.holds = holds
            signature = inspect.signature(service)

            @functools.wraps(service)
            def guarded(document: D, /, *args: P.args, **kwargs: P.kwargs) -> engine.Outcome:
                bound = signature.bind(document, *args, **kwargs)
                arguments = dict(list(bound.arguments.items())[1:])  # All but the document itself.
                actor = arguments.pop("actor")
                call = engine.perform_automatic if transition.automatic else engine.perform
                return call(self, transition, document, actor=actor, arguments=arguments)

            return guarded

        return decorate

    def state_label(self, state: StrEnum) -> LazyString:
        """Return what people call a state."""
        return said_by(self.resource, humanize(state.value))

    def check_complete(self) -> None:
        """Raise ConfigurationError unless every declared transition has a service. The loader calls this."""
        missing = [name for name, transition in self.transitions.items() if not hasattr(transition, "service")]
        if missing:
            raise ConfigurationError(f"{self.model.__name__}: no service is decorated for {', '.join(missing)}")

    def _check_states(self) -> None:
        known = set(getattr(self.model.__table__.c.state.type, "enum_class", None) or ())
        used = {state for one in self.transitions.values() for state in (*one.sources, one.target) if state}
        locked = self.locks.states if self.locks else ()
        strange = sorted(state.value for state in {*used, *self.main_path, *self.detours, *locked} - known)
        if strange:
            raise ConfigurationError(f"{self.model.__name__}: {', '.join(strange)} is no state of the model")
        lost = sorted(state.value for state in set(self.detours.values()) - set(self.main_path))
        if lost:
            raise ConfigurationError(f"{self.model.__name__}: a detour leads to {', '.join(lost)}, off the main path")


def _first_path(transitions: Sequence[Transition]) -> tuple[StrEnum, ...]:
    path: list[StrEnum] = [*transitions[0].sources[:1]] if transitions else []
    while path:
        targets = (one.target for one in transitions if path[-1] in one.sources and one.target is not None)
        further = next((target for target in targets if target not in path), None)
        if further is None:
            break
        path.append(further)
    return tuple(path)
