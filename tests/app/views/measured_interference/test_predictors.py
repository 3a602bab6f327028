import numpy as np
import pytest

from analysis.masks.multi_task_vector import MaskInputs
from analysis.masks.tall import tall_counts
from analysis.weights.statistics import statistics
from analysis.weights.trim import magnitude_trim
from app.views.measured_interference.predictors import (
    diagnostics_of_pairs,
    pair_points,
    predictor_rows,
    predictors,
    predictors_takeaway,
)
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


def test_a_diagnostic_that_predicts_the_loss_is_named_and_the_others_are_not():
    measured = symmetric(8, 0)
    diagnostics = {"cosine": np.exp(measured), "norm ratio": symmetric(8, 1), "mask overlap": symmetric(8, 2)}

    sentence = predictors_takeaway(predictors(diagnostics, measured))

    assert sentence.startswith("Over 28 pairs the measured loss correlates with cosine (ρ = 1.00, p = 0.0")
    assert "norm ratio" not in sentence


def test_unrelated_diagnostics_read_as_no_correlation():
    diagnostics = {"cosine": symmetric(8, 3), "norm ratio": symmetric(8, 4)}

    sentence = predictors_takeaway(predictors(diagnostics, symmetric(8, 5)))

    assert sentence == (
        "No diagnostic correlates significantly with the measured loss (2 diagnostics tested over 28 pairs)."
    )


def test_few_tasks_give_no_verdict_even_where_ranks_agree():
    measured = symmetric(4, 0)

    sentence = predictors_takeaway(predictors({str(k): symmetric(4, k) for k in range(4)}, measured))

    assert sentence.startswith("Too few tasks for a test: with 6 pairs even a perfect correlation")
    assert predictors_takeaway(predictors({"cosine": symmetric(5, 0)}, symmetric(5, 0))).startswith("Over 10")


def test_a_missing_pair_leaves_the_test_open():
    measured = symmetric(6, 0)
    measured[2, 3] = measured[3, 2] = np.nan

    sentence = predictors_takeaway(predictors({"cosine": symmetric(6, 1)}, measured))

    assert sentence.startswith("No correlation can be tested yet")


def test_diagnostics_without_a_correlation_are_not_counted():
    diagnostics = {"cosine": symmetric(8, 3), "norm ratio": np.ones((8, 8))}

    sentence = predictors_takeaway(predictors(diagnostics, symmetric(8, 5)))

    assert "(1 diagnostic tested over 28 pairs)" in sentence


def test_corrected_p_values_are_no_smaller_than_the_plain_ones():
    found = predictors({str(k): symmetric(7, k) for k in range(4)}, symmetric(7, 9))

    assert all(one.adjusted_p >= one.relation.p_value for one in found)


def test_nothing_measured_is_stated():
    found = predictors({"cosine": symmetric(4, 0)}, np.full((4, 4), np.nan))

    assert predictors_takeaway(found) == "Fewer than three pairs are measured: too few for a correlation."


def test_points_are_the_pairs_that_have_a_diagnostic_and_a_loss():
    measured, values = symmetric(3, 0), symmetric(3, 1)
    measured[0, 1] = measured[1, 0] = values[0, 2] = values[2, 0] = np.nan
    (one,) = predictors({"cosine": values}, measured)

    (point,) = pair_points(one, measured, ("a", "b", "c"))

    assert point.pair == ("b", "c")
    assert (point.value, point.mutual_loss) == (values[1, 2], measured[1, 2])


def test_rows_carry_every_pair_of_every_diagnostic_with_its_test():
    measured = symmetric(4, 0)
    found = predictors({"cosine": symmetric(4, 1), "norm ratio": symmetric(4, 2)}, measured)

    rows = predictor_rows(found, measured, "abcd")

    assert [row["diagnostic"] for row in rows] == ["cosine"] * 6 + ["norm ratio"] * 6
    assert {(row["rho"], row["p"], row["adjusted_p"]) for row in rows[:6]} == {
        (found[0].relation.value, found[0].relation.p_value, found[0].adjusted_p)
    }
    assert [row["task_a"] + row["task_b"] for row in rows[:6]] == ["ab", "ac", "ad", "bc", "bd", "cd"]


def test_caption_of_a_plot_is_its_correlation_or_that_there_is_none():
    judged, constant = predictors({"cosine": symmetric(8, 3), "flat": np.ones((8, 8))}, symmetric(8, 5))

    assert judged.caption == f"ρ = {judged.rho}, p = {judged.adjusted_p:.2f}, n = 28"
    assert constant.caption == "no correlation yet"
