from dataclasses import fields, replace

import numpy as np
import pytest
import torch

from analysis.masks.multi_task_vector import Vector
from analysis.model.scope import Scope
from analysis.weights.trim import magnitude_trim
from app.bench.mask_statistics import STOPS, CurveSettings, MaskSettings, MaskStatistics
from app.bench.weight_results import WeightResults
from app.work.jobs import JobContext


@pytest.fixture
def masks(vectors, store):
    return session(vectors, store)


def session(vectors, store):
    """A session on a zoo, with nothing at hand."""
    return MaskStatistics(WeightResults(vectors, store, "weights"))


@pytest.mark.parametrize("vector", Vector)
def test_masks_and_their_bits_belong_together(vectors, store, masks, vector):
    settings = MaskSettings(Scope.ALL, vector, (0.3, 0.4, 0.5))
    other = MaskSettings(Scope.ALL, vector, (0.9, 0.9, 0.9))
    counts = masks.counts(settings).compute(JobContext())
    masks.counts(other).compute(JobContext())

    for one in (masks, session(vectors, store)):
        bits = one.bits(settings, JobContext())
        kept = [int(((bits >> t) & 1).sum()) for t in range(3)]
        assert kept == counts.total.kept[0].tolist()


@pytest.mark.parametrize("seed", [None, 1])
def test_counts_are_known_in_the_next_session(vectors, store, masks, seed):
    settings = MaskSettings(Scope.ALL, Vector.SUM, (0.3, 0.4, 0.5), seed)
    found = masks.counts(settings).compute(JobContext())

    known = session(vectors, store).counts(settings).find()

    assert (known.tasks, known.segments) == (found.tasks, found.segments)
    for field in fields(found.sums):
        mine, theirs = getattr(known.sums, field.name), getattr(found.sums, field.name)
        assert mine.dtype == theirs.dtype, field.name
        assert np.array_equal(mine, theirs), field.name


def test_counting_a_null_leaves_the_masks_alone(masks):
    settings = MaskSettings(Scope.ALL, Vector.SUM, (0.4, 0.4, 0.4))
    masks.counts(settings).compute(JobContext())
    bits = masks.bits(settings, JobContext()).clone()

    null = masks.counts(replace(settings, sign_seed=1)).compute(JobContext())

    assert torch.equal(masks.bits(settings, JobContext()), bits)
    assert null.total.n == 45


def test_curve_is_computed_once_for_all_stops(vectors, store, masks):
    settings = CurveSettings(Scope.ALL, Vector.SUM)
    before = masks.curve(settings).find()
    curve = masks.curve(settings).compute(JobContext())

    known = session(vectors, store).curve(settings).find()

    assert before is None
    assert known.stops == curve.stops == STOPS
    assert np.array_equal(known.kept, curve.kept)
    assert np.array_equal(known.kept_by, curve.kept_by)


def test_another_lambda_does_not_search_again_where_ties_trims(masks, monkeypatch):
    searched = []

    def search(deltas, tasks, *args, **kwargs):
        searched.extend(tasks)
        return magnitude_trim(deltas, tasks, *args, **kwargs)

    monkeypatch.setattr("app.bench.trim_cuts.magnitude_trim", search)
    monkeypatch.setattr("analysis.masks.ties_sum.magnitude_trim", search)

    for value in (0.2, 0.4):
        settings = MaskSettings(Scope.ALL, Vector.TIES, (value,) * 3)
        masks.counts(settings).compute(JobContext())
        masks.counts(replace(settings, sign_seed=0)).compute(JobContext())
        masks.bits(settings, JobContext())
    masks.curve(CurveSettings(Scope.ALL, Vector.TIES)).compute(JobContext())

    assert searched == [0, 1, 2]
