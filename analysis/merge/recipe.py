"""A merge, written down: weigh, combine, scale."""

import hashlib
import json
import math
import reprlib
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from analysis.errors import AnalysisError, ParameterRangeError
from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import Constant, Curve, Lines, Scale
from analysis.model.scope import Scope

_KEYS = ("method", "params", "weights", "scaling", "lines", "curve", "scope", "seed")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a merged model, with no default left open but LiNeS's α."""

    method: str
    """A registered merging method."""
    params: Any
    """The method's own settings, an instance of its params class."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """w_t of every task of the zoo, in the zoo's order, unitless; 0 leaves the task out, < 0 negates it."""
    scale: Scale = field(default_factory=Constant)
    scope: Scope = Scope.CHANGED
    seed: int = 0
    """Read by stochastic methods only."""

    @classmethod
    def from_mapping(cls, data: Any, *, tasks: Sequence[str]) -> "Recipe":
        """Read a recipe as it stands in YAML, filling what it leaves out.

        Args:
            data: Keys method, params, weights, one of scaling, lines or curve, scope, seed.
            tasks: The zoo's tasks; each gets weight 1 unless the recipe says otherwise.

        Raises:
            AnalysisError: A key, task, method or scope is unknown, or a value is of the wrong kind.
            ParameterRangeError: A number lies outside its range.
        """
        recipe = _table(data, "The recipe", _KEYS)
        name = recipe.get("method", "task_arithmetic")
        if not isinstance(name, str):
            raise AnalysisError(f"method is {_shown(name)}; it must be the name of a merging method.")
        method = merge_method_named(name)
        scope = recipe.get("scope", Scope.CHANGED.value)
        if scope not in list(Scope):
            raise AnalysisError(f"scope is {_shown(scope)}; it must be one of {', '.join(Scope)}.")
        seed = recipe.get("seed", 0)
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise AnalysisError(f"seed is {_shown(seed)}; it must be a whole number.")
        if not 0 <= seed < 2**63:
            raise ParameterRangeError("seed must lie in [0, 2⁶³), the range of the random generators.")
        return cls(
            method=method.name,
            params=method.parse_params(_table(recipe.get("params"), "params")),
            weights=_weights(recipe.get("weights"), tasks),
            scale=_scale(recipe),
            scope=Scope(scope),
            seed=seed,
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


def _weights(data: Any, tasks: Sequence[str]) -> dict[str, float]:
    weights = dict.fromkeys(tasks, 1.0)
    for task, weight in _table(data, "weights").items():
        if task not in weights:
            raise AnalysisError(
                f"The recipe weighs task '{task}', which the zoo does not have. "
                f"Its tasks: {', '.join(tasks)}."
            )
        weights[task] = _number(weight, f"The weight of '{task}'")
    return weights


def _scale(recipe: Mapping[str, Any]) -> Scale:
    given = [key for key in ("scaling", "lines", "curve") if key in recipe]
    if len(given) != 1:
        raise AnalysisError(
            f"The recipe gives {' and '.join(given) or 'no scale'}; "
            "exactly one of scaling, lines and curve must stand."
        )
    if "lines" in recipe:
        lines = _table(recipe["lines"], "lines", ("alpha", "beta"))
        alpha = lines.get("alpha", "auto")
        return Lines(
            alpha=None if alpha == "auto" else _number(alpha, "lines.alpha"),
            beta=_number(lines.get("beta", Lines().beta), "lines.beta"),
        )
    if "curve" in recipe:
        curve = _table(recipe["curve"], "curve", ("outside", "blocks"))
        blocks = curve.get("blocks")
        if not isinstance(blocks, list | tuple) or "outside" not in curve:
            raise AnalysisError("curve needs a number under 'outside' and a list of numbers under 'blocks'.")
        return Curve(
            outside=_number(curve["outside"], "curve.outside"),
            blocks=tuple(_number(value, f"curve.blocks[{layer}]") for layer, value in enumerate(blocks)),
        )
    return Constant(_number(recipe["scaling"], "scaling"))


def _written_scale(scale: Scale) -> dict[str, Any]:
    if isinstance(scale, Lines):
        return {"lines": {"alpha": "auto" if scale.alpha is None else scale.alpha, "beta": scale.beta}}
    if isinstance(scale, Curve):
        return {"curve": {"outside": scale.outside, "blocks": list(scale.blocks)}}
    return {"scaling": scale.scaling}


def _table(data: Any, where: str, known: Sequence[str] | None = None) -> Mapping[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise AnalysisError(f"{where} is {type(data).__name__}; a table of names and values was expected.")
    for key in data:
        if known is not None and key not in known:
            raise AnalysisError(f"{where} has the unknown key {key!r}; known are {', '.join(known)}.")
    return data


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AnalysisError(f"{where} is {_shown(value)}; it must be a number.")
    try:
        number = float(value)
    except OverflowError:  # YAML holds whole numbers of any length
        number = math.inf
    if not math.isfinite(number):
        raise ParameterRangeError(f"{where} is {number}; it must be finite.")
    return number + 0.0  # −0.0 becomes 0.0: equal recipes have one digest


def _shown(value: Any) -> str:
    # Shortened: a few YAML aliases of aliases spell out to gigabytes.
    return textwrap.shorten(reprlib.repr(value), 80, placeholder="…")
