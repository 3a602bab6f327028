"""How large the multi-task vector of a recipe is in each layer, and LiNeS's α for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.errors import ParameterRangeError
from analysis.merge.engine import CHUNK
from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Lines
from analysis.model.places import Place, places
from analysis.model.scope import scope_ranges
from analysis.model.segments import segments
from app.bench.workbench import Workbench
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.keys import ResultKey
from cache.tables import Tables

VERSION = 1
"""Raise when the numbers of a profile change."""


@dataclass(frozen=True, slots=True)
class LayerProfile:
    """A multi-task vector, unscaled."""

    places: tuple[Place, ...]
    """Where the recipe's scope has weights, in network order."""
    squares: tuple[float, ...]
    """Σ τ_MTL² in each place, weight units squared."""
    alpha: float | None
    """LiNeS's α by the paper's rule; None where the rule has no number."""
    why_no_alpha: str
    """In one sentence; empty where there is one."""
    depths: Mapping[str, int]
    """L of each tower that has blocks in scope."""


def layer_profile(bench: Workbench, recipe: Recipe) -> Measurement[str, LayerProfile]:
    """The profile of a recipe's multi-task vector.

    Args:
        bench: Its merged weights are overwritten where the profile must be computed.
        recipe: Method, params, weights and scope; the scale does not matter.
    """
    key, store = _key(bench, recipe), bench.history.store

    def find() -> LayerProfile | None:
        tables = store.known_tables(key)
        return None if tables is None else _profile(bench, recipe, tables)

    return Measurement(
        key.digest(),
        lambda context: _profile(bench, recipe, store.tables(key, lambda: _measured(bench, recipe, context))),
        find,
    )


def _key(bench: Workbench, recipe: Recipe) -> ResultKey:
    unscaled = replace(recipe, scale=Constant(1.0))
    inputs = {"zoo": bench.zoo.fingerprint, "recipe": unscaled.digest()}
    return ResultKey("layer profile", VERSION, inputs)


def _measured(bench: Workbench, recipe: Recipe, context: JobContext) -> Tables:
    engine, vectors = bench.engine, bench.zoo.task_vectors
    alpha, why = None, ""
    try:
        alpha = engine.merge(replace(recipe, scale=Lines(None, 0.0)), check=context.check).alpha
    except ParameterRangeError as error:
        why = str(error)
        engine.merge(replace(recipe, scale=Constant(1.0)), check=context.check)
    squares: dict[str, float] = {}
    for segment in segments(vectors.layout, scope_ranges(vectors, recipe.scope)):
        key = segment.place.key
        for start in range(segment.start, segment.stop, CHUNK):
            context.check()
            piece = engine.tau_mtl[start : min(start + CHUNK, segment.stop)].double()
            squares[key] = squares.get(key, 0.0) + float(piece @ piece)
    return {
        "layer_sizes": {
            "place": np.asarray(list(squares), dtype=str),
            "tau_mtl_l2_squared": np.asarray(list(squares.values()), dtype=np.float64),
        },
        "lines_alpha": {
            "alpha": np.asarray([np.nan if alpha is None else alpha]),
            "why_none": np.asarray([why], dtype=str),
        },
    }


def _profile(bench: Workbench, recipe: Recipe, tables: Tables) -> LayerProfile:
    sizes, rule = tables["layer_sizes"], tables["lines_alpha"]
    squares = dict(zip(sizes["place"].tolist(), sizes["tau_mtl_l2_squared"].tolist(), strict=True))
    found = [place for place in places(bench.zoo.task_vectors.layout) if place.key in squares]
    alpha = float(rule["alpha"][0])
    return LayerProfile(
        tuple(found),
        tuple(squares[place.key] for place in found),
        None if np.isnan(alpha) else alpha,
        str(rule["why_none"][0]),
        bench.engine.depths(recipe.scope),
    )
