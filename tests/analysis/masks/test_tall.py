from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import AnalysisError, ParameterRangeError
from analysis.masks.curve import tall_curve, tall_curve_reference
from analysis.masks.knock_out import Removal, removed
from analysis.masks.multi_task_vector import MaskInputs, Vector
from analysis.masks.tall import bits_like, tall_counts, tall_counts_reference
from analysis.masks.ties_sum import ties_trim
from analysis.merge.registry import merge_method_named
from analysis.weights.redraw import redrawn
from tests.made_vectors import big_updates, one_block, task_vectors_of, updates, whole

LAMBDAS = st.sampled_from([0.0, 0.2, 0.4, 1.0, 1.5])


def tau_mtl_of(taus, vector):
    deltas = torch.as_tensor(taus)
    if vector is Vector.TIES:
        method = merge_method_named("ties")
        params = method.parse_params({"density": 0.2, "merge": "sum"})
        return method(deltas, torch.ones(len(deltas)), params).numpy()
    total = np.zeros_like(taus[0])
    for tau_t in taus:
        total = total + tau_t
    return total


def slowly(taus, lambdas, vector):
    """Counts weight by weight, in plain Python."""
    n_tasks, n = taus.shape
    tau_mtl = tau_mtl_of(taus, vector)
    found: dict[str, Any] = {
        "kept": np.zeros(n_tasks, int),
        "kept_by": np.zeros(n_tasks + 1, int),
        "untouched": 0,
        "equal_signs": np.zeros(n_tasks + 1, int),
        "selfish": np.zeros(n_tasks, int),
        "both": np.zeros((n_tasks, n_tasks), int),
        "patterns": np.zeros(2**n_tasks, int),
        "mass": np.zeros(n_tasks + 1),
        "sum_l1": np.zeros(n_tasks + 1),
        "energy": np.zeros(n_tasks + 1),
    }
    for i in range(n):
        column = taus[:, i]
        masks = [
            bool(abs(column[t]) > np.float32(lambdas[t]) * abs(np.float32(tau_mtl[i] - column[t])))
            for t in range(n_tasks)
        ]
        k = sum(masks)
        signs = {float(np.sign(value)) for value in column if value != 0}
        found["kept"] += masks
        found["kept_by"][k] += 1
        found["untouched"] += not signs
        found["equal_signs"][k] += len(signs) == 1
        found["mass"][k] += sum(abs(float(value)) for value in column)
        found["sum_l1"][k] += abs(sum(float(value) for value in column))
        found["energy"][k] += float(tau_mtl[i]) ** 2
        found["patterns"][sum(1 << t for t in range(n_tasks) if masks[t])] += 1
        found["both"] += np.outer(masks, masks)
        if k == 1:
            found["selfish"][masks.index(True)] += 1
    return found


@settings(max_examples=60)
@given(taus=updates(), value=LAMBDAS, vector=st.sampled_from(Vector))
def test_counts_are_those_of_a_loop_over_weights(taus, value, vector):
    lambdas = [value + 0.1 * t for t in range(len(taus))]
    vectors = task_vectors_of(taus)

    total = tall_counts(MaskInputs(vectors, whole(vectors), vector=vector), lambdas).total

    expected = slowly(taus, lambdas, vector)
    for name, numbers in expected.items():
        if name in ("mass", "sum_l1", "energy"):
            assert getattr(total, name)[0] == pytest.approx(numbers, rel=1e-6, abs=1e-9)
        else:
            assert np.array_equal(getattr(total, name)[0], numbers), name


@settings(max_examples=60)
@given(
    taus=updates(most_tasks=10),
    value=LAMBDAS,
    vector=st.sampled_from(Vector),
    seed=st.none() | st.integers(0, 3),
)
def test_fused_pass_equals_the_reference(taus, value, vector, seed):
    vectors = task_vectors_of(taus)
    ranges, mine, theirs = ((5, 33), (41, 45)), bits_like(vectors), bits_like(vectors)
    inputs = MaskInputs(vectors, ranges, vector, sign_seed=seed)
    lambdas = [value + 0.1 * t for t in range(len(taus))]

    found = tall_counts(inputs, lambdas, bits=mine)
    expected = tall_counts_reference(inputs, lambdas, bits=theirs)

    assert torch.equal(mine, theirs)
    for field in fields(found.sums):
        one, other = getattr(found.sums, field.name), getattr(expected.sums, field.name)
        if field.name in ("mass", "sum_l1", "energy"):
            assert one == pytest.approx(other, rel=1e-5, abs=1e-9), field.name
        else:
            assert np.array_equal(one, other), field.name


@pytest.mark.parametrize("n_weights", [1023, 1024, 1025, 40_000])
def test_fused_pass_counts_the_last_columns_of_every_stretch(n_weights):
    vectors = task_vectors_of(big_updates(3, n_weights), one_block(n_weights))
    inputs = MaskInputs(vectors, whole(vectors))

    found = tall_counts(inputs, [0.4] * 3).total
    expected = tall_counts_reference(inputs, [0.4] * 3).total

    assert (found.patterns == expected.patterns).all()
    assert (found.equal_signs == expected.equal_signs).all()
    assert found.mass == pytest.approx(expected.mass)


@pytest.mark.parametrize("vector", list(Vector))
@pytest.mark.parametrize("n_tasks", [1, 8, 9, 12, 13, 16, 17, 20, 32])
def test_fused_pass_equals_the_reference_for_any_number_of_tasks(n_tasks, vector):
    shapes = {"visual.conv1.weight": (40_000,), "visual.transformer.resblocks.0.ln_1.weight": (77,)}
    vectors = task_vectors_of(big_updates(n_tasks, 40_077).round(1), shapes)
    mine, theirs = bits_like(vectors), bits_like(vectors)
    inputs = MaskInputs(vectors, whole(vectors), vector, sign_seed=3)
    lambdas = [0.1 + 0.05 * t for t in range(n_tasks)]

    found = tall_counts(inputs, lambdas, bits=mine).sums
    expected = tall_counts_reference(inputs, lambdas, bits=theirs).sums

    assert torch.equal(mine, theirs)
    for field in fields(found):
        one, other = getattr(found, field.name), getattr(expected, field.name)
        if field.name in ("mass", "sum_l1", "energy"):
            # A weight's sum of tasks is float32; where it cancels, rounding is all that is left of it.
            assert one == pytest.approx(other, rel=1e-5, abs=1e-7 * expected.mass.max()), field.name
        else:
            assert np.array_equal(one, other), field.name


@pytest.mark.parametrize("vector", list(Vector))
@pytest.mark.parametrize("n_tasks", [1, 8, 13, 32])
def test_fused_curve_equals_the_reference_for_any_number_of_tasks(n_tasks, vector):
    vectors = task_vectors_of(big_updates(n_tasks, 5_000).round(1), one_block(5_000))
    inputs = MaskInputs(vectors, whole(vectors), vector, sign_seed=3)
    stops = [round(0.02 * k, 2) for k in range(76)]

    found = tall_curve(inputs, stops)
    expected = tall_curve_reference(inputs, stops)

    assert np.array_equal(found.kept, expected.kept)
    assert np.array_equal(found.kept_by, expected.kept_by)


def test_curve_is_exact_where_rounding_decides():
    rng = np.random.default_rng(0)
    stops = [0.0, 1e-30, 0.1, 0.3, 1 / 3, 0.7, 1.0, 1.5]
    rest = (rng.random(20_000) * 10.0 ** rng.integers(-44, 3, 20_000)).astype(np.float32)
    own = rng.choice(np.asarray(stops, dtype=np.float32), 20_000) * rest
    own = np.nextafter(own, rng.choice(np.asarray([0, np.inf], np.float32), 20_000))
    vectors = task_vectors_of(np.stack([own, rest]), one_block(20_000))

    found = tall_curve(MaskInputs(vectors, whole(vectors)), stops)
    expected = tall_curve_reference(MaskInputs(vectors, whole(vectors)), stops)

    assert np.array_equal(found.kept, expected.kept)
    assert np.array_equal(found.kept_by, expected.kept_by)


def test_more_stops_than_fit_a_byte_are_counted_too():
    vectors = task_vectors_of(big_updates(3, 45))
    stops = np.linspace(0, 3, 401).tolist()

    assert np.array_equal(
        tall_curve(MaskInputs(vectors, whole(vectors)), stops).kept_by,
        tall_curve_reference(MaskInputs(vectors, whole(vectors)), stops).kept_by,
    )


def test_where_updates_cancel_the_majority_of_all_weights_decides():
    # The first segment's kept updates cancel; what the last one elects says which of them count.
    taus = np.zeros((2, 45), np.float32)
    taus[:, :2] = [[5.0, 5.0], [-5.0, -5.0]]
    taus[:, 41:] = [[4.0, 4.0, 4.0, -4.0]] * 2
    for sign in (1, -1):
        vectors = task_vectors_of(sign * taus)
        mine, theirs = bits_like(vectors), bits_like(vectors)
        inputs = MaskInputs(vectors, whole(vectors), Vector.TIES)

        tall_counts(inputs, [0.5] * 2, bits=mine)
        tall_counts_reference(inputs, [0.5] * 2, bits=theirs)

        assert torch.equal(mine, theirs)
        # τ_MTL is that of the elected sign, so exactly its owner's mask keeps the weight.
        assert mine[:2].tolist() == [1, 1]


@settings(max_examples=40)
@given(taus=updates(most_tasks=10), value=LAMBDAS, seed=st.none() | st.integers(0, 3))
def test_a_cut_found_before_changes_nothing(taus, value, seed):
    vectors = task_vectors_of(taus)
    ranges, asked = ((5, 33),), {"vector": Vector.TIES, "sign_seed": seed}
    cut = ties_trim(vectors.deltas, range(len(taus)), ranges)
    lambdas, stops = [value] * len(taus), [0.0, value + 0.1]

    for count in (tall_counts, tall_counts_reference):
        found = count(MaskInputs(vectors, ranges, cut=cut, **asked), lambdas).sums
        expected = count(MaskInputs(vectors, ranges, **asked), lambdas).sums
        assert np.array_equal(found.patterns, expected.patterns)
        assert np.array_equal(found.energy, expected.energy)
    for curve in (tall_curve, tall_curve_reference):
        counted = curve(MaskInputs(vectors, ranges, cut=cut, **asked), stops)
        assert np.array_equal(counted.kept_by, curve(MaskInputs(vectors, ranges, **asked), stops).kept_by)


def test_stopping_is_heard_between_stretches():
    vectors = task_vectors_of(big_updates(4, 45))

    def stop():
        raise InterruptedError

    for ask in (
        lambda: tall_counts(MaskInputs(vectors, whole(vectors)), [0.4] * 4, check=stop),
        lambda: tall_curve(MaskInputs(vectors, whole(vectors)), [0.4], check=stop),
    ):
        with pytest.raises(InterruptedError):
            ask()


@given(taus=updates(), value=LAMBDAS)
def test_bits_tell_what_was_counted_and_touch_nothing_out_of_scope(taus, value):
    vectors = task_vectors_of(taus)
    bits = bits_like(vectors)
    ranges = ((6, 21), (33, 41))

    counts = tall_counts(MaskInputs(vectors, ranges), [value] * len(taus), bits=bits)

    masks = (bits[None].long() >> torch.arange(len(taus))[:, None]) & 1
    inside = torch.cat([torch.arange(a, b) for a, b in ranges])
    assert masks[:, inside].sum(dim=1).tolist() == counts.total.kept[0].tolist()
    assert masks.sum() == counts.total.kept.sum()


@given(taus=updates(), value=LAMBDAS, vector=st.sampled_from(Vector))
def test_segments_add_up_and_every_weight_is_counted_once(taus, value, vector):
    vectors = task_vectors_of(taus)
    counts = tall_counts(MaskInputs(vectors, whole(vectors), vector=vector), [value] * len(taus))

    assert (counts.sums.kept_by.sum(axis=1) == [s.n_weights for s in counts.segments]).all()
    assert (counts.sums.patterns.sum(axis=1) == counts.sums.n).all()
    keys, by_layer = counts.by(lambda segment: segment.layer)
    assert keys == (None, 0, 1)
    assert (by_layer.kept_by.sum(axis=0) == counts.total.kept_by[0]).all()


@given(taus=updates(), value=LAMBDAS, seed=st.integers(0, 3))
def test_null_counts_are_those_of_the_redrawn_updates(taus, value, seed):
    vectors = task_vectors_of(taus)
    again = task_vectors_of(redrawn(torch.as_tensor(taus), seed).numpy())
    lambdas = [value] * len(taus)

    null = tall_counts(MaskInputs(vectors, whole(vectors), sign_seed=seed), lambdas).total

    expected = tall_counts(MaskInputs(again, whole(again)), lambdas).total
    assert (null.kept_by == expected.kept_by).all()
    assert (null.patterns == expected.patterns).all()


@given(taus=updates(), vector=st.sampled_from(Vector), seed=st.none() | st.integers(0, 2))
def test_curve_has_the_counts_of_every_stop(taus, vector, seed):
    vectors = task_vectors_of(taus)
    inputs = MaskInputs(vectors, whole(vectors), vector, sign_seed=seed)
    stops = [0.0, 0.2, 0.4, 0.5, 1.0, 2.0]

    curve = tall_curve(inputs, stops)

    for k, stop in enumerate(stops):
        total = tall_counts(inputs, [stop] * len(taus)).total
        assert (curve.kept[k] == total.kept[0]).all()
        assert (curve.kept_by[k] == total.kept_by[0]).all()


def test_order_of_tasks_only_renames_masks():
    taus = big_updates(4, 45)
    order = [2, 0, 3, 1]
    one = task_vectors_of(taus)
    other = task_vectors_of(taus[order])

    a = tall_counts(MaskInputs(one, whole(one)), [0.2, 0.3, 0.4, 0.5]).total
    b = tall_counts(MaskInputs(other, whole(other)), [0.4, 0.2, 0.5, 0.3]).total

    assert (b.kept[0] == a.kept[0][order]).all()
    assert (b.kept_by == a.kept_by).all()


def test_planted_owners_are_found():
    # Each task alone moves its own ten weights, all move the last five alike, two cancel on the first three.
    taus = np.zeros((3, 45), np.float32)
    for t in range(3):
        taus[t, 5 + 10 * t : 15 + 10 * t] = 1.0
    taus[:, 40:] = 1.0
    taus[0, :3], taus[1, :3] = 1.0, -1.0
    vectors = task_vectors_of(taus)

    total = tall_counts(MaskInputs(vectors, whole(vectors)), [0.6] * 3).total

    assert total.selfish[0].tolist() == [10, 10, 10]
    assert total.untouched[0] == 45 - 30 - 5 - 3
    assert total.moved[0].tolist() == [5, 30, 3, 0]
    assert total.equal_signs[0].tolist() == [5, 30, 0, 0]
    assert total.patterns[0, 0b011] == 3


def test_eight_equal_updates_are_kept_by_no_mask_and_cancelling_ones_by_all():
    alike = task_vectors_of(np.ones((8, 45)))
    against = task_vectors_of(np.tile([[1.0], [-1.0]], (4, 45)))

    kept_by_none = tall_counts(MaskInputs(alike, whole(alike)), [0.4] * 8).total
    kept_by_all = tall_counts(MaskInputs(against, whole(against)), [0.4] * 8).total

    assert kept_by_none.kept_by[0].tolist() == [45] + [0] * 8
    assert kept_by_all.kept_by[0].tolist() == [0] * 8 + [45]


def test_independent_gaussian_updates_already_have_selfish_and_catastrophic_weights():
    vectors = task_vectors_of(big_updates(8, 200_000), one_block(200_000))

    total = tall_counts(MaskInputs(vectors, whole(vectors)), [0.4] * 8).total

    assert total.kept_by[0, :3] / 200_000 == pytest.approx([0.02, 0.10, 0.21], abs=0.01)


def test_many_tasks_have_masks_without_patterns():
    vectors = task_vectors_of(big_updates(20, 45))
    bits = bits_like(vectors)

    counts = tall_counts(MaskInputs(vectors, whole(vectors)), [0.4] * 20, bits=bits)

    masks = (bits[None].long() >> torch.arange(20)[:, None]) & 1
    assert counts.total.patterns.shape == (1, 0)
    assert masks.sum(dim=1).tolist() == counts.total.kept[0].tolist()
    assert (masks @ masks.T).tolist() == counts.total.both[0].tolist()


@pytest.mark.parametrize("bad", [[-0.1, 0.4], [float("nan"), 0.4], [float("inf"), 0.4], [0.4]])
def test_lambda_that_gives_no_masks_is_refused(bad):
    vectors = task_vectors_of(big_updates(2, 45))

    with pytest.raises(ParameterRangeError, match="λ"):
        tall_counts(MaskInputs(vectors, whole(vectors)), bad)


@pytest.mark.parametrize(("n_tasks", "n_bytes"), [(1, 1), (8, 1), (9, 2), (16, 2), (17, 4), (32, 4)])
def test_the_last_mask_fits_into_as_few_bytes_as_there_are_masks(n_tasks, n_bytes):
    taus = big_updates(n_tasks, 45)
    vectors = task_vectors_of(taus)
    bits = bits_like(vectors)

    counts = tall_counts(MaskInputs(vectors, whole(vectors)), [0.4] * n_tasks, bits=bits).total

    assert bits.element_size() == n_bytes
    last = (bits >> (n_tasks - 1)) & 1
    assert int(last.sum()) == counts.kept[0, -1]
    rest = np.abs(taus.sum(axis=0, dtype=np.float32) - taus[-1])
    assert last.bool().tolist() == (np.abs(taus[-1]) > np.float32(0.4) * rest).tolist()
    selfish = removed(bits, torch.ones(45), Removal.SELFISH)
    assert int(selfish.sum()) == counts.kept_by[0, 1]


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("vector", list(Vector))
@pytest.mark.parametrize("seed", [None, 1])
def test_cuda_counts_the_same(vector, seed):
    vectors, there = (task_vectors_of(big_updates(5, 45)) for _ in range(2))
    object.__setattr__(there, "deltas", there.deltas.cuda())
    asked = {"vector": vector, "sign_seed": seed}
    mine, theirs = bits_like(vectors), bits_like(there)

    here = tall_counts(MaskInputs(vectors, whole(vectors), **asked), [0.4] * 5, bits=mine).sums
    found = tall_counts(MaskInputs(there, whole(there), **asked), [0.4] * 5, bits=theirs).sums

    assert torch.equal(theirs.cpu(), mine)
    assert np.array_equal(found.patterns, here.patterns)
    assert np.array_equal(found.equal_signs, here.equal_signs)
    assert found.energy == pytest.approx(here.energy, rel=1e-5)
    curves = [tall_curve(MaskInputs(one, whole(one), **asked), [0.2, 0.4]) for one in (vectors, there)]
    assert np.array_equal(curves[0].kept_by, curves[1].kept_by)


def test_more_tasks_than_bits_are_refused():
    vectors = task_vectors_of(big_updates(33, 45))

    with pytest.raises(AnalysisError, match="33 tasks"):
        bits_like(vectors)
