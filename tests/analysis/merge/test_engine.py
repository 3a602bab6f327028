from dataclasses import replace
from itertools import permutations

import psutil
import pytest
import torch

from analysis.errors import MismatchError, ParameterRangeError
from analysis.merge.engine import MergeEngine
from analysis.merge.params import Choice
from analysis.merge.recipe import Recipe, anchor_recipe
from analysis.merge.registry import merge_method_named, merge_methods
from analysis.merge.scaling import Constant, Curve, Lines, layer_factors
from analysis.model.layout import Layout, intersect
from analysis.model.scope import Scope, depths_in_scope, scope_ranges
from tests.peak_memory import added_at_peak
from tests.vectors_of_weights import vectors_of_weights

BLOCK = {"ln_1.weight": (16,), "mlp.c_fc.weight": (16, 24)}
SHAPES = {
    "token_embedding.weight": (50,),
    "transformer.resblocks.0.ln_1.weight": (30,),
    "transformer.resblocks.1.ln_1.weight": (30,),
    "visual.conv1.weight": (40, 7),
    **{f"visual.transformer.resblocks.{b}.{name}": shape for b in range(3) for name, shape in BLOCK.items()},
    "visual.proj": (16, 8),
}
TASKS = ("a", "b", "c", "d")


class StoppedError(Exception):
    pass


@pytest.fixture
def vectors():
    return vectors_of(SHAPES)


def vectors_of(shapes, *, frozen="token_embedding"):
    layout = Layout.from_shapes(shapes)
    generator = torch.Generator().manual_seed(0)
    theta_0 = torch.randn(layout.n_weights, generator=generator)
    # Powers of two, so that magnitudes tie; the text leftovers are frozen.
    moves = torch.randint(-4, 5, (len(TASKS), layout.n_weights), generator=generator) / 8
    for parameter in layout.parameters:
        if parameter.name.startswith(frozen):
            moves[:, parameter.start : parameter.stop] = 0
    return vectors_of_weights(theta_0, theta_0 + moves, tasks=TASKS, layout=layout)


def recipe(method="task_arithmetic", params=None, weights=(1.0, 0.5, 0.75, 2.0), **others):
    params = merge_method_named(method).parse_params(params or {})
    others = {"scale": Constant(0.4), **others}
    return Recipe(method, params, dict(zip(TASKS, weights, strict=True)), **others)


def ends(setting):
    return setting.options if isinstance(setting, Choice) else (setting.low, setting.high)


def every_recipe():
    for name, method in merge_methods().items():
        yield pytest.param(recipe(name), id=name)
        for key, setting in method.settings.items():
            for end in ends(setting):
                yield pytest.param(recipe(name, {key: end}), id=f"{name}-{key}-{end}")


def fresh(vectors, a_recipe):
    engine = MergeEngine(vectors)
    engine.merge(a_recipe)
    return engine.theta


def reference(vectors, a_recipe, *, auto_alpha=None):
    ranges = scope_ranges(vectors, a_recipe.scope)
    weights = torch.tensor([a_recipe.weights[task] for task in vectors.tasks])
    tau_mtl = merge_method_named(a_recipe.method)(vectors.deltas, weights, a_recipe.params, ranges=ranges)
    depths = depths_in_scope(vectors.layout, ranges)
    factors = layer_factors(a_recipe.scale, depths, auto_alpha=auto_alpha)
    theta = vectors.theta_0.clone()
    for stretch in vectors.layout.stretches:
        for start, stop in intersect(ranges, stretch.start, stretch.stop):
            theta[start:stop] += torch.tensor(factors.of(stretch.tower, stretch.layer)) * tau_mtl[start:stop]
    return theta


def equal_bits(one, other):
    return torch.equal(one.view(torch.int32), other.view(torch.int32))


every = pytest.mark.parametrize("merged", list(every_recipe()))
every_scope = pytest.mark.parametrize("scope", list(Scope))
SCALES = [
    Constant(0.0),
    Constant(-0.7),
    Lines(0.2, 1.1),
    Lines(0.2, -0.4),
    Curve(0.3, (0.1, -0.2, 1.5)),
]


def test_engine_starts_at_the_base(vectors):
    engine = MergeEngine(vectors)

    assert equal_bits(engine.theta, vectors.theta_0)
    assert not engine.tau_mtl.any()


@every
@every_scope
def test_scaling_zero_gives_the_base_to_the_bit(vectors, merged, scope):
    theta = fresh(vectors, replace(merged, scale=Constant(0.0), scope=scope))

    assert equal_bits(theta, vectors.theta_0)


@every
@pytest.mark.parametrize("scale", SCALES, ids=str)
@pytest.mark.parametrize("chunk", [97, 1 << 22])
def test_merge_is_the_reference_scaled_layer_by_layer_to_the_bit(vectors, monkeypatch, merged, scale, chunk):
    monkeypatch.setattr("analysis.merge.engine.CHUNK", chunk)
    merged = replace(merged, scale=scale, scope=Scope.CHANGED)
    vectors = vectors_of(SHAPES, frozen=("token", "transformer"))

    assert equal_bits(fresh(vectors, merged), reference(vectors, merged))


@every
@every_scope
def test_merge_in_each_scope_is_the_reference_to_the_bit(vectors, merged, scope):
    merged = replace(merged, scope=scope)

    assert equal_bits(fresh(vectors, merged), reference(vectors, merged))


@every
@pytest.mark.parametrize("chunk", [97, 1 << 22])
def test_method_without_a_fused_pass_merges_the_same(vectors, monkeypatch, merged, chunk):
    plain = replace(merge_method_named(merged.method), fused=None)
    expected = fresh(vectors, merged)
    monkeypatch.setattr("analysis.merge.engine.CHUNK", chunk)
    monkeypatch.setattr("analysis.merge.engine.merge_method_named", lambda _: plain)

    torch.testing.assert_close(fresh(vectors, merged), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("method", merge_methods())
@pytest.mark.parametrize("order", list(permutations(range(4)))[1::7])
def test_task_order_does_not_matter(vectors, method, order):
    merged = recipe(method)
    rows = list(order)
    shuffled = replace(vectors, deltas=vectors.deltas[rows], tasks=tuple(TASKS[row] for row in rows))

    torch.testing.assert_close(fresh(shuffled, merged), fresh(vectors, merged), rtol=0, atol=1e-6)


@every
def test_weight_zero_equals_leaving_the_task_out(vectors, merged):
    left_out = replace(vectors, deltas=vectors.deltas[[0, 2, 3]], tasks=("a", "c", "d"))
    without = replace(merged, weights={task: merged.weights[task] for task in ("a", "c", "d")})
    merged = replace(merged, weights={**merged.weights, "b": 0.0})

    assert equal_bits(fresh(vectors, merged), fresh(left_out, without))


@every
def test_all_weights_zero_give_the_base(vectors, merged):
    engine = MergeEngine(vectors)
    engine.merge(merged)

    outcome = engine.merge(replace(merged, weights=dict.fromkeys(TASKS, 0.0)))

    assert equal_bits(engine.theta, vectors.theta_0)
    assert not engine.tau_mtl.any()
    assert outcome.factors.outside == 0.4


def test_all_weights_zero_give_the_base_even_where_lines_would_find_its_alpha(vectors):
    nothing = recipe(weights=(0.0, 0.0, 0.0, 0.0), scale=Lines(None, 0.5))

    assert equal_bits(fresh(vectors, nothing), vectors.theta_0)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("method", ["task_arithmetic", "average"])
def test_one_task_alone_at_scaling_one_is_its_fine_tuned_model(vectors, method, task):
    alone = replace(anchor_recipe(TASKS, task), method=method)

    expected = vectors.theta_0 + vectors.deltas[TASKS.index(task)]
    assert equal_bits(fresh(vectors, alone), expected)


@every
@pytest.mark.parametrize("scale", [*SCALES, Lines(None, 0.5)], ids=str)
def test_moving_the_scale_alone_equals_a_fresh_merge_to_the_bit(merged, scale):
    vectors = vectors_of(SHAPES, frozen=("token", "transformer"))
    engine = MergeEngine(vectors)

    first = engine.merge(merged)
    if scale == Lines(None, 0.5) and not engine.tau_mtl.any():
        with pytest.raises(ParameterRangeError, match="zero everywhere"):
            engine.merge(replace(merged, scale=scale))
        return
    second = engine.merge(replace(merged, scale=scale))

    assert (first.reused, second.reused) == (False, True)
    assert equal_bits(engine.theta, fresh(vectors, replace(merged, scale=scale)))


@pytest.mark.parametrize(
    "change",
    [
        {"method": "average", "params": merge_method_named("average").parse_params({})},
        {"params": merge_method_named("ties").parse_params({"density": 0.5})},
        {"weights": dict.fromkeys(TASKS, 1.0)},
        {"scope": Scope.BLOCKS},
    ],
    ids=lambda change: next(iter(change)),
)
def test_anything_but_the_scale_combines_again(vectors, change):
    engine = MergeEngine(vectors)
    engine.merge(recipe("ties"))

    outcome = engine.merge(replace(recipe("ties"), **change))

    assert not outcome.reused
    assert equal_bits(engine.theta, fresh(vectors, replace(recipe("ties"), **change)))


@every
def test_taking_tasks_out_and_in_again_leaves_no_trace(vectors, merged):
    engine = MergeEngine(vectors)

    for weights in ((1.0, 1.0, 1.0, 1.0), (1.0, 0.0, 1.0, 1.0), (1.0, 0.0, 0.0, 2.0), (1.0, 1.0, 1.0, 1.0)):
        following = replace(merged, weights=dict(zip(TASKS, weights, strict=True)))
        engine.merge(following)

        assert equal_bits(engine.theta, fresh(vectors, following))


@every
def test_going_back_and_forth_between_scopes_leaves_no_trace(vectors, merged):
    engine = MergeEngine(vectors)

    for scope in (Scope.ALL, Scope.BLOCKS, Scope.CHANGED, Scope.ALL, Scope.CHANGED, Scope.BLOCKS):
        engine.merge(replace(merged, scope=scope))

        assert equal_bits(engine.theta, fresh(vectors, replace(merged, scope=scope)))


@pytest.mark.parametrize("method", merge_methods())
def test_weights_outside_the_scope_stay_the_base_to_the_bit(vectors, method):
    layout = vectors.layout
    theta = fresh(vectors, recipe(method, scope=Scope.BLOCKS))

    moved = {p.name for p in layout.parameters if not equal_bits(*pair(layout, theta, vectors, p.name))}

    assert moved == {p.name for p in layout.parameters if p.layer is not None}


def pair(layout, theta, vectors, name):
    return layout.view(theta, name), layout.view(vectors.theta_0, name)


@pytest.mark.parametrize("method", merge_methods())
@pytest.mark.parametrize("scale", [Constant(0.4), Lines(None, 0.5)], ids=str)
def test_merge_stopped_anywhere_leaves_no_trace_in_the_next(vectors, monkeypatch, method, scale):
    monkeypatch.setattr("analysis.merge.engine.CHUNK", 397)
    first, stopped, last = (
        recipe(method, weights=weights, scale=scale)
        for weights in ((1.0, 1.0, 1.0, 1.0), (2.0, 1.0, 0.5, 0.0), (1.0, 1.0, 1.0, 0.5))
    )
    checks = count_checks(vectors, stopped)
    expected = [(following, fresh(vectors, following)) for following in (last, stopped, first)]

    for stop in range(checks):
        engine = MergeEngine(vectors)
        engine.merge(first)
        with pytest.raises(StoppedError):
            engine.merge(stopped, check=stop_at(stop))
        for following, theta in expected:
            engine.merge(following)
            assert equal_bits(engine.theta, theta)


def test_merge_that_only_moves_the_scale_can_be_stopped_too(vectors, monkeypatch):
    monkeypatch.setattr("analysis.merge.engine.CHUNK", 97)
    engine, moved = MergeEngine(vectors), recipe(scale=Constant(0.9))
    engine.merge(recipe())

    with pytest.raises(StoppedError):
        engine.merge(moved, check=stop_at(3))
    engine.merge(recipe())

    assert equal_bits(engine.theta, fresh(vectors, recipe()))


def test_merge_can_be_stopped_before_its_preparation(vectors, monkeypatch):
    def never(*_):
        raise AssertionError

    ties = replace(merge_method_named("ties"), prepare=never)
    monkeypatch.setattr("analysis.merge.engine.merge_method_named", lambda _: ties)

    with pytest.raises(StoppedError):
        MergeEngine(vectors).merge(recipe("ties"), check=stop_at(0))


@pytest.mark.parametrize(("method", "given"), [("ties", {}), ("consensus", {"vector": "ties"})])
def test_merge_can_be_stopped_while_it_prepares(vectors, method, given):
    """Trimming looks at one task after the other; a model of 20 tasks takes seconds."""
    engine = MergeEngine(vectors)
    before_the_second_task = 2

    with pytest.raises(StoppedError):
        engine.merge(recipe(method, given), check=stop_at(before_the_second_task))
    assert not engine._prepared

    engine.merge(recipe(method, given))
    assert equal_bits(engine.theta, fresh(vectors, recipe(method, given)))


def test_norms_for_alpha_can_be_stopped_between_pieces(vectors, monkeypatch):
    monkeypatch.setattr("analysis.merge.l1_norms._PIECE", 100)
    n_pieces = -(-vectors.layout.n_weights // 100)
    auto, fixed = (recipe(scale=Lines(alpha, 0.5), scope=Scope.ALL) for alpha in (None, 0.25))

    assert count_checks(vectors, auto) >= count_checks(vectors, fixed) + 2 * n_pieces


def stop_at(last):
    seen = iter(range(last + 1))

    def check():
        if next(seen) == last:
            raise StoppedError

    return check


def count_checks(vectors, a_recipe):
    seen = []
    MergeEngine(vectors).merge(a_recipe, check=lambda: seen.append(None))
    assert len(seen) > len(vectors.layout.stretches)
    return len(seen)


def test_refused_merge_leaves_no_trace_in_the_next(vectors):
    engine = MergeEngine(vectors)
    engine.merge(recipe("ties"))

    with pytest.raises(MismatchError, match=r"2 blocks, the visual tower has 3"):
        engine.merge(recipe("ties", scale=Curve(0.0, (1.0, 1.0)), scope=Scope.BLOCKS))
    engine.merge(recipe("ties", scale=Constant(0.9)))

    assert equal_bits(engine.theta, fresh(vectors, recipe("ties", scale=Constant(0.9))))


def test_lines_gives_each_block_its_factor_and_alpha_to_the_rest(vectors):
    outcome = MergeEngine(vectors).merge(recipe(scale=Lines(0.25, 1.0)))

    assert outcome.factors.outside == 0.25
    assert outcome.factors.blocks == {"visual": (0.25, 0.75, 1.25), "text": (0.25, 1.25)}
    assert outcome.alpha is None


def test_curve_reaches_the_weights_of_its_block():
    vectors = vectors_of(SHAPES, frozen=("token", "transformer"))
    engine = MergeEngine(vectors)

    engine.merge(recipe(weights=(1.0, 0.0, 0.0, 0.0), scale=Curve(2.0, (0.0, 1.0, -1.0))))

    factors = {"conv1": 2.0, "resblocks.0": 0.0, "resblocks.1": 1.0, "resblocks.2": -1.0, "proj": 2.0}
    for name in vectors.layout.by_name:
        if name.startswith("visual."):
            factor = next(value for part, value in factors.items() if part in name)
            expected = vectors.theta_0 + factor * vectors.deltas[0]
            assert equal_bits(*(vectors.layout.view(flat, name) for flat in (engine.theta, expected)))


@pytest.mark.parametrize(("method", "alpha"), [("task_arithmetic", 0.25), ("average", 1.0)])
def test_alpha_by_the_rule_is_one_over_the_tasks_for_a_sum_and_one_for_an_average(vectors, method, alpha):
    outcome = MergeEngine(vectors).merge(recipe(method, scale=Lines(None, 0.5)))

    assert outcome.alpha == pytest.approx(alpha, rel=1e-6)
    assert outcome.factors.outside == outcome.alpha


def test_alpha_by_the_rule_counts_the_tasks_that_remain(vectors):
    two = recipe(weights=(1.0, 0.0, 3.0, 0.0), scale=Lines(None, 0.5))

    assert MergeEngine(vectors).merge(two).alpha == pytest.approx(0.5, rel=1e-6)


@every_scope
def test_alpha_by_the_rule_weighs_the_norms_in_scope_against_each_other(vectors, scope):
    merged = recipe("ties", scale=Lines(None, 0.5), scope=scope)
    engine = MergeEngine(vectors)

    outcome = engine.merge(merged)

    counted = torch.zeros(vectors.layout.n_weights, dtype=torch.bool)
    for start, stop in scope_ranges(vectors, scope):
        counted[start:stop] = True
    summed = torch.tensor([merged.weights[task] for task in TASKS]) @ vectors.deltas
    ratio = summed[counted].abs().double().sum() / engine.tau_mtl.abs().double().sum()
    assert outcome.alpha == pytest.approx(float(ratio) / 4, rel=1e-6)
    assert equal_bits(engine.theta, reference(vectors, merged, auto_alpha=outcome.alpha))


def test_alpha_by_the_rule_is_refused_where_weights_differ_in_sign(vectors):
    with pytest.raises(ParameterRangeError, match="only when all task weights have one sign"):
        MergeEngine(vectors).merge(recipe(weights=(1.0, -1.0, 1.0, 1.0), scale=Lines(None, 0.5)))


def test_alpha_that_is_given_takes_weights_of_both_signs(vectors):
    mixed = recipe(weights=(1.0, -1.0, 1.0, 1.0), scale=Lines(0.3, 0.5))

    assert equal_bits(fresh(vectors, mixed), reference(vectors, mixed))


def test_views_of_the_merged_weights_show_every_merge(vectors):
    engine = MergeEngine(vectors)
    proj = vectors.layout.view(engine.theta, "visual.proj")

    for scope in Scope:
        for scaling in (0.2, 0.9):
            merged = recipe("ties", scale=Constant(scaling), scope=scope)
            engine.merge(merged)
            assert equal_bits(proj, vectors.layout.view(fresh(vectors, merged), "visual.proj"))


@every
def test_merging_never_writes_into_base_or_task_vectors(vectors, merged):
    before = vectors.theta_0.clone(), vectors.deltas.clone()

    fresh(vectors, merged)

    assert equal_bits(vectors.theta_0, before[0])
    assert equal_bits(vectors.deltas, before[1])


def test_task_vectors_with_no_blocks_at_all_can_be_merged():
    vectors = vectors_of({"conv1.weight": (7,), "proj": (5,)})

    assert MergeEngine(vectors).depths(Scope.ALL) == {}
    assert equal_bits(fresh(vectors, recipe()), reference(vectors, recipe()))


def test_fifty_merges_leave_memory_flat():
    vectors = vectors_of({"visual.proj": (2_000_000,)})
    engine, process = MergeEngine(vectors), psutil.Process()

    def merge(round_):
        for method in merge_methods():
            engine.merge(recipe(method, weights=(1.0, 0.5, 0.5, 0.01 * round_)))

    for round_ in range(5):
        merge(round_)
    before = process.memory_info().rss
    for round_ in range(5, 55):
        merge(round_)

    assert process.memory_info().rss < 1.01 * before


def test_engine_needs_the_task_vectors_and_four_vectors_more():
    n_tasks, n_weights = 2, 16_000_000
    setup = """
import torch
from analysis.merge.engine import MergeEngine
from analysis.model.layout import Layout
from analysis.merge.registry import merge_methods
from analysis.merge.recipe import Recipe
from tests.vectors_of_weights import vectors_of_weights
def merge_all(n_tasks, n_weights):
    layout = Layout.from_shapes({"visual.proj": (n_weights,)})
    theta_0, weights = torch.ones(n_weights), torch.empty(n_tasks, n_weights)
    weights.uniform_(generator=torch.Generator().manual_seed(0))
    tasks = ("a", "b")
    engine = MergeEngine(vectors_of_weights(theta_0, weights, tasks=tasks, layout=layout))
    for method in merge_methods():
        for scale in ({"scaling": 0.3}, {"scaling": 0.5}, {"lines": {"beta": 0.5}}):
            engine.merge(Recipe.from_mapping({"method": method, **scale}, tasks=tasks))
merge_all(2, 100_000)
"""

    added = added_at_peak(setup, f"merge_all({n_tasks}, {n_weights})")

    assert (n_tasks + 3) * 4 * n_weights * 0.9 < added <= (n_tasks + 4) * 4 * n_weights


def test_applied_update_is_added_to_the_base_and_the_next_merge_knows_nothing_of_it(vectors):
    update = torch.linspace(-1, 1, vectors.layout.n_weights)
    engine = MergeEngine(vectors)
    engine.merge(recipe())

    def updated(tau_mtl):
        tau_mtl.copy_(update)

    engine.apply(updated, scaling=0.5)
    applied = engine.theta.clone()
    engine.merge(recipe())

    assert torch.equal(applied, vectors.theta_0 + 0.5 * update)
    assert torch.equal(engine.theta, fresh(vectors, recipe()))


def test_applying_an_update_can_be_stopped(vectors):
    def stop():
        raise StoppedError

    with pytest.raises(StoppedError):
        MergeEngine(vectors).apply(lambda tau_mtl: None, scaling=1.0, check=stop)
