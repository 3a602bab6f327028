"""The selection of the page: all tasks or a pair, counted or weighed, in one part of the model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.model.places import Place
from analysis.weights.sign_conflict import (
    Rate,
    conflict,
    pair_conflict,
    weighted_conflict,
    weighted_pair_conflict,
)
from analysis.weights.statistics import Statistics, Sums
from app.words.numbers import exact_percent

DENSITY = 0.2
"""Share of weights each task keeps by trimming unless another is chosen, as in TIES."""


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
        """Tasks that conflict, at the beginning of a sentence."""
        return "The tasks" if self.pair is None else f"'{self.pair[0]}' and '{self.pair[1]}'"

    @property
    def who(self) -> str:
        """The same tasks in a title."""
        return "all tasks" if self.pair is None else f"{self.pair[0]} and {self.pair[1]}"

    @property
    def which(self) -> str:
        """Weights that are left by trimming, in a title."""
        return "all weights" if self.density == 1 else f"largest {exact_percent(self.density)}"

    @property
    def keep(self) -> str:
        """What tasks do with a weight that counts: untrimmed, all that they change do."""
        return "change" if self.density == 1 else "keep"

    @property
    def kept(self) -> str:
        """The same as a participle."""
        return "changed" if self.density == 1 else "kept"

    @property
    def sharers(self) -> str:
        """Tasks that must keep a weight for it to count."""
        return "at least two tasks" if self.pair is None else "both tasks"

    def rate(self, sums: Sums) -> Rate:
        """Conflict of these tasks, counted or weighed, beside chance, (G,)."""
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


def _picked(statistics: Statistics, inside: Sequence[int], groups: Sequence[int], n_groups: int) -> Sums:
    """Some segments pooled; what is left out goes into a last group that is dropped."""
    numbers = np.full(len(statistics.segments), n_groups, dtype=np.int64)
    numbers[list(inside)] = groups
    pooled = statistics.sums.pooled(numbers, n_groups + 1)
    return pooled.at(range(n_groups))
