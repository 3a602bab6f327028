"""The registry of merging methods: a file added to `analysis/methods` is found, with no other edit."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from typing import Any, Protocol

import torch
from torch import Tensor

from analysis.errors import AnalysisError
from analysis.kernels.fused import Buffers, FusedMerge
from analysis.kernels.weighted_sum import FusedWeightedSum, weighted_sum
from analysis.merge.params import Choice, NoParams, Param, parse, settings_of
from analysis.model.layout import Ranges as Ranges  # methods find their whole vocabulary here

Coefficients = Callable[[Tensor], Tensor]
"""Linear methods: weights of the remaining tasks, (T,), to the factors of their task vectors, (T,)."""

Check = Callable[[], None]
"""Called again and again during long work; raises to stop."""

Prepare = Callable[[Tensor, tuple[int, ...], Ranges, Any, Check], Any]
"""(deltas (T, P), remaining tasks, ranges, params, check) to whatever needs the whole, unweighted vectors."""

Survey = Callable[..., Tensor]
"""(deltas, weights, prepared, params, *, start) to a tally about the weighted vectors; tallies add up."""

Fused = Callable[[Buffers, tuple[int, ...], Tensor, Any, Any], FusedMerge]
"""(buffers, remaining tasks, their weights, prepared, params) to a merge in one CPU pass per slice."""


FewestTasks = Callable[[Any], int]
"""params to the number of tasks below which a merge keeps nothing."""

UsualScaling = Callable[[Any], float]
"""params to the λ at which a method with these settings is usually applied."""

SUM_SCALING = 0.3
"""Usual λ of a plain sum of task vectors, and of any method that states none of its own."""


class Identity(Enum):
    """A merge whose outcome is known beforehand, so that the app can verify it."""

    ZERO_SCALING_IS_BASE = "scaling 0 gives the base"
    ONE_TASK_IS_FINE_TUNED = "one task at weight 1 gives its fine-tuned model"


class Combine(Protocol):
    """The method itself, in plain torch on any device."""

    def __call__(
        self,
        deltas: Tensor,
        weights: Tensor,
        prepared: Any,
        params: Any,
        *,
        start: int = 0,
        tally: Tensor | None = None,
    ) -> Tensor:
        """Combine n neighbouring columns of the remaining tasks' vectors.

        Args:
            deltas: Unweighted task vectors of the remaining tasks, (T, n), weight units.
            weights: Their weights, (T,), none 0.
            prepared: From `MergeMethod.prepare`, for these tasks; None where a method has none.
            params: The method's params dataclass.
            start: Column of the flat matrix where these n begin.
            tally: Sum of `MergeMethod.survey` over all columns in scope; None when `deltas` are all.

        Returns:
            The multi-task vector there, (n,), weight units, unscaled.
        """


@dataclass(frozen=True, slots=True)
class MergeMethod:
    """A way to combine task vectors: what it is called, what it takes, how it computes."""

    name: str
    """Its name in recipes; also its module's."""
    title: str
    """Its name on screen and in refusals."""
    source: str
    """Where it comes from: "arXiv:…", or in a few words what it is based on."""
    formula: str
    """LaTeX of the multi-task vector, without the left-hand side; `<name>` stands for a setting's value."""
    params: type
    """Its settings: a frozen dataclass whose fields were made by `param` and `choice`."""
    identities: frozenset[Identity]
    """What must hold exactly, whatever the zoo."""
    combine: Combine
    """The readable reference, on any device."""
    coefficients: Coefficients | None = None
    """For a linear method, the factor of each task vector; None for the others."""
    prepare: Prepare | None = None
    """What can be computed before any weight or scaling is known, and kept while they change."""
    survey: Survey | None = None
    """What `combine` must know about all columns once the weights are known."""
    fused: Fused | None = None
    """The same numbers to the bit, on the CPU, in one pass over memory."""
    fewest_tasks: FewestTasks = lambda _: 1
    """Tasks below which a merge with these settings is the base."""
    usual_scaling: UsualScaling = lambda _: SUM_SCALING
    """λ where a comparison of methods begins: multi-task vectors of one method are larger than another's."""

    @property
    def settings(self) -> dict[str, Param | Choice]:
        """Its parameters by name, in the order sliders are drawn."""
        return settings_of(self.params)

    def parse_params(self, given: Mapping[str, Any]) -> Any:
        """Its params with defaults where nothing was given.

        Raises:
            ParameterRangeError: A name it does not have, or a value outside its range.
        """
        return parse(self.params, given, title=self.title)

    def __call__(
        self, deltas: Tensor, weights: Tensor, params: Any = None, *, ranges: Ranges | None = None
    ) -> Tensor:
        """Combine whole task vectors with the reference; columns out of scope stay 0.

        Args:
            deltas: Task vectors, (T, P), weight units.
            weights: One weight per task, (T,), unitless; 0 leaves the task out.
            params: Its params dataclass; all defaults when None.
            ranges: Columns in scope; all when None.

        Returns:
            The multi-task vector, (P,), weight units, unscaled.

        Raises:
            AnalysisError: No task is left to merge.
        """
        tasks, ranges = remaining(weights), ranges or ((0, deltas.shape[1]),)
        params = params or self.params()
        prepared = self.prepare(deltas, tasks, ranges, params, lambda: None) if self.prepare else None
        left, factors = deltas[list(tasks)], weights[list(tasks)].to(deltas.device)
        tally = None
        if self.survey:
            surveyed = [self.survey(left[:, a:b], factors, prepared, params, start=a) for a, b in ranges]
            tally = torch.stack(surveyed).sum(dim=0)
        tau_mtl = torch.zeros_like(deltas[0])
        for a, b in ranges:
            tau_mtl[a:b] = self.combine(left[:, a:b], factors, prepared, params, start=a, tally=tally)
        return tau_mtl


def remaining(weights: Tensor) -> tuple[int, ...]:
    """Rows of the tasks a merge is made of, ascending: a weight of exactly 0 leaves its task out.

    Raises:
        AnalysisError: None remains.
    """
    tasks = tuple(weights.nonzero().flatten().tolist())
    if not tasks:
        raise AnalysisError("Merging nothing: no task has a weight other than 0; give at least one a weight.")
    return tasks


def merge_method(
    *,
    name: str,
    title: str,
    source: str,
    formula: str,
    params: type = NoParams,
    prepare: Prepare | None = None,
    survey: Survey | None = None,
    fused: Fused | None = None,
    fewest_tasks: FewestTasks = lambda _: 1,
    usual_scaling: UsualScaling = lambda _: SUM_SCALING,
) -> Callable[[Combine], Combine]:
    """Register the decorated `Combine` function as a merging method."""

    def register(combine: Combine) -> Combine:
        method = MergeMethod(
            name=name,
            title=title,
            source=source,
            formula=formula,
            params=params,
            identities=frozenset({Identity.ZERO_SCALING_IS_BASE}),
            combine=combine,
            prepare=prepare,
            survey=survey,
            fused=fused,
            fewest_tasks=fewest_tasks,
            usual_scaling=usual_scaling,
        )
        _add(method, combine.__module__)
        return combine

    return register


def linear_merge_method(
    *,
    name: str,
    title: str,
    source: str,
    formula: str,
    usual_scaling: UsualScaling = lambda _: SUM_SCALING,
) -> Callable[[Coefficients], Coefficients]:
    """Register the decorated function from weights to coefficients as a linear merging method."""

    def register(coefficients: Coefficients) -> Coefficients:
        method = MergeMethod(
            name=name,
            title=title,
            source=source,
            formula=formula,
            params=NoParams,
            identities=frozenset(Identity),
            combine=partial(_combine_linearly, coefficients),
            coefficients=coefficients,
            fused=partial(_fuse_linearly, coefficients),
            usual_scaling=usual_scaling,
        )
        _add(method, coefficients.__module__)
        return coefficients

    return register


def merge_methods() -> dict[str, MergeMethod]:
    """Every merging method by name, in alphabetical order."""
    _discover()
    return dict(sorted(_METHODS.items()))


def merge_method_named(name: str) -> MergeMethod:
    """The method a recipe names.

    Raises:
        AnalysisError: There is none of that name.
    """
    methods = merge_methods()
    if name not in methods:
        raise AnalysisError(f"There is no merging method '{name}'; choose one of {', '.join(methods)}.")
    return methods[name]


_METHODS: dict[str, MergeMethod] = {}


def _add(method: MergeMethod, module: str) -> None:
    """Register a method of some module.

    Raises:
        ValueError: Its name is not its module's, or there is a method of that name.
    """
    if module.startswith("analysis.methods.") and module != f"analysis.methods.{method.name}":
        raise ValueError(f"{module} registers '{method.name}'; a merging method has the name of its file.")
    if method.name in _METHODS:
        raise ValueError(f"{module} registers '{method.name}' again; give each merging method its own name.")
    _METHODS[method.name] = method


@cache
def _discover() -> None:
    # By name: methods stand above the registry that finds them, so it may not import them.
    methods = importlib.import_module("analysis.methods")
    for module in pkgutil.iter_modules(methods.__path__, prefix=f"{methods.__name__}."):
        importlib.import_module(module.name)


def _combine_linearly(
    coefficients: Coefficients,
    deltas: Tensor,
    weights: Tensor,
    prepared: None,
    params: NoParams,
    *,
    start: int = 0,
    tally: None = None,
) -> Tensor:
    return weighted_sum(deltas, coefficients(weights))


def _fuse_linearly(
    coefficients: Coefficients,
    buffers: Buffers,
    tasks: tuple[int, ...],
    weights: Tensor,
    prepared: None,
    params: NoParams,
) -> FusedMerge:
    return FusedWeightedSum(buffers, tasks, coefficients(weights))
