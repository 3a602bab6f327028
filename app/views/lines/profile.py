"""Size of a recipe's multi-task vector in each layer, and LiNeS's α for it."""

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
from app.words.plain_text import sentence_of
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.store import Arrays


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
    unscaled = replace(recipe, scale=Constant(1.0))
    return bench.remembered.measurement(
        "layer profile",
        unscaled.digest(),
        lambda context: _measured(bench, recipe, context),
        lambda arrays: _profile(bench, recipe, arrays),
        recipe=unscaled.digest(),
    )


def _measured(bench: Workbench, recipe: Recipe, context: JobContext) -> Arrays:
    engine, vectors = bench.engine, bench.zoo.task_vectors
    alpha, why = None, ""
    try:
        alpha = engine.merge(replace(recipe, scale=Lines(None, 0.0)), check=context.check).alpha
    except ParameterRangeError as error:
        why = sentence_of(error)
        engine.merge(replace(recipe, scale=Constant(1.0)), check=context.check)
    rows = {place.key: row for row, place in enumerate(places(vectors.layout))}
    squares = np.full(len(rows), np.nan)  # a place out of scope has no size
    for segment in segments(vectors.layout, scope_ranges(vectors, recipe.scope)):
        row = rows[segment.place.key]
        squares[row] = np.nan_to_num(squares[row])
        for start in range(segment.start, segment.stop, CHUNK):
            context.check()
            piece = engine.tau_mtl[start : min(start + CHUNK, segment.stop)].double()
            squares[row] += float(piece @ piece)
    return {
        "squares": squares,
        "alpha": np.asarray([np.nan if alpha is None else alpha]),
        "why_no_alpha": np.frombuffer(why.encode(), dtype=np.uint8),
    }


def _profile(bench: Workbench, recipe: Recipe, arrays: Arrays) -> LayerProfile:
    squares, alpha = arrays["squares"], float(arrays["alpha"][0])
    found = [
        (place, float(square))
        for place, square in zip(places(bench.zoo.task_vectors.layout), squares, strict=True)
        if not np.isnan(square)
    ]
    return LayerProfile(
        tuple(place for place, _ in found),
        tuple(square for _, square in found),
        None if np.isnan(alpha) else alpha,
        arrays["why_no_alpha"].tobytes().decode(),
        bench.engine.depths(recipe.scope),
    )
