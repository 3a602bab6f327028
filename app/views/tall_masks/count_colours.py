"""Colours of the numbers of masks, the same on every chart of the page, and their key."""

from app.figures.contrast import between
from app.figures.palette import Palette
from app.views.tall_masks.count_groups import count_groups, count_range

_PALEST = 0.22
"""Where on the sequential scale the colour of two masks lies."""


def count_colours(n_tasks: int, colours: Palette) -> list[str]:
    """A colour for each number of masks: brown for none, orange for one, then a blue ramp, (T + 1)."""
    more = n_tasks - 1
    ramp = [
        between(colours.sequential, _PALEST + (1 - _PALEST) * step / max(more - 1, 1)) for step in range(more)
    ]
    return [colours.catastrophic, colours.selfish, *ramp]


def group_colour(counts: tuple[int, ...], n_tasks: int, colours: Palette) -> str:
    """The colour of a group of numbers of masks: that of its middle."""
    return count_colours(n_tasks, colours)[counts[len(counts) // 2]]


def counts_key(n_tasks: int, colours: Palette, *, with_null: bool = False) -> str:
    """HTML of what the colours stand for."""
    parts = [
        f'<span><i class="square" style="background:{group_colour(counts, n_tasks, colours)}"></i>{name} '
        f"{count_range(counts)}</span>"
        for name, counts in count_groups(n_tasks).items()
    ]
    if with_null:
        parts.append('<span><i class="null"></i>random signs</span>')
    return f'<div class="tauscope-key">{"".join(parts)}</div>'
