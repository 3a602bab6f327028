import numpy as np
import pytest

from analysis.masks.multi_task_vector import MaskInputs
from analysis.masks.tall import tall_counts
from analysis.weights.statistics import statistics
from analysis.weights.trim import magnitude_trim
from app.views.measured_interference.predictors import diagnostics_of_pairs, predictors, predictors_takeaway
from tests.made_vectors import big_updates, task_vectors_of, whole


def read(taus):
    vectors = task_vectors_of(taus)
    ranges = whole(vectors)
    cut = magnitude_trim(vectors.deltas, range(len(taus)), ranges, density=0.5)
    return diagnostics_of_pairs(
        statistics(vectors, ranges).total,
        statistics(vectors, ranges, cut=cut).total,
        tall_counts(MaskInputs(vectors, ranges), [0.4] * len(taus)).total,
    )


def symmetric(n, seed):
    values = np.random.default_rng(seed).normal(size=(n, n))
    return values + values.T


def test_diagnostics_are_what_their_names_say():
    taus = big_updates(3, 45)
    found = read(taus)
    a, b = taus[0].astype(float), taus[1].astype(float)
    kept = [np.abs(x) >= np.sort(np.abs(x))[45 - 22 - 1] for x in (taus[0], taus[1])]
    both = kept[0] & kept[1]
    masks = [np.abs(t) > np.float32(0.4) * np.abs(taus.sum(axis=0) - t) for t in taus]

    assert found["cosine"][0, 1] == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    assert found["trimmed conflict"][0, 1] == pytest.approx((a * b < 0)[both].mean())
    assert found["mask overlap"][0, 1] == pytest.approx(
        (masks[0] & masks[1]).sum() / (masks[0] | masks[1]).sum()
    )
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    assert found["norm ratio"][0, 1] == pytest.approx(max(lengths) / min(lengths))


def test_every_diagnostic_is_symmetric():
    for values in read(big_updates(5, 45)).values():
        assert values == pytest.approx(values.T, nan_ok=True)


def test_a_task_that_moved_nothing_has_no_diagnostics_and_nothing_breaks():
    taus = big_updates(3, 45)
    taus[0] = 0

    found = read(taus)

    assert np.isnan(found["cosine"][0, 1])
    assert np.isfinite(found["cosine"][1, 2])


def test_a_diagnostic_that_tells_the_loss_is_named_and_the_others_are_not():
    measured = symmetric(8, 0)
    diagnostics = {"cosine": np.exp(measured), "norm ratio": symmetric(8, 1), "mask overlap": symmetric(8, 2)}

    said = predictors_takeaway(predictors(diagnostics, measured))

    assert said.startswith("Over 28 pairs the measured loss goes with cosine (ρ = 1.00")
    assert "norm ratio" not in said


def test_unrelated_diagnostics_read_as_no_relation_found():
    diagnostics = {"cosine": symmetric(8, 3), "norm ratio": symmetric(8, 4)}

    said = predictors_takeaway(predictors(diagnostics, symmetric(8, 5)))

    assert said.startswith("No relation found: over 28 pairs, no diagnostic of 2 judged")


def test_few_tasks_are_said_to_tell_nothing_even_where_ranks_agree():
    measured = symmetric(4, 0)

    said = predictors_takeaway(predictors({str(k): symmetric(4, k) for k in range(4)}, measured))

    assert said.startswith("Too few tasks to tell: over 6 pairs")
    assert predictors_takeaway(predictors({"cosine": symmetric(5, 0)}, symmetric(5, 0))).startswith("Over 10")


def test_a_missing_pair_is_waited_for():
    measured = symmetric(6, 0)
    measured[2, 3] = measured[3, 2] = np.nan

    said = predictors_takeaway(predictors({"cosine": symmetric(6, 1)}, measured))

    assert said.startswith("No relation can be judged yet")


def test_diagnostics_without_a_relation_are_not_counted():
    diagnostics = {"cosine": symmetric(8, 3), "norm ratio": np.ones((8, 8))}

    said = predictors_takeaway(predictors(diagnostics, symmetric(8, 5)))

    assert "no diagnostic of 1 judged" in said


def test_corrected_p_values_are_no_smaller_than_the_plain_ones():
    found = predictors({str(k): symmetric(7, k) for k in range(4)}, symmetric(7, 9))

    assert all(one.adjusted_p >= one.relation.p_value for one in found)


def test_nothing_measured_says_so():
    found = predictors({"cosine": symmetric(4, 0)}, np.full((4, 4), np.nan))

    assert predictors_takeaway(found) == "Too few pairs are measured for a relation."
