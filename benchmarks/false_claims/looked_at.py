"""Numbers that the pages show of one zoo, each computed when it is first asked for."""

from functools import cached_property

from analysis.masks.counts import MaskCounts
from analysis.masks.multi_task_vector import MaskInputs
from analysis.masks.tall import tall_counts
from analysis.model.places import Place, places
from analysis.model.task_vectors import TaskVectors
from analysis.weights.statistics import Statistics, statistics
from analysis.weights.trim import Trim, magnitude_trim
from app.views.sign_conflicts.look import DENSITY
from app.views.sign_conflicts.magnitude import DENSITIES
from app.views.sign_conflicts.sign_numbers import SEED
from app.views.tall_masks.random_signs import DRAWS

TALL_LAMBDA = 0.4

Part = tuple[str | None, str | None]
"""Word of a layer and of a component; None for all."""


class LookedAt:
    """One zoo as the pages show it under their usual settings."""

    def __init__(self, vectors: TaskVectors) -> None:
        """Compute nothing yet."""
        self.vectors = vectors
        self._whole = ((0, vectors.layout.n_weights),)

    @cached_property
    def statistics(self) -> Statistics:
        """Of all weights, untrimmed."""
        return statistics(self.vectors, self._whole)

    @cached_property
    def trimmed(self) -> Statistics:
        """Of the weights that trimming leaves."""
        return statistics(self.vectors, self._whole, cut=self._cut(DENSITY))

    @cached_property
    def null(self) -> Statistics:
        """The same with random signs."""
        return statistics(self.vectors, self._whole, cut=self._cut(DENSITY), sign_seed=SEED)

    @cached_property
    def by_density(self) -> list[tuple[float, Statistics]]:
        """Of what trimming leaves at one density after the other."""
        return [
            (density, statistics(self.vectors, self._whole, cut=None if density == 1 else self._cut(density)))
            for density in DENSITIES
        ]

    @cached_property
    def masks(self) -> MaskCounts:
        """Counts of the TALL masks."""
        return self._masks(None)

    @cached_property
    def mask_nulls(self) -> list[MaskCounts]:
        """The same with random signs."""
        return [self._masks(seed) for seed in range(DRAWS)]

    @property
    def places(self) -> tuple[Place, ...]:
        """The layers."""
        return places(self.vectors.layout)

    def parts(self, scope: str) -> list[Part]:
        """Some parts of the model: all of it, a few layers, or kinds of weights of one layer."""
        if scope == "whole":
            return [(None, None)]
        middle = self.places[len(self.places) // 2].key
        if scope == "layer":
            return [("visual:ln_pre", None), (middle, None), ("visual:proj", None)]
        return [(middle, component) for component in ("norm", "mlp_in")]

    def _cut(self, density: float) -> Trim:
        rows = tuple(range(self.vectors.n_tasks))
        return magnitude_trim(self.vectors.deltas, rows, self._whole, density=density)

    def _masks(self, seed: int | None) -> MaskCounts:
        inputs = MaskInputs(self.vectors, self._whole, sign_seed=seed)
        return tall_counts(inputs, (TALL_LAMBDA,) * self.vectors.n_tasks)
