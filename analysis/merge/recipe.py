"""A merge, written down: weigh, combine, scale."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from unicodedata import normalize

from analysis.documents import Location, checked
from analysis.errors import AnalysisError, ParameterRangeError
from analysis.listing import few
from analysis.merge.recipe_document import RecipeDocument
from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import Constant, Curve, Lines, Scale
from analysis.model.scope import Scope

_MERGEKIT = frozenset({"merge_method", "base_model", "models", "slices", "modules"})
"""Keys of mergekit's recipes, which no recipe of ours has."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a merged model, with no default left open but LiNeS's α."""

    method: str
    """A registered merging method."""
    params: Any
    """The method's own settings, an instance of its params class."""
    weights: Mapping[str, float]
    """w_t of every task of the zoo, in the zoo's order, unitless; 0 leaves the task out, < 0 negates it."""
    scale: Scale
    scope: Scope = Scope.CHANGED
    seed: int = 0
    """Read by stochastic methods only."""

    @classmethod
    def from_mapping(cls, data: Any, *, tasks: Sequence[str]) -> "Recipe":
        """Read a recipe as it stands in YAML, filling what it leaves out.

        Args:
            data: Keys method, params, weights, one of scaling, lines or curve, scope, seed. A method
                without a scale gets the λ it is usually applied at.
            tasks: The zoo's tasks; each gets weight 1 unless the recipe sets another.

        Raises:
            AnalysisError: A key, task, method or scope is unknown, or a value is of the wrong kind.
            ParameterRangeError: A number lies outside its range.
        """
        _refuse_mergekit(data)
        document = checked(
            RecipeDocument,
            {} if data is None else data,
            name_of=_name_of,
            refusal=AnalysisError,
            out_of_range=ParameterRangeError,
        )
        method = merge_method_named(document.method)
        params = method.parse_params(document.params)
        return cls(
            method=method.name,
            params=params,
            weights=_weights(document.weights, tasks),
            scale=document.scale or Constant(method.usual_scaling(params)),
            scope=document.scope,
            seed=document.seed,
        )

    def to_mapping(self) -> dict[str, Any]:
        """The recipe as it is written in YAML, defaults filled in; `from_mapping` reads it back."""
        return {
            "method": self.method,
            "params": asdict(self.params),
            "weights": dict(self.weights),
            **_written_scale(self.scale),
            "scope": self.scope.value,
            "seed": self.seed,
        }

    def digest(self) -> str:
        """Name of the recipe: 16 hex digits, equal for equal recipes however they were written."""
        canonical = json.dumps(self.to_mapping(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def anchor_recipe(tasks: Sequence[str], task: str | None = None) -> Recipe:
    """The base itself, or one fine-tuned model, as a recipe over all weights."""
    method = merge_method_named("task_arithmetic")
    return Recipe(
        method=method.name,
        params=method.parse_params({}),
        weights={name: float(name == task) for name in tasks},
        scale=Constant(0.0 if task is None else 1.0),
        scope=Scope.ALL,
    )


def _name_of(location: Location) -> str:
    if not location:
        return "The recipe"
    if location[0] == "weights" and len(location) == 2:
        return f"The weight of '{location[1]}'"
    first, *others = location
    return str(first) + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in others)


def _refuse_mergekit(data: Any) -> None:
    if isinstance(data, Mapping) and (found := _MERGEKIT.intersection(data)):
        raise AnalysisError(
            f"The recipe has {few(sorted(found))}, as mergekit's recipes have. Here a recipe names a method, "
            "its params and weights of the zoo's tasks: {method: ties, params: {density: 0.2}, scaling: 0.3}."
        )


def _weights(given: Mapping[str, float], tasks: Sequence[str]) -> dict[str, float]:
    weights: dict[str, float] = {}
    # Letters with accents may be one character or two: editors and file systems change one into the other.
    by_look = {normalize("NFC", task): task for task in tasks}
    for name, weight in given.items():
        task = by_look.get(normalize("NFC", name))
        if task is None:
            raise AnalysisError(
                f"The recipe weighs task '{name}', which the zoo does not have. Its tasks: {few(tasks)}."
            )
        if task in weights:
            raise AnalysisError(f"The recipe weighs task '{task}' twice; keep one of the weights.")
        weights[task] = weight
    return {task: weights.get(task, 1.0) for task in tasks}


def _written_scale(scale: Scale) -> dict[str, Any]:
    if isinstance(scale, Lines):
        return {"lines": {"alpha": "auto" if scale.alpha is None else scale.alpha, "beta": scale.beta}}
    if isinstance(scale, Curve):
        return {"curve": {"outside": scale.outside, "blocks": list(scale.blocks)}}
    return {"scaling": scale.scaling}
