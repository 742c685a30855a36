"""A small line plot as SVG: points in [0, 1] on both axes, and what they are called.

Knows nothing of what is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SIDE, _LEFT, _TOP = 300, 56, 16
_COLOURS = ("#1a5fb4", "#c64600", "#26a269", "#813d9c")

Points = Sequence[tuple[float, float]]


def plot(curves: Mapping[str, Points], *, across: str, up: str) -> str:
    """The curves on one square, with a legend; `across` and `up` name the axes."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE + _LEFT + 200} {_SIDE + _TOP + 48}" '
        f'font-family="sans-serif" font-size="12">',
        f'<rect width="100%" height="100%" fill="#fff"/><rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" '
        f'fill="none" stroke="#77767b"/>',
    ]
    for step in range(0, 11, 2):
        x, y = _at(step / 10, 0.0)
        parts.append(f'<text x="{x}" y="{y + 16}" text-anchor="middle">{step / 10:.1f}</text>')
        x, y = _at(0.0, step / 10)
        parts.append(f'<text x="{x - 6}" y="{y + 4}" text-anchor="end">{step / 10:.1f}</text>')
    for number, (name, points) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        line = " ".join("{:.1f},{:.1f}".format(*_at(*point)) for point in points)
        y = _TOP + 20 + 20 * number
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{_LEFT + _SIDE + 12}" y="{y}" fill="{colour}">{name}</text>')
    middle = _LEFT + _SIDE / 2
    parts.append(f'<text x="{middle}" y="{_TOP + _SIDE + 38}" text-anchor="middle">{across}</text>')
    parts.append(
        f'<text x="14" y="{_TOP + _SIDE / 2}" text-anchor="middle" transform="rotate(-90 '
        f'14 {_TOP + _SIDE / 2})">{up}</text>'
    )
    return "\n".join([*parts, "</svg>\n"])


def _at(x: float, y: float) -> tuple[float, float]:
    return _LEFT + x * _SIDE, _TOP + (1 - y) * _SIDE
