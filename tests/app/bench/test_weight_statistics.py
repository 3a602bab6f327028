from dataclasses import fields

import numpy as np
import pytest

from analysis.model.scope import Scope
from analysis.weights.redraw import redrawn
from analysis.weights.statistics import statistics
from analysis.weights.trim import magnitude_trim, trim
from app.bench.weight_results import WeightResults
from app.bench.weight_statistics import StatisticsSettings, WeightStatistics
from app.work.jobs import JobCancelled, JobContext
from tests.made_vectors import big_updates, task_vectors_of, whole


@pytest.fixture
def weights(vectors, store):
    return session(vectors, store)


def session(vectors, store, fingerprint="weights"):
    """A session on a zoo, with nothing at hand."""
    return WeightStatistics(WeightResults(vectors, store, fingerprint))


def assert_equal(found, expected):
    for field in fields(expected):
        mine, theirs = getattr(found, field.name), getattr(expected, field.name)
        assert mine.dtype == theirs.dtype, field.name
        assert np.array_equal(mine, theirs), field.name


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
    known = session(vectors, store).statistics(settings).find()
    assert (known.tasks, known.segments) == (found.tasks, found.segments)
    assert_equal(known.sums, found.sums)


def test_trimmed_statistics_are_those_of_trimmed_updates(vectors, weights):
    found = weights.statistics(StatisticsSettings(Scope.ALL, 0.3)).compute(JobContext())

    cut = magnitude_trim(vectors.deltas, range(3), whole(vectors), density=0.3)
    trimmed = task_vectors_of(trim(vectors.deltas, cut).numpy())
    assert_equal(found.sums, statistics(trimmed, whole(trimmed)).sums)


def test_null_has_random_signs_and_trims_at_the_same_magnitudes(vectors, weights):
    found = weights.statistics(StatisticsSettings(Scope.ALL, 0.3, 1)).compute(JobContext())

    cut = magnitude_trim(vectors.deltas, range(3), whole(vectors), density=0.3)
    signed = task_vectors_of(redrawn(trim(vectors.deltas, cut), 1).numpy())
    assert_equal(found.sums, statistics(signed, whole(signed)).sums)


def test_other_weights_and_other_names_are_another_zoo(vectors, store, weights):
    settings = StatisticsSettings(Scope.ALL)
    weights.statistics(settings).compute(JobContext())
    renamed = task_vectors_of(big_updates(3, 45))
    object.__setattr__(renamed, "tasks", ("a", "b", "c"))

    assert session(vectors, store, "other").statistics(settings).find() is None
    assert session(renamed, store).statistics(settings).find() is None


def test_a_stopped_computation_is_not_taken_for_a_result(weights):
    settings, context = StatisticsSettings(Scope.ALL), JobContext()
    context.cancelled = True

    with pytest.raises(JobCancelled):
        weights.statistics(settings).compute(context)

    assert weights.statistics(settings).find() is None
