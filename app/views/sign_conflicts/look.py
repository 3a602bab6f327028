"""Where tasks' signs oppose each other: all tasks' or a pair's, counted or weighed, anywhere in the model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.model.places import Place
from analysis.weights.sign_conflict import (
    LEAST,
    Rate,
    beyond_chance,
    conflict,
    pair_conflict,
    weighted_conflict,
    weighted_pair_conflict,
)
from analysis.weights.statistics import Statistics, Sums
from app.views.sign_conflicts.beside_chance import compared

DENSITY = 0.2
"""Share of weights each task keeps by trimming unless another is chosen, as in TIES."""

SATURATED = 0.95
"""Chance level of conflict from which hardly anything else could be seen."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a person looks at."""

    tasks: tuple[str, ...]
    density: float
    """Share of weights each task keeps by trimming; 1 keeps all."""
    pair: tuple[str, str] | None = None
    """Two tasks; None for all of them."""
    is_weighted: bool = False
    """Whether conflict is weighed by magnitude instead of counted."""

    @property
    def rows(self) -> tuple[int, int] | None:
        """The pair by number."""
        return None if self.pair is None else (self.tasks.index(self.pair[0]), self.tasks.index(self.pair[1]))

    @property
    def subject(self) -> str:
        """Who conflicts, at the beginning of a sentence."""
        return "The tasks" if self.pair is None else f"{self.pair[0]} and {self.pair[1]}"

    @property
    def kept(self) -> str:
        """What a task does with a weight that counts: all that it moves do unless it was trimmed."""
        return "move" if self.density == 1 else "keep"

    def rate(self, sums: Sums) -> Rate:
        """Conflict of whom and as one looks at it, beside chance, (G,)."""
        if self.rows is None:
            return weighted_conflict(sums) if self.is_weighted else conflict(sums)
        of_pairs = weighted_pair_conflict(sums) if self.is_weighted else pair_conflict(sums)
        return of_pairs.at((slice(None), *self.rows))


def part(statistics: Statistics, place: str | None, component: str | None) -> Sums:
    """Sums of one layer, of one component, of both, or of all weights where neither is chosen, (1, …)."""
    inside = [
        k
        for k, segment in enumerate(statistics.segments)
        if (place is None or segment.place.key == place) and component in (None, segment.component)
    ]
    return _picked(statistics, inside, [0] * len(inside), 1)


def by_layer(
    statistics: Statistics, places: Sequence[Place], component: str | None
) -> tuple[tuple[Place, ...], Sums]:
    """The layers that have weights of a component, or of any, in the order given; and the sums of each."""
    inside = [k for k, segment in enumerate(statistics.segments) if component in (None, segment.component)]
    found = {statistics.segments[k].place for k in inside}
    shown = tuple(place for place in places if place in found)
    groups = [shown.index(statistics.segments[k].place) for k in inside]
    return shown, _picked(statistics, inside, groups, len(shown))


def conflict_takeaway(look: Look, sums: Sums, *, where: str = "") -> str:
    """Whether the tasks conflict more than chance, no more, or less.

    More and less are distances of at least a percentage point that chance would hardly give
    (`analysis.weights.sign_conflict.beyond_chance`).

    Args:
        look: At whom, and how.
        sums: Of the part looked at, after trimming, (1, …).
        where: The part, to begin the sentence with: "In block 3"; empty for all weights.
    """
    rate = look.rate(sums).at(0)
    subject = look.subject if not where or look.pair else look.subject.lower()
    of_whom = "several of them" if look.pair is None else "both"
    if not rate.n:
        return f"No weight is {'moved' if look.density == 1 else 'kept'} by {of_whom}: nothing can conflict."
    observed, chance = compared(float(rate.observed), float(rate.chance))
    is_near = not look.is_weighted and abs(rate.excess) < LEAST
    verdict = {
        -1: "they agree more than chance",
        # Off by more, but of few weights or with a spread that is only bounded: it may be chance.
        0: "no more conflict than chance" if is_near else "not clearly off chance",
        1: "they conflict more than chance",
    }[int(beyond_chance(rate))]
    if look.is_weighted:
        pairs = "pairs of tasks" if look.pair is None else "they"
        said = (
            f"{subject} oppose each other in {observed} of what {pairs} move in common, weighed by magnitude"
        )
    else:
        said = f"{subject} conflict on {observed} of the weights {of_whom} {look.kept}"
    text = f"{f'{where} ' if where else ''}{said}, where chance gives {chance}: {verdict}."
    if rate.chance > SATURATED:
        text += " So many tasks move each weight that nearly all conflict by chance alone; trim to see more."
    return text


def _picked(statistics: Statistics, inside: Sequence[int], groups: Sequence[int], n_groups: int) -> Sums:
    """Some segments pooled; what is left out goes into a last group that is dropped."""
    numbers = np.full(len(statistics.segments), n_groups, dtype=np.int64)
    numbers[list(inside)] = groups
    pooled = statistics.sums.pooled(numbers, n_groups + 1)
    return pooled.at(range(n_groups))
