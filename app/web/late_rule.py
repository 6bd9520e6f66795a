"""Addresses that start fast: a route is compiled when the first request comes to its part of the product.

Werkzeug compiles every route at the start. A view has some fifty, so that the routes of all add-ons would take a tenth
of the start and of a process's memory; a process is asked for few of them, a background worker for hardly any.
"""

from collections.abc import Callable, MutableMapping
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.routing.matcher import StateMachineMatcher

_PARTS = ("arguments", "_converters", "_parts", "_trace")
_BUILDERS = {"_build": False, "_build_unknown": True}  # And whether it appends what the address does not take.


class LateRule(Rule):
    """A rule whose parts, and whose two address builders, are compiled when they are asked for."""

    def compile(self) -> None:
        """Forget what Werkzeug would compile now."""
        for name in _PARTS:
            self.__dict__.pop(name, None)

    def __getattr__(self, name: str) -> Any:
        """Compile what is missing. Threads may do it twice: each gives the rule all of a part at once."""
        if name in _BUILDERS:
            found = super()._compile_builder(_BUILDERS[name]).__get__(self, None)
            setattr(self, name, found)
            return found
        if name not in _PARTS:
            raise AttributeError(name)
        twin = Rule.__new__(LateRule)
        twin.__dict__.update(self.__dict__, arguments=set(map(str, self.defaults or ())))
        Rule.compile(twin)
        self.__dict__.update({part: twin.__dict__[part] for part in _PARTS})
        return self.__dict__[name]

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002  # Werkzeug's.
        """Compile no builder along with the parts."""
        return _no_builder


class LateMap(Map):
    """A map that looks for an address among the routes that begin like it, and compiles only these."""

    def __init__(self) -> None:
        super().__init__()
        self._matcher = LateMatcher(self.merge_slashes)  # type: ignore[assignment]  # It does what the map calls.

    def update(self) -> None:
        """Put the rules of an endpoint in order where there are several; comparing them compiles them."""
        if self._remap:
            with self._remap_lock:
                for rules in self._rules_by_endpoint.values():
                    if len(rules) > 1:
                        rules.sort(key=lambda rule: rule.build_compare_key())
                self._remap = False


class LateMatcher:
    """Keeps rules by the fixed words that they begin with, and makes Werkzeug's matcher for those of one beginning."""

    def __init__(self, merge_slashes: bool) -> None:  # noqa: FBT001  # As Werkzeug's.
        self.merge_slashes = merge_slashes
        self._rules: dict[tuple[str, ...], list[Rule]] = {(): []}
        self._ready: dict[tuple[str, ...], StateMachineMatcher] = {}

    def add(self, rule: Rule) -> None:
        """Take a rule in."""
        self._rules.setdefault(_fixed_words(rule.rule), []).append(rule)
        self._ready.clear()

    def match(self, domain: str, path: str, method: str, websocket: bool) -> tuple[Rule, MutableMapping[str, Any]]:  # noqa: FBT001  # As Werkzeug's.
        """Return the rule of an address and its values; raises what Werkzeug's matcher raises."""
        words = tuple(filter(None, path.split("/")))[:2]
        while words not in self._rules:  # Only known beginnings are kept, however many addresses are tried.
            words = words[:-1]
        found = self._ready.get(words)
        if found is None:
            found = self._ready[words] = self._made(words)
        return found.match(domain, path, method, websocket)

    def _made(self, words: tuple[str, ...]) -> StateMachineMatcher:
        """Return a matcher of all rules that an address with this beginning may be meant by."""
        matcher = StateMachineMatcher(self.merge_slashes)
        for length in range(len(words) + 1):
            for rule in self._rules.get(words[:length], ()):
                matcher.add(rule)
        matcher.update()
        return matcher


def _fixed_words(rule: str) -> tuple[str, ...]:
    """Return the first words of a rule, two at most, up to its first variable."""
    words = tuple(filter(None, rule.split("/")))[:2]
    fixed = [number for number, word in enumerate(words) if "<" in word]
    return words[: fixed[0]] if fixed else words


def _no_builder(_rule: Rule, **_values: object) -> tuple[str, str]:
    raise NotImplementedError
