"""Two texts side by side: what stayed, what went, what came; within a changed line, which characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

Parts = Sequence[tuple[str, bool]]  # Pieces of a line, and whether they differ.
_ALIKE = 0.4  # Lines that share less than this are shown as two lines, not as one that was changed.


@dataclass(frozen=True)
class Pair:
    """A line of each text; None: there is none. `is_same` tells whether they are equal."""

    left: Parts | None
    right: Parts | None
    is_same: bool


def compare_texts(left: str, right: str) -> list[Pair]:
    """Return both texts line by line."""
    before, after = left.splitlines(), right.splitlines()
    pairs: list[Pair] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += [Pair([(line, False)], [(line, False)], is_same=True) for line in before[a:b]]
        else:
            for old, new in zip_longest(before[a:b], after[c:d]):
                pairs += _changed(old, new)
    return pairs


def _changed(old: str | None, new: str | None) -> list[Pair]:
    if old is None or new is None:
        return [_alone(old, new)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return [_alone(old, None), _alone(None, new)]
    codes = matcher.get_opcodes()
    left = [(old[a:b], tag != "equal") for tag, a, b, _c, _d in codes if a < b]
    right = [(new[c:d], tag != "equal") for tag, _a, _b, c, d in codes if c < d]
    return [Pair(left, right, is_same=False)]


def _alone(old: str | None, new: str | None) -> Pair:
    left: Parts | None = None if old is None else [(old, True)]
    right: Parts | None = None if new is None else [(new, True)]
    return Pair(left, right, is_same=False)
