from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from hypothesis import given

from analysis.masks.curve import tall_curve
from analysis.masks.multi_task_vector import MaskInputs, Vector
from analysis.masks.tall import tall_counts
from analysis.model.scope import Scope
from analysis.model.segments import segments
from analysis.weights.redraw import redrawn
from analysis.weights.statistics import statistics
from analysis.weights.trim import magnitude_trim, trim
from app.bench.measured_tables import (
    curve_from,
    curve_tables,
    mask_tables,
    masks_from,
    statistics_from,
    statistics_tables,
)
from app.bench.weight_statistics import (
    STOPS,
    CurveSettings,
    MaskSettings,
    StatisticsSettings,
    WeightStatistics,
)
from app.work.jobs import JobCancelled, JobContext
from cache.store import Store
from tests.made_vectors import big_updates, task_vectors_of, updates, whole


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "results")
    yield opened
    opened.close()


@pytest.fixture
def vectors():
    return task_vectors_of(big_updates(3, 45))


@pytest.fixture
def weights(vectors, store):
    return WeightStatistics(vectors, store, "weights")


def again(vectors, store):
    """Another session on the same zoo."""
    return WeightStatistics(vectors, store, "weights")


def assert_equal(found, expected):
    for field in fields(expected):
        mine, theirs = getattr(found, field.name), getattr(expected, field.name)
        assert mine.dtype == theirs.dtype, field.name
        assert np.array_equal(mine, theirs), field.name


@given(taus=updates())
def test_statistics_survive_the_way_through_tables(taus):
    vectors = task_vectors_of(taus)
    found = statistics(vectors, whole(vectors))
    pieces = segments(vectors.layout, whole(vectors))

    assert_equal(statistics_from(statistics_tables(found), vectors.tasks, pieces).sums, found.sums)


@given(taus=updates())
def test_masks_survive_the_way_through_tables(taus):
    vectors = task_vectors_of(taus)
    found = tall_counts(MaskInputs(vectors, whole(vectors)), [0.4] * len(taus))
    pieces = segments(vectors.layout, whole(vectors))

    assert_equal(masks_from(mask_tables(found), vectors.tasks, pieces).sums, found.sums)


def test_a_curve_survives_the_way_through_tables(vectors):
    found = tall_curve(MaskInputs(vectors, whole(vectors)), [0.0, 0.3, 0.4])

    read = curve_from(curve_tables(found, vectors.tasks), vectors.tasks)

    assert read.stops == found.stops
    assert np.array_equal(read.kept, found.kept)
    assert np.array_equal(read.kept_by, found.kept_by)


@pytest.mark.parametrize("density", [None, 0.2])
@pytest.mark.parametrize("seed", [None, 3])
def test_what_was_computed_is_known_from_then_on_and_in_the_next_session(
    vectors, store, weights, density, seed
):
    settings = StatisticsSettings(Scope.ALL, density, seed)
    before = weights.statistics(settings).find()
    found = weights.statistics(settings).compute(JobContext())

    assert before is None
    assert weights.statistics(settings).find() is found
    known = again(vectors, store).statistics(settings).find()
    assert_equal(known.sums, found.sums)


def test_trimmed_statistics_are_those_of_trimmed_updates(vectors, weights):
    found = weights.statistics(StatisticsSettings(Scope.ALL, 0.3)).compute(JobContext())

    cut = magnitude_trim(vectors.deltas, range(3), whole(vectors), density=0.3)
    trimmed = task_vectors_of(trim(vectors.deltas, cut).numpy())
    assert_equal(found.sums, statistics(trimmed, whole(trimmed)).sums)


def test_null_is_of_redrawn_signs_and_trims_at_the_same_magnitudes(vectors, weights):
    found = weights.statistics(StatisticsSettings(Scope.ALL, 0.3, 1)).compute(JobContext())

    cut = magnitude_trim(vectors.deltas, range(3), whole(vectors), density=0.3)
    signed = task_vectors_of(redrawn(trim(vectors.deltas, cut), 1).numpy())
    assert_equal(found.sums, statistics(signed, whole(signed)).sums)


def test_other_weights_and_other_names_are_another_zoo(vectors, store, weights):
    weights.statistics(StatisticsSettings(Scope.ALL)).compute(JobContext())
    renamed = task_vectors_of(big_updates(3, 45))
    object.__setattr__(renamed, "tasks", ("a", "b", "c"))

    assert WeightStatistics(vectors, store, "other").statistics(StatisticsSettings(Scope.ALL)).find() is None
    assert (
        WeightStatistics(renamed, store, "weights").statistics(StatisticsSettings(Scope.ALL)).find() is None
    )


@pytest.mark.parametrize("vector", Vector)
def test_masks_and_their_bits_belong_together(vectors, store, weights, vector):
    settings = MaskSettings(Scope.ALL, vector, (0.3, 0.4, 0.5))
    other = MaskSettings(Scope.ALL, vector, (0.9, 0.9, 0.9))
    counts = weights.masks(settings).compute(JobContext())
    weights.masks(other).compute(JobContext())

    for one in (weights, again(vectors, store)):
        bits = one.mask_bits(settings, JobContext())
        kept = [int(((bits >> t) & 1).sum()) for t in range(3)]
        assert kept == counts.total.kept[0].tolist()
    assert_equal(again(vectors, store).masks(settings).find().sums, counts.sums)


def test_counting_a_null_leaves_the_masks_alone(weights):
    settings = MaskSettings(Scope.ALL, Vector.SUM, (0.4, 0.4, 0.4))
    weights.masks(settings).compute(JobContext())
    bits = weights.mask_bits(settings, JobContext()).clone()

    null = weights.masks(replace(settings, sign_seed=1)).compute(JobContext())

    assert torch.equal(weights.mask_bits(settings, JobContext()), bits)
    assert null.total.n == 45


def test_curve_is_computed_once_for_all_stops(vectors, store, weights):
    before = weights.curve(CurveSettings(Scope.ALL, Vector.SUM)).find()
    curve = weights.curve(CurveSettings(Scope.ALL, Vector.SUM)).compute(JobContext())

    assert before is None
    assert curve.stops == STOPS
    assert np.array_equal(
        again(vectors, store).curve(CurveSettings(Scope.ALL, Vector.SUM)).find().kept, curve.kept
    )


def test_a_stopped_computation_is_not_taken_for_a_result(weights):
    context = JobContext()
    context.cancelled = True

    with pytest.raises(JobCancelled):
        weights.statistics(StatisticsSettings(Scope.ALL)).compute(context)

    assert weights.statistics(StatisticsSettings(Scope.ALL)).find() is None


def test_moving_lambda_does_not_search_again_where_ties_trims(weights, monkeypatch):
    searched = []

    def search(deltas, tasks, *args, **kwargs):
        searched.extend(tasks)
        return magnitude_trim(deltas, tasks, *args, **kwargs)

    monkeypatch.setattr("app.bench.weight_statistics.magnitude_trim", search)
    monkeypatch.setattr("analysis.masks.ties_sum.magnitude_trim", search)

    for value in (0.2, 0.4):
        settings = MaskSettings(Scope.ALL, Vector.TIES, (value,) * 3)
        weights.masks(settings).compute(JobContext())
        weights.masks(replace(settings, sign_seed=0)).compute(JobContext())
        weights.mask_bits(settings, JobContext())
    weights.curve(CurveSettings(Scope.ALL, Vector.TIES)).compute(JobContext())

    assert searched == [0, 1, 2]
