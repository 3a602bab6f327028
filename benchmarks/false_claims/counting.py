"""Counts of claims over many zoos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scipy.stats import binom

from benchmarks.false_claims.looked_at import LookedAt
from benchmarks.false_claims.sentences import SENTENCES, Sentence
from benchmarks.false_claims.zoos import WIDTHS, Kind, zoo

TASKS = (2, 4, 8)
"""Tasks of the zoos."""

_BEYOND = 1e-4
"""Probability with which a sentence that keeps its promise may be taken for one that does not."""


@dataclass(frozen=True, slots=True)
class Claims:
    """How often sentences of one kind claim an effect."""

    made: int
    n: int
    """Sentences."""

    def __add__(self, other: "Claims") -> "Claims":
        return Claims(self.made + other.made, self.n + other.n)

    @property
    def share(self) -> float:
        """In [0, 1]; 0 without sentences."""
        return self.made / self.n if self.n else 0.0

    def exceed(self, promise: float | None) -> bool:
        """Whether there are more than a sentence that keeps its promise would hardly ever make."""
        return promise is not None and bool(binom.sf(self.made - 1, self.n, promise) < _BEYOND)


Counts = dict[tuple[Sentence, str], Claims]
"""By sentence and kind of zoo; a sentence that means nothing for a kind has none of it."""


def count(
    kinds: Sequence[Kind],
    *,
    draws: int,
    tasks: Sequence[int] = TASKS,
    widths: Sequence[int] = WIDTHS,
    sentences: Sequence[Sentence] = SENTENCES,
) -> Counts:
    """Look at so many zoos of every kind and number of tasks, and count what the sentences claim."""
    counts: Counts = {}
    for kind in kinds:
        for seen in _zoos(kind, draws, tasks, widths):
            for sentence in sentences:
                if kind.has_equal_layers or not sentence.needs_equal_layers:
                    claimed = list(sentence.claims(seen))
                    key = sentence, kind.name
                    counts[key] = counts.get(key, Claims(0, 0)) + Claims(sum(claimed), len(claimed))
    return counts


def together(counts: Counts, sentence: Sentence, kinds: Sequence[Kind]) -> Claims:
    """The claims of one sentence over some kinds of zoos."""
    return sum(
        (counts[sentence, kind.name] for kind in kinds if (sentence, kind.name) in counts), Claims(0, 0)
    )


def _zoos(kind: Kind, draws: int, tasks: Sequence[int], widths: Sequence[int]) -> Iterator[LookedAt]:
    for n_tasks in tasks:
        for draw in range(draws):
            yield LookedAt(zoo(kind, n_tasks=n_tasks, seed=1000 * n_tasks + draw, widths=widths))
