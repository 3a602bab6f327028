"""Colours between those of a scale, and the contrast of one colour on another."""

from collections.abc import Sequence


def between(scale: Sequence[str], share: float) -> str:
    """The colour of a scale at a share of its length; beyond its ends, the end.

    >>> between(("#000000", "#ffffff"), 0.5)
    '#808080'
    """
    position = min(max(share, 0.0), 1.0) * (len(scale) - 1)
    before = min(int(position), len(scale) - 2)
    weight = position - before
    low, high = _channels(scale[before]), _channels(scale[before + 1])
    return "#" + "".join(f"{round(a + weight * (b - a)):02x}" for a, b in zip(low, high, strict=True))


def stops(scale: Sequence[str]) -> list[tuple[float, str]]:
    """A scale as Plotly takes it, its colours at equal steps from 0 to 1.

    >>> stops(("#000000", "#808080", "#ffffff"))
    [(0.0, '#000000'), (0.5, '#808080'), (1.0, '#ffffff')]
    """
    return [(step / (len(scale) - 1), colour) for step, colour in enumerate(scale)]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2, in [1, 21]; text wants 4.5.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable_on(ground: str, colours: Sequence[str]) -> str:
    """The one of some colours that is read best on a ground."""
    return max(colours, key=lambda colour: contrast(ground, colour))


def _luminance(colour: str) -> float:
    shares = [value / 255 for value in _channels(colour)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
