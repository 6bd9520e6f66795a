"""Charts as SVG, made on the server: no script, colours from CSS classes (light, dark, print), read aloud by title.

Classes: chart, donut, grid, axis (its text), group (its tip is its title), hit (a group's hover area), line, centre,
sparkline, legend, legend-mark, and series-1 to series-8 for the colours.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

Number = int | float | Decimal
Wording = Callable[[Number], str]
COLOURS = 8
_WIDTH, _HEIGHT = 720, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 12, 26
_LABEL_ROOM, _NAME_ROOM, _VALUE_ROOM, _BAR_ROOM = 44, 150, 84, 30


@dataclass(frozen=True)
class Series:
    """Amounts of one kind, one for each label; None is a gap."""

    name: str
    values: Sequence[Number | None]


def compact(value: Number) -> str:
    """Word an amount shortly, with no more digits than it has: 1,250,000 and 0.5."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


def bar_chart(
    labels: Sequence[str], bars: Sequence[Series], *, title: str, line: Series | None = None, wording: Wording = compact
) -> Markup:
    """Draw upright bars, grouped by label, and perhaps a line over them."""
    series = [*bars, line] if line else list(bars)
    if not labels:
        return _svg("chart", _WIDTH, _HEIGHT, title, [])
    scale = _Scale.of(series)
    height = _HEIGHT - _TOP - _BOTTOM
    step = (_WIDTH - _LEFT - _RIGHT) / len(labels)

    def place(value: float) -> float:
        return _TOP + height * (1 - scale.share(value))

    parts = _grid(scale, place, wording)
    every = math.ceil(_LABEL_ROOM / step)
    for index, label in enumerate(labels):
        centre = _LEFT + step * (index + 0.5)
        parts.append(
            f'<g class="group"><title>{_tip(label, series, index, wording)}</title>'
            f'<rect class="hit" x="{centre - step / 2:.1f}" y="{_TOP}" width="{step:.1f}" height="{height}"/>'
        )
        parts += [*_upright(bars, index, centre, step, place), "</g>"]
        if index % every == 0:
            parts.append(_axis_text(_short(label, 10), centre, _HEIGHT - 8))
    if line:
        parts += _line(line, len(bars), lambda index: _LEFT + step * (index + 0.5), place)
    return _svg("chart", _WIDTH, _HEIGHT, title, parts)


def horizontal_bar_chart(
    labels: Sequence[str], values: Sequence[Number | None], *, title: str, wording: Wording = compact
) -> Markup:
    """Draw lying bars, one for each label, with the amount at the end: for long names and rankings."""
    largest = max((abs(_float(value)) for value in values), default=0.0) or 1.0
    room = _WIDTH - _NAME_ROOM - _VALUE_ROOM
    parts = []
    for index, (label, value) in enumerate(zip(labels, values, strict=True)):
        top, length = index * _BAR_ROOM, room * abs(_float(value)) / largest
        colour = "series-1" if _float(value) >= 0 else "series-4"
        parts.append(
            f'<g class="group"><title>{escape(label)}: {_word(value, wording)}</title>'
            f'<rect class="hit" x="0" y="{top}" width="{_WIDTH}" height="{_BAR_ROOM}"/>'
            f'<rect class="{colour}" x="{_NAME_ROOM}" y="{top + 8}" width="{length:.1f}" height="14" rx="3"/></g>'
        )
        parts.append(_axis_text(_short(label, 20), _NAME_ROOM - 8, top + 19, "end"))
        parts.append(_axis_text("" if value is None else wording(value), _NAME_ROOM + length + 6, top + 19, "start"))
    return _svg("chart", _WIDTH, max(_BAR_ROOM * len(labels), _BAR_ROOM), title, parts)


def donut_chart(
    labels: Sequence[str],
    values: Sequence[Number | None],
    *,
    title: str,
    centre: str = "",
    caption: str = "",
    wording: Wording = compact,
) -> Markup:
    """Draw shares of a whole. Negative amounts have no share; beyond six parts, colours repeat."""
    size, outer, inner, middle = 168, 82.0, 60.0, 84.0
    amounts = [max(_float(value), 0.0) for value in values]
    whole = sum(amounts)
    parts, angle = [], -math.pi / 2
    for index, (label, amount) in enumerate(zip(labels, amounts, strict=True)):
        if not amount:
            continue
        sweep = 2 * math.pi * amount / whole
        tip = f"{escape(label)}: {_word(values[index], wording)} ({100 * amount / whole:.1f}%)"
        shape = _ring(middle, outer, inner) if amount == whole else _slice(middle, outer, inner, angle, sweep)
        colour = f"series-{index % COLOURS + 1}"
        parts.append(f'<path class="{colour}" fill-rule="evenodd" d="{shape}"><title>{tip}</title></path>')
        angle += sweep
    parts.append(f'<text class="centre" x="{middle}" y="{middle + 2}" text-anchor="middle">{escape(centre)}</text>')
    parts.append(_axis_text(caption, middle, middle + 19))
    return _svg("chart donut", size, size, title, parts)


def sparkline(values: Sequence[Number | None], *, title: str = "", colour: int = 1) -> Markup:
    """Draw the course of a figure beside it. Without a title it is decoration, and not read aloud."""
    width, height = 104, 32
    amounts = [_float(value) for value in values]
    if len(amounts) < 2:
        return _svg(f"sparkline series-{colour}", width, height, title, [])
    low, span = min(amounts), (max(amounts) - min(amounts)) or 1.0
    points = [
        (2 + (width - 4) * index / (len(amounts) - 1), 3 + (height - 6) * (1 - (amount - low) / span))
        for index, amount in enumerate(amounts)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts = [
        f'<polygon points="2,{height} {path} {width - 2},{height}"/>',
        f'<polyline points="{path}"/>',
        f'<circle cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="2.4"/>',
    ]
    return _svg(f"sparkline series-{colour}", width, height, title, parts)


def chart_legend(names: Sequence[str], *, line: str | None = None) -> Markup:
    """Return the key to the colours; the name of a line comes last."""
    keys = [*names, line] if line else names
    marks = [
        f'<span><i class="legend-mark series-{index % COLOURS + 1}"></i>{escape(key)}</span>'
        for index, key in enumerate(keys)
    ]
    return Markup(f'<div class="legend">{"".join(marks)}</div>')  # noqa: S704  # Every name is escaped above.


def chart_table(labels: Sequence[str], series: Sequence[Series], *, title: str, wording: Wording = compact) -> Markup:
    """Return the same figures as a table: for readers who cannot see the chart, or want to copy it."""
    head = "".join(f'<th scope="col">{escape(each.name)}</th>' for each in series)
    rows = []
    for index, label in enumerate(labels):
        cells = "".join(f"<td>{_word(each.values[index], wording)}</td>" for each in series)
        rows.append(f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>')
    return Markup(  # noqa: S704  # Every text is escaped above.
        f'<table class="sr-only"><caption>{escape(title)}</caption><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


@dataclass(frozen=True)
class _Scale:
    """The axis of amounts: it begins and ends at a multiple of a round step, and contains nought."""

    low: float
    high: float
    step: float

    @classmethod
    def of(cls, series: Sequence[Series]) -> "_Scale":
        amounts = [_float(value) for each in series for value in each.values]
        low, high = min([0.0, *amounts]), max([0.0, *amounts])
        step = _round_step((high - low) / 4 or 1.0)
        return cls(math.floor(low / step) * step, max(math.ceil(high / step) * step, step if low == 0 else 0.0), step)

    def share(self, value: float) -> float:
        """Return how far up the axis an amount lies, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Return the amounts at which a line is drawn."""
        return [self.low + self.step * index for index in range(round((self.high - self.low) / self.step) + 1)]


def _round_step(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return power * next(step for step in (1, 2, 2.5, 5, 10) if value / power <= step + 1e-9)


def _float(value: Number | None) -> float:
    """Return the amount to draw; a gap or no number at all lies at nought."""
    amount = float(value or 0)
    return amount if math.isfinite(amount) else 0.0


def _word(value: Number | None, wording: Wording) -> str:
    return "" if value is None or not math.isfinite(value) else str(escape(wording(value)))


def _short(label: str, length: int) -> str:
    return label if len(label) <= length else label[: length - 1] + "…"


def _axis_text(text: str, x: float, y: float, anchor: str = "middle") -> str:
    return f'<text class="axis" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _tip(label: str, series: Sequence[Series], index: int, wording: Wording) -> str:
    figures = ", ".join(f"{escape(each.name)} {_word(each.values[index], wording)}" for each in series)
    return f"{escape(label)}: {figures}"


def _grid(scale: _Scale, place: Callable[[float], float], wording: Wording) -> list[str]:
    parts = []
    for tick in scale.ticks():
        y, kind = place(tick), "grid zero" if tick == 0 and scale.low < 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_axis_text(wording(round(tick, 10)), _LEFT - 8, y + 4, "end"))
    return parts


def _upright(
    bars: Sequence[Series], index: int, centre: float, step: float, place: Callable[[float], float]
) -> list[str]:
    width = min(18.0, step * 0.62 / max(1, len(bars)))
    left, foot, parts = centre - width * len(bars) / 2, place(0.0), []
    for order, each in enumerate(bars):
        head = place(_float(each.values[index]))
        if head != foot:
            shape = _bar(left + order * width + width * 0.06, foot, head, width * 0.88)
            parts.append(f'<path class="series-{order % COLOURS + 1}" d="{shape}"/>')
    return parts


def _bar(x: float, foot: float, head: float, width: float) -> str:
    """Return the outline of a bar whose far end is rounded; it may point down."""
    corner = min(3.0, width / 2, abs(foot - head))
    turn = math.copysign(corner, foot - head)
    return (
        f"M{x:.1f} {foot:.1f}V{head + turn:.1f}q0 {-turn:.1f} {corner:.1f} {-turn:.1f}"
        f"h{width - 2 * corner:.1f}q{corner:.1f} 0 {corner:.1f} {turn:.1f}V{foot:.1f}z"
    )


def _line(line: Series, order: int, across: Callable[[int], float], place: Callable[[float], float]) -> list[str]:
    """Return the line, broken where a value is missing."""
    runs: list[list[str]] = [[]]
    for index, value in enumerate(line.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{across(index):.1f},{place(_float(value)):.1f}")
    colour = f"line series-{order % COLOURS + 1}"
    return [f'<polyline class="{colour}" stroke-dasharray="1 5" points="{" ".join(run)}"/>' for run in runs if run]


def _slice(middle: float, outer: float, inner: float, angle: float, sweep: float) -> str:
    end, wide = angle + max(sweep - 0.025, sweep * 0.5), int(sweep > math.pi)

    def point(radius: float, at: float) -> str:
        return f"{middle + radius * math.cos(at):.2f} {middle + radius * math.sin(at):.2f}"

    return (
        f"M{point(outer, angle)}A{outer:g} {outer:g} 0 {wide} 1 {point(outer, end)}"
        f"L{point(inner, end)}A{inner:g} {inner:g} 0 {wide} 0 {point(inner, angle)}z"
    )


def _ring(middle: float, outer: float, inner: float) -> str:
    """Return the whole ring, which one arc cannot draw."""
    circles = [
        f"M{middle - radius:g} {middle:g}a{radius:g} {radius:g} 0 1 0 {2 * radius:g} 0"
        f"a{radius:g} {radius:g} 0 1 0 {-2 * radius:g} 0z"
        for radius in (outer, inner)
    ]
    return "".join(circles)


def _svg(classes: str, width: int, height: int, title: str, parts: Sequence[str]) -> Markup:
    name = escape(title)
    spoken = f'role="img" aria-label="{name}"><title>{name}</title>' if title else 'aria-hidden="true">'
    return Markup(  # noqa: S704  # Every text is escaped where it is made.
        f'<svg class="{classes}" viewBox="0 0 {width} {height}" {spoken}{"".join(parts)}</svg>'
    )
