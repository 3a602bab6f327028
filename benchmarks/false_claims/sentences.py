"""Sentences that can claim an effect from weights alone, each by the verdict that its words come from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from analysis.weights.most_moved import most_moved
from analysis.weights.norms import Measure
from analysis.weights.sign_conflict import SURE, sum_to_mass
from analysis.weights.sign_votes import SURE as SURE_OF_VOTES
from analysis.weights.sign_votes import sign_votes
from app.views.map.cosines import cosines_beyond_chance
from app.views.map.layers import layers_of, layers_resemble
from app.views.map.tasks import DRAWS, axes_stand_out, task_map_within
from app.views.sign_conflicts.answer import conflict_side
from app.views.sign_conflicts.excess import layers_beyond_chance
from app.views.sign_conflicts.look import DENSITY, Look, by_layer, part
from app.views.sign_conflicts.magnitude import bands, further_from_chance
from app.views.sign_conflicts.pairs import pair_sides, pair_table
from app.views.sign_conflicts.shares import layer_shares, most_conflict
from app.views.tall_masks.counts import kept_by
from app.views.tall_masks.overlap import overlap, pairs_apart
from app.views.tall_masks.shown import part as masks_of_part
from app.views.tall_masks.split import by_component, by_place, selfish_beside
from app.views.update_norms.by_task import growth_with_depth
from app.views.update_norms.norms import layer_by_task
from app.views.update_norms.single_weights import MOST
from app.views.update_norms.spectrum import is_concentrated, spectrum_of
from app.work.jobs import JobContext
from benchmarks.false_claims.looked_at import LookedAt, Part

_COSINES = 0.05
"""All pairs together stay within the interval shown with a probability of 95 %."""

_MAP = 0.025
"""A task's layers are alike beyond the upper end of a 95 % range."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a page, shown for a part of the model."""

    page: str
    name: str
    scope: str
    promise: float | None
    """Largest share of zoos of independent tasks in which it claims an effect; None where it describes what
    is there, by thresholds of size, and speaks of no chance."""
    claims: Callable[[LookedAt], Iterator[bool]]
    """Whether it does, for every part that is looked at."""
    needs_equal_layers: bool = False
    """Whether it compares layers with one another, not with chance."""


def _conflict(seen: LookedAt, *, scope: str, is_weighted: bool) -> Iterator[bool]:
    look = _look(seen, is_weighted=is_weighted)
    for at in seen.parts(scope):
        yield conflict_side(look, part(seen.trimmed, *at)) != 0


def _untrimmed_conflict(seen: LookedAt, *, scope: str) -> Iterator[bool]:
    look = Look(seen.vectors.tasks, 1.0)
    for at in seen.parts(scope):
        yield conflict_side(look, part(seen.statistics, *at)) != 0


def _conflict_by_layer(seen: LookedAt, *, component: str | None, is_weighted: bool) -> Iterator[bool]:
    rate = _look(seen, is_weighted=is_weighted).rate(by_layer(seen.trimmed, seen.places, component)[1])
    yield bool(layers_beyond_chance(rate).any())


def _conflict_of_pairs(seen: LookedAt, *, scope: str, is_weighted: bool) -> Iterator[bool]:
    look = _look(seen, is_weighted=is_weighted)
    for at in seen.parts(scope):
        table = pair_table(look, part(seen.statistics, *at), part(seen.trimmed, *at), by_similarity=False)
        yield bool(pair_sides(table).any())


def _remains(seen: LookedAt, *, component: str | None) -> Iterator[bool]:
    rate = sum_to_mass(part(seen.trimmed, None, component), part(seen.null, None, component))
    yield bool(layers_beyond_chance(rate).any())


def _remains_by_layer(seen: LookedAt, *, component: str | None) -> Iterator[bool]:
    sums, null = (by_layer(one, seen.places, component)[1] for one in (seen.trimmed, seen.null))
    yield bool(layers_beyond_chance(sum_to_mass(sums, null)).any())


def _by_magnitude(seen: LookedAt, *, scope: str) -> Iterator[bool]:
    for at in seen.parts(scope):
        found = bands(_look(seen), [(density, part(one, *at)) for density, one in seen.by_density])
        yield further_from_chance(found) is not None


def _most_conflict(seen: LookedAt) -> Iterator[bool]:
    sums = by_layer(seen.trimmed, seen.places, None)[1]
    yield most_conflict(sums.n, layer_shares(_look(seen), sums)) is not None


def _kept_by(seen: LookedAt, *, scope: str) -> Iterator[bool]:
    for at in seen.parts(scope):
        rows = kept_by(masks_of_part(seen.masks, *at), [masks_of_part(one, *at) for one in seen.mask_nulls])
        yield any(row.side for row in rows[:2])


def _overlap(seen: LookedAt, *, scope: str) -> Iterator[bool]:
    for at in seen.parts(scope):
        nulls = [masks_of_part(one, *at) for one in seen.mask_nulls]
        yield bool(pairs_apart(overlap(masks_of_part(seen.masks, *at), nulls, seen.vectors.tasks)))


def _selfish_by_layer(seen: LookedAt, *, component: str | None) -> Iterator[bool]:
    split, *nulls = (by_place(one, seen.places, component) for one in (seen.masks, *seen.mask_nulls))
    yield bool(selfish_beside(split, nulls)[1].any())


def _selfish_by_component(seen: LookedAt) -> Iterator[bool]:
    components = {segment.component for segment in seen.masks.segments}
    split, *nulls = (by_component(one, sorted(components), None) for one in (seen.masks, *seen.mask_nulls))
    yield bool(selfish_beside(split, nulls)[1].any())


def _largest_updates(seen: LookedAt) -> Iterator[bool]:
    vectors, parts = seen.vectors, seen.parts("tensor")
    for segment in seen.statistics.segments:
        if (segment.place.key, segment.component) in parts and segment.parameter.endswith("weight"):
            inside = slice(segment.start, segment.stop)
            found = most_moved(vectors.theta_0[inside], vectors.deltas[:, inside], task=0, most=MOST)
            yield sign_votes(found.deltas, 0).side != 0


def _growth(seen: LookedAt) -> Iterator[bool]:
    yield growth_with_depth(layer_by_task(seen.statistics, seen.places, Measure.RELATIVE)) != 0


def _cosines(seen: LookedAt, *, scope: str) -> Iterator[bool]:
    for place, component in seen.parts(scope):
        yield cosines_beyond_chance(task_map_within(seen.statistics, place=place, component=component))


def _directions(seen: LookedAt, *, scope: str) -> Iterator[bool]:
    for place, component in seen.parts(scope):
        yield axes_stand_out(task_map_within(seen.statistics, place=place, component=component))


def _spectrum(seen: LookedAt) -> Iterator[bool]:
    vectors, parts = seen.vectors, seen.parts("tensor")
    shapes = {one.name: one.shape for one in vectors.layout.parameters}
    for segment in seen.statistics.segments:
        shape = shapes[segment.parameter]
        if (segment.place.key, segment.component) in parts and len(shape) == 2:
            measured = spectrum_of(
                vectors, vectors.tasks[0], segment, name=segment.parameter, shape=(shape[0], shape[1])
            )
            yield is_concentrated(measured.compute(JobContext()))


def _map_of_layers(seen: LookedAt, *, by_component: bool) -> Iterator[bool]:
    yield layers_resemble(layers_of(seen.statistics, seen.places, by_component=by_component, method="pca"))


def _look(seen: LookedAt, *, is_weighted: bool = False) -> Look:
    return Look(seen.vectors.tasks, DENSITY, is_weighted=is_weighted)


_SCOPES = ("whole", "layer", "tensor")
_BY = {False: "counted", True: "weighed"}
_WITHIN: dict[str, Part] = {"whole": (None, None), "norms": (None, "norm")}


def _on_sign_conflicts() -> Iterator[Sentence]:
    make = partial(Sentence, "Sign conflicts", promise=SURE)
    for weighted, word in _BY.items():
        for scope in _SCOPES:
            yield make(
                f"conflict, {word}", scope, claims=partial(_conflict, scope=scope, is_weighted=weighted)
            )
        for scope, (_, component) in _WITHIN.items():
            yield make(
                f"layers, {word}",
                scope,
                claims=partial(_conflict_by_layer, component=component, is_weighted=weighted),
            )
        for scope in _SCOPES:
            yield make(
                f"pairs, {word}", scope, claims=partial(_conflict_of_pairs, scope=scope, is_weighted=weighted)
            )
    for scope in _SCOPES:
        yield make("conflict, untrimmed", scope, claims=partial(_untrimmed_conflict, scope=scope))
    for scope, (_, component) in _WITHIN.items():
        yield make("remains when added", scope, claims=partial(_remains, component=component))
        yield make("furthest from chance", scope, claims=partial(_remains_by_layer, component=component))
    for scope in _SCOPES:
        yield make("large or small updates", scope, claims=partial(_by_magnitude, scope=scope))
    yield make("most frequent in", "whole", claims=_most_conflict, needs_equal_layers=True)


def _on_tall_masks() -> Iterator[Sentence]:
    make = partial(Sentence, "TALL masks", promise=SURE)
    for scope in _SCOPES:
        yield make("one mask, no mask", scope, claims=partial(_kept_by, scope=scope))
    for scope in _SCOPES:
        yield make("overlap of pairs", scope, claims=partial(_overlap, scope=scope))
    for scope, (_, component) in _WITHIN.items():
        yield make("selfish by layer", scope, claims=partial(_selfish_by_layer, component=component))
    yield make("selfish by component", "whole", claims=_selfish_by_component)


def _on_other_pages() -> Iterator[Sentence]:
    yield Sentence("Update norms", "most-changed weights", "tensor", SURE_OF_VOTES, _largest_updates)
    yield Sentence("Update norms", "fewer directions", "tensor", SURE, _spectrum)
    yield Sentence("Update norms", "grow with depth", "whole", None, _growth, needs_equal_layers=True)
    for scope in _SCOPES:
        yield Sentence("Map", "cosines", scope, _COSINES, partial(_cosines, scope=scope))
    for scope in _SCOPES:
        yield Sentence("Map", "two axes stand out", scope, 1 / DRAWS, partial(_directions, scope=scope))
    for scope, is_finer in (("whole", False), ("components", True)):
        claims = partial(_map_of_layers, by_component=is_finer)
        yield Sentence("Map", "layers resemble", scope, _MAP, claims)


SENTENCES = (*_on_sign_conflicts(), *_on_tall_masks(), *_on_other_pages())
"""All of them, page by page."""
