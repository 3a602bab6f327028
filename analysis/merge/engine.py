"""The merge engine: merges again and again into one buffer, as fast as a slider is moved.

Source of LiNeS's rule for α: Wang et al., ICLR 2025, arXiv:2410.17146.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor

from analysis.kernels.fused import Buffers, Slice
from analysis.kernels.scale import write_scaled
from analysis.merge.l1_norms import l1_norm, l1_norm_of_weighted_sum
from analysis.merge.lines import auto_alpha
from analysis.merge.recipe import Recipe
from analysis.merge.registry import MergeMethod, merge_method_named
from analysis.merge.scaling import LayerFactors, Lines, layer_factors
from analysis.model.layout import Stretch, chunks, intersect
from analysis.model.scope import Scope, depths_in_scope, scope_ranges
from analysis.model.task_vectors import TaskVectors

CHUNK = 1 << 22
"""Columns written between two checks for a stop; a few milliseconds of memory traffic."""

KEPT_PREPARATIONS = 4
"""Trim thresholds and the like kept for the latest settings, so that going back costs nothing."""


_WHOLE = (Stretch(0, sys.maxsize, "", None),)


@dataclass(frozen=True, slots=True)
class Merged:
    """What one merge did."""

    factors: LayerFactors
    """The factor each layer got."""
    alpha: float | None
    """LiNeS's α by the paper's rule, when the recipe left it open."""
    seconds: float
    """From the recipe to the last weight written."""
    reused: bool
    """Whether the multi-task vector was already there and only the scale changed."""


class MergeEngine:
    """Writes θ = θ_0 + scale · combine(w ⊙ τ) into its own buffer, in place, as often as asked.

    Views of `theta` stay valid and always show the latest merge. A merge that is stopped midway
    leaves the buffer half written; the next one writes all of it again.
    """

    def __init__(self, task_vectors: TaskVectors, *, device: torch.device | None = None) -> None:
        """Start at the base.

        Args:
            task_vectors: Read, never written; merged where they lie.
            device: Where `theta` lies; the task vectors' own by default. When it is another one, task
                vectors too large for it stay behind and only the merged weights travel.
        """
        self.task_vectors = task_vectors
        home = task_vectors.deltas.device
        self.theta = task_vectors.theta_0.to(device or home, copy=True)
        """Merged weights, (P,), float32."""
        theta = self.theta if self.theta.device == home else torch.empty_like(task_vectors.theta_0)
        tau_mtl = _untouched_zeros(task_vectors.theta_0)
        self._buffers = Buffers(task_vectors.theta_0, task_vectors.deltas, tau_mtl, theta)
        self._ranges = {scope: scope_ranges(task_vectors, scope) for scope in Scope}
        self._prepared: OrderedDict[Any, Any] = OrderedDict()
        self._scope: Scope | None = None
        self._combined: _Merge | None = None

    @property
    def tau_mtl(self) -> Tensor:
        """Multi-task vector of the latest merge, (P,), unscaled; 0 outside the scope."""
        return self._buffers.tau_mtl

    def depths(self, scope: Scope) -> dict[str, int]:
        """L of each tower that has a residual block in scope."""
        return depths_in_scope(self.task_vectors.layout, self._ranges[scope])

    def merge(self, recipe: Recipe, *, check: Callable[[], None] = lambda: None) -> Merged:
        """Write the merged weights.

        Args:
            recipe: What to merge; its weights name the tasks of the task vectors.
            check: Called while a method prepares and before every chunk; raises to stop.

        Raises:
            ParameterRangeError: LiNeS's α is left open where its rule gives no number.
            MismatchError: A curve does not fit the layers.
        """
        begin = perf_counter()
        # The scope is None exactly while a merge is under way: one that was stopped starts over.
        scope, self._scope = self._scope, None
        if scope is not recipe.scope:
            self._restore_base()
        merge = _Merge.of(recipe, self.task_vectors.tasks)
        reused = merge == self._combined
        if not merge.tasks:
            alpha, factors = None, self._factors(recipe, auto_alpha=0.0)
            self._restore_base()
        elif isinstance(recipe.scale, Lines) and recipe.scale.alpha is None:
            # The rule needs the whole multi-task vector, so the scale is a pass of its own.
            if not reused:
                self._combine(merge, None, check)
            alpha = self._alpha(merge, check)
            factors = self._factors(recipe, auto_alpha=alpha)
            self._scale(merge, factors, check)
        else:
            alpha, factors = None, self._factors(recipe, auto_alpha=None)
            if reused:
                self._scale(merge, factors, check)
            else:
                self._combine(merge, factors, check)
        self._deliver(merge, check)
        self._scope = recipe.scope
        if self.theta.is_cuda:
            torch.cuda.synchronize(self.theta.device)
        return Merged(factors, alpha, perf_counter() - begin, reused)

    def apply(
        self, write: Callable[[Tensor], None], *, scaling: float, check: Callable[[], None] = lambda: None
    ) -> None:
        """Write θ = θ_0 + scaling · update, for an update that no recipe gives.

        Args:
            write: Fills all of τ_MTL, (P,), weight units, where the task vectors lie.
            scaling: Unitless.
            check: Called before every chunk; raises to stop.
        """
        self._scope = self._combined = None  # the next merge starts from the base
        write(self._buffers.tau_mtl)
        for start in range(0, len(self.theta), CHUNK):
            check()
            chunk = Slice(start, min(start + CHUNK, len(self.theta)), scaling)
            write_scaled(self._buffers, chunk)
            if self.theta is not self._buffers.theta:
                self.theta[chunk.start : chunk.stop].copy_(self._buffers.theta[chunk.start : chunk.stop])
        if self.theta.is_cuda:
            torch.cuda.synchronize(self.theta.device)

    def _combine(self, merge: "_Merge", factors: LayerFactors | None, check: Callable[[], None]) -> None:
        """Write τ_MTL, and θ as well once the factors are known."""
        self._combined = None
        to, weights = self._buffers, torch.tensor(merge.weights, dtype=torch.float32)
        check()
        prepared = self._preparation(merge, check)
        if merge.method.fused is not None and to.deltas.device.type == "cpu":
            fused = merge.method.fused(to, merge.tasks, weights, prepared, merge.params)
            for columns in self._slices(merge, factors):
                check()
                fused.write(columns)
            for columns in fused.unsettled():
                check()
                fused.write(columns)
        else:
            self._combine_on_device(merge, weights.to(to.deltas.device), prepared, check)
            if factors is not None:
                self._scale(merge, factors, check)
        self._combined = merge

    def _combine_on_device(
        self, merge: "_Merge", weights: Tensor, prepared: Any, check: Callable[[], None]
    ) -> None:
        to, method = self._buffers, merge.method
        if method.coefficients is not None:
            # Rows of coefficient 0 stand for the tasks left out: gathering the others would copy them.
            coefficients = torch.zeros(len(to.deltas), device=to.deltas.device)
            coefficients[list(merge.tasks)] = method.coefficients(weights)
            for start, stop, _ in self._slices(merge, None):
                check()
                torch.mv(to.deltas[:, start:stop].T, coefficients, out=to.tau_mtl[start:stop])
            return
        rows, tally = list(merge.tasks), None
        if method.survey is not None:
            tally = torch.zeros((), dtype=torch.int64, device=to.deltas.device)
            for start, stop in self._pieces(merge):
                check()
                columns = to.deltas[rows, start:stop]
                tally = tally + method.survey(columns, weights, prepared, merge.params, start=start)
        for start, stop in self._pieces(merge):
            check()
            columns = to.deltas[rows, start:stop]
            to.tau_mtl[start:stop] = method.combine(
                columns, weights, prepared, merge.params, start=start, tally=tally
            )

    def _scale(self, merge: "_Merge", factors: LayerFactors, check: Callable[[], None]) -> None:
        for start, stop, factor in self._slices(merge, factors):
            check()
            write_scaled(self._buffers, Slice(start, stop, factor))

    def _deliver(self, merge: "_Merge", check: Callable[[], None]) -> None:
        if self.theta is self._buffers.theta:
            return
        for start, stop, _ in self._slices(merge, None):
            check()
            self.theta[start:stop].copy_(self._buffers.theta[start:stop])

    def _alpha(self, merge: "_Merge", check: Callable[[], None]) -> float:
        ranges, to = self._ranges[merge.scope], self._buffers
        l1_of_tau_mtl = l1_norm(to.tau_mtl, ranges, check=check)
        l1_of_sum = l1_norm_of_weighted_sum(to.deltas, merge.tasks, merge.weights, ranges, check=check)
        return auto_alpha(merge.weights, l1_of_sum=l1_of_sum, l1_of_tau_mtl=l1_of_tau_mtl)

    def _preparation(self, merge: "_Merge", check: Callable[[], None]) -> Any:
        if merge.method.prepare is None:
            return None
        key = (merge.method.name, merge.params, merge.tasks, merge.scope)
        if key not in self._prepared:
            ranges = self._ranges[merge.scope]
            self._prepared[key] = merge.method.prepare(
                self._buffers.deltas, merge.tasks, ranges, merge.params, check
            )
            while len(self._prepared) > KEPT_PREPARATIONS:
                self._prepared.popitem(last=False)
        self._prepared.move_to_end(key)
        return self._prepared[key]

    def _factors(self, recipe: Recipe, *, auto_alpha: float | None) -> LayerFactors:
        return layer_factors(recipe.scale, self.depths(recipe.scope), auto_alpha=auto_alpha)

    def _slices(self, merge: "_Merge", factors: LayerFactors | None) -> Iterator[Slice]:
        """Columns in scope, one factor per slice; without factors the slices carry 0."""
        ranges = self._ranges[merge.scope]
        stretches = self.task_vectors.layout.stretches if factors is not None else _WHOLE
        for stretch in stretches:
            for start, stop in intersect(ranges, stretch.start, stretch.stop):
                # Asked for only here: a tower that is out of scope has no factors.
                factor = 0.0 if factors is None else factors.of(stretch.tower, stretch.layer)
                for chunk in range(start, stop, CHUNK):
                    yield Slice(chunk, min(chunk + CHUNK, stop), factor)

    def _pieces(self, merge: "_Merge") -> Iterator[tuple[int, int]]:
        """Columns in scope for a method that makes temporaries: in main memory few at a time."""
        for start, stop, _ in self._slices(merge, None):
            if self._buffers.deltas.device.type == "cpu":
                yield from chunks(start, stop)
            else:
                yield start, stop

    def _restore_base(self) -> None:
        self._scope = self._combined = None
        self._buffers.tau_mtl.zero_()
        self._buffers.theta.copy_(self.task_vectors.theta_0)
        if self.theta is not self._buffers.theta:
            self.theta.copy_(self.task_vectors.theta_0)


def _untouched_zeros(like: Tensor) -> Tensor:
    """Zeros that take memory only once they are written, so that opening a zoo needs one vector less."""
    if like.device.type == "cpu":
        return torch.from_numpy(np.zeros(like.shape, dtype=np.float32))  # torch's own zeros are written
    return torch.zeros_like(like)


@dataclass(frozen=True, slots=True)
class _Merge:
    """What the multi-task vector depends on: everything in a recipe but its scale."""

    method: MergeMethod
    params: Any
    tasks: tuple[int, ...]
    weights: tuple[float, ...]
    scope: Scope
    seed: int

    @classmethod
    def of(cls, recipe: Recipe, tasks: tuple[str, ...]) -> "_Merge":
        weights = [recipe.weights[task] for task in tasks]
        rows = tuple(row for row, weight in enumerate(weights) if weight != 0)
        return cls(
            method=merge_method_named(recipe.method),
            params=recipe.params,
            tasks=rows,
            weights=tuple(weights[row] for row in rows),
            scope=recipe.scope,
            seed=recipe.seed,
        )
