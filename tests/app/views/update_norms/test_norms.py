import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.layout import Layout
from analysis.model.places import places
from analysis.model.segments import segments
from analysis.model.task_vectors import TaskVectors
from analysis.weights.norms import Measure
from analysis.weights.statistics import statistics
from app.views.update_norms.norms import layer_by_component, layer_by_task, tiny_tensors
from tests.vectors_of_weights import vectors_of_weights

# As open_clip lists them: not in the order the network applies them.
LAYOUT = Layout.from_shapes(
    {
        "visual.proj": (2, 2),
        "visual.conv1.weight": (3,),
        "visual.transformer.resblocks.0.attn.in_proj_weight": (6, 2),
        "visual.transformer.resblocks.0.mlp.c_fc.bias": (4,),
        "visual.transformer.resblocks.1.attn.in_proj_weight": (6, 2),
        "visual.transformer.resblocks.1.mlp.c_fc.bias": (4,),
        "visual.ln_post.weight": (2,),
    }
)
ALL = ((0, LAYOUT.n_weights),)
PLACES = places(LAYOUT)


def drawn(seed=0, n_tasks=3):
    generator = torch.Generator().manual_seed(seed)
    theta_0 = torch.randn(LAYOUT.n_weights, generator=generator)
    weights = theta_0 + 0.1 * torch.randn(n_tasks, LAYOUT.n_weights, generator=generator)
    return vectors_of_weights(theta_0, weights, tasks=[f"t{t}" for t in range(n_tasks)], layout=LAYOUT)


def measured(vectors, measure=Measure.RELATIVE, **changes):
    return layer_by_task(statistics(vectors, ALL), PLACES, measure, **changes)


def slow_norm(vectors: TaskVectors, task, place, measure, component=None):
    """One cell, weight by weight."""
    length = base = 0.0
    n = 0
    for segment in segments(LAYOUT, ALL):
        if place in (None, segment.place) and component in (None, segment.component):
            for column in range(segment.start, segment.stop):
                length += float(vectors.deltas[task, column]) ** 2
                base += float(vectors.theta_0[column]) ** 2
                n += 1
    if measure is Measure.ABSOLUTE:
        return math.sqrt(length)
    return math.sqrt(length / (n if measure is Measure.RMS else base)) if n else math.nan


def test_rows_follow_the_network_and_columns_the_zoo():
    table = measured(drawn())

    assert [place.label for place in table.rows] == ["stem", "0", "1", "ln_post", "proj"]
    assert (table.kind, table.columns) == ("task", ("t0", "t1", "t2"))
    assert table.n == (3, 16, 16, 2, 4)


@given(st.integers(0, 30), st.sampled_from([Measure.RELATIVE, Measure.RMS, Measure.ABSOLUTE]))
def test_cells_are_the_norms_of_their_weights(seed, measure):
    vectors = drawn(seed)
    sums = statistics(vectors, ALL)
    if tiny_tensors(sums).any():
        return

    table = layer_by_task(sums, PLACES, measure)

    for row, place in enumerate(PLACES):
        expected = [slow_norm(vectors, task, place, measure) for task in range(3)]
        assert table.values[row] == pytest.approx(expected, rel=1e-5)
    assert table.by_column == pytest.approx(
        [slow_norm(vectors, task, None, measure) for task in range(3)], rel=1e-5
    )


@given(st.integers(0, 10))
def test_average_task_is_the_root_of_the_mean_square_over_the_tasks(seed):
    table = measured(drawn(seed), Measure.RMS)

    assert table.by_row == pytest.approx(np.sqrt((table.values**2).mean(axis=1)))


def test_row_normalised_cells_are_shares_above_the_mean_of_the_tasks():
    vectors = drawn()
    absolute = measured(vectors, Measure.ABSOLUTE).values

    table = measured(vectors, Measure.ROW)

    assert table.values == pytest.approx(absolute / absolute.mean(axis=1, keepdims=True) - 1)
    assert table.by_row == pytest.approx(measured(vectors, Measure.RELATIVE).by_row)


def test_one_component_alone_counts_and_layers_without_it_have_no_norm():
    vectors = drawn()

    table = measured(vectors, Measure.RMS, component="attn_k")

    expected = [slow_norm(vectors, 0, place, Measure.RMS, "attn_k") for place in PLACES]
    assert table.values[:, 0] == pytest.approx(expected, nan_ok=True, rel=1e-5)
    assert table.n == (0, 4, 4, 0, 0)
    assert table.is_there[:, 0].tolist() == [False, True, True, False, False]


def with_a_zero_bias():
    vectors = drawn()
    LAYOUT.view(vectors.theta_0, "visual.transformer.resblocks.0.mlp.c_fc.bias").zero_()
    return vectors


def test_tensor_that_starts_at_zero_does_not_count_in_relative_norms():
    vectors = with_a_zero_bias()
    with_the_bias = measured(vectors).values[1]

    LAYOUT.view(vectors.deltas[0], "visual.transformer.resblocks.0.mlp.c_fc.bias").fill_(100.0)

    assert measured(vectors).values[1] == pytest.approx(with_the_bias)
    assert measured(vectors).n[1] == 12


def test_tensor_that_starts_at_zero_counts_in_the_other_measures():
    vectors = with_a_zero_bias()
    LAYOUT.view(vectors.deltas[0], "visual.transformer.resblocks.0.mlp.c_fc.bias").fill_(100.0)

    assert measured(vectors, Measure.ABSOLUTE).values[1, 0] > 200
    assert measured(vectors, Measure.RMS).n[1] == 16


def test_layer_of_nothing_but_such_tensors_is_there_and_has_no_norm():
    table = measured(with_a_zero_bias(), component="mlp_in")

    assert np.isnan(table.values[1]).all()
    assert table.is_there[1].all()
    assert np.isfinite(table.values[2]).all()


def test_components_stand_in_the_order_a_block_applies_them():
    table = layer_by_component(statistics(drawn(), ALL), PLACES, Measure.RMS, task="t0")

    assert table.kind == "component"
    assert table.columns == ("attn_q", "attn_k", "attn_v", "mlp_in", "norm", "embedding", "head")


@given(st.integers(0, 10), st.sampled_from([None, "t1"]))
def test_components_of_a_layer_are_its_norms_by_component(seed, task):
    vectors = drawn(seed)
    sums = statistics(vectors, ALL)

    table = layer_by_component(sums, PLACES, Measure.RMS, task=task)

    for column, component in enumerate(table.columns):
        by_task = layer_by_task(sums, PLACES, Measure.RMS, component=component)
        expected = by_task.by_row if task is None else by_task.values[:, 1]
        assert table.values[:, column] == pytest.approx(expected, nan_ok=True)
        assert table.is_there[:, column].tolist() == np.isfinite(expected).tolist()
    whole = layer_by_task(sums, PLACES, Measure.RMS)
    assert table.by_row == pytest.approx(whole.by_row if task is None else whole.values[:, 1])


def test_average_task_has_relative_norms_where_one_task_is_measured_against_the_others():
    sums = statistics(drawn(), ALL)

    assert layer_by_component(sums, PLACES, Measure.ROW).measure is Measure.RELATIVE
    one = layer_by_component(sums, PLACES, Measure.ROW, task="t2")
    assert one.measure is Measure.ROW
    by_task = layer_by_task(sums, PLACES, Measure.ROW, component="attn_q")
    assert one.values[:, 0] == pytest.approx(by_task.values[:, 2], nan_ok=True)


def test_task_that_moved_nothing_has_norms_of_zero():
    vectors = drawn()
    vectors.deltas[1].zero_()

    assert measured(vectors).values[:, 1].tolist() == [0.0] * 5
