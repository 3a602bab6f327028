"""Names of recipes, and differences between them: two have one name only if they are the same."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import Constant, Curve, Scale
from analysis.model.scope import Scope

_NAMED = 2
"""Task weights that are named; of more, their number and a fingerprint stand in the name."""

_TOLD = 4
"""Changes that are told one by one; of more, their number."""

_SCOPES = {Scope.ALL: "all weights", Scope.BLOCKS: "residual blocks only"}


def recipe_name(recipe: Recipe) -> str:
    """Method and scale, then whatever differs from the defaults.

    A curve, and more than two changed weights, are told apart by four digits that depend on all of them.
    """
    weights = {task: weight for task, weight in recipe.weights.items() if weight != 1}
    if len(weights) > _NAMED:
        named = [f"{len(weights)} weights changed ({_fingerprint(recipe.weights)})"]
    else:
        named = [f"'{task}' {_exact(weight)}" for task, weight in weights.items()]
    return ", ".join(
        [
            merge_method_named(recipe.method).title,
            _scale(recipe.scale),
            *(f"{name} {_exact(value)}" for name, value in _settings(recipe).items()),
            *named,
            *([_SCOPES[recipe.scope]] if recipe.scope in _SCOPES else []),
            *([f"seed {recipe.seed}"] if recipe.seed else []),
        ]
    )


def recipe_change(before: Recipe, after: Recipe) -> str:
    """What leads from one recipe to another, four changes at most; empty for the same recipe.

    >>> from dataclasses import replace
    >>> before = Recipe.from_mapping({"scaling": 0.3, "method": "task_arithmetic"}, tasks=["digits"])
    >>> recipe_change(before, replace(before, scale=Constant(1.0), weights={"digits": 0.5}))
    "λ 0.3 → λ 1, 'digits' 1 → 0.5"
    """
    old, new = _parts(before), _parts(after)
    nothing = ("", "none")
    changes = [
        f"{label}{old.get(key, nothing)[1]} → {new.get(key, nothing)[1]}"
        for key, (label, _) in {**new, **old}.items()
        if old.get(key) != new.get(key)
    ]
    more = [f"and {len(changes) - _TOLD} more"] if len(changes) > _TOLD else []
    return ", ".join([*changes[:_TOLD], *more])


def _parts(recipe: Recipe) -> dict[str, tuple[str, str]]:
    """Everything that decides a recipe: by what it is, a label and its value."""
    return {
        "method": ("", merge_method_named(recipe.method).title),
        "scale": ("", _scale(recipe.scale)),
        **{f"setting {name}": (f"{name} ", _exact(value)) for name, value in asdict(recipe.params).items()},
        **{f"weight {task}": (f"'{task}' ", _exact(weight)) for task, weight in recipe.weights.items()},
        "scope": ("scope ", recipe.scope.value),
        "seed": ("seed ", str(recipe.seed)),
    }


def _settings(recipe: Recipe) -> dict[str, Any]:
    """The method's settings that are not the usual ones."""
    usual = asdict(merge_method_named(recipe.method).parse_params({}))
    return {name: value for name, value in asdict(recipe.params).items() if value != usual[name]}


def _scale(scale: Scale) -> str:
    if isinstance(scale, Constant):
        return f"λ {_exact(scale.scaling)}"
    if isinstance(scale, Curve):
        return f"curve {_fingerprint(asdict(scale))}"
    alpha = "auto" if scale.alpha is None else _exact(scale.alpha)
    return f"LiNeS {alpha} {'' if scale.beta < 0 else '+'}{_exact(scale.beta)}"


def _exact(value: Any) -> str:
    """A setting as short as can be without being taken for another."""
    if not isinstance(value, float):
        return str(value)
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def _fingerprint(numbers: Mapping[str, Any]) -> str:
    return hashlib.sha256(repr(sorted(numbers.items())).encode()).hexdigest()[:4]
