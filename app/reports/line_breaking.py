"""Breaking text into lines: Latin at spaces, Chinese between characters, closing punctuation never first."""

from collections.abc import Callable

_FIRST_IDEOGRAPH = "\u2e80"
_NEVER_FIRST = frozenset("，。、；：！？）》」』】〉”’％…,.;:!?)]}%")


def break_lines(text: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    """Return the text's lines, none wider than `width` but for a hanging punctuation mark; at least one line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _break_paragraph(paragraph, width, width_of)
    return lines or [""]


def _break_paragraph(text: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    start, opportunity, used = 0, 0, 0.0
    for index, char in enumerate(text):
        if index > start and _may_break_before(text, index):
            opportunity = index
        used += width_of(char)
        if used <= width or index == start or char in _NEVER_FIRST or char == " ":
            continue
        end = opportunity if opportunity > start else index
        lines.append(text[start:end].rstrip())
        start = end
        used = sum(map(width_of, text[start : index + 1]))
    return [*lines, text[start:].rstrip()]


def _may_break_before(text: str, index: int) -> bool:
    before, char = text[index - 1], text[index]
    if char in _NEVER_FIRST:
        return False
    return before in " -/" or before >= _FIRST_IDEOGRAPH or char >= _FIRST_IDEOGRAPH
