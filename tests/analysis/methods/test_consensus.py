from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from analysis.errors import ParameterRangeError
from analysis.masks.consensus_mask import consensus_mask
from analysis.masks.ties_sum import ties_cut, ties_sum
from analysis.merge.registry import merge_method_named

GOLDEN = Path(__file__).parents[2] / "golden"
CHOSEN = (0.4, 0.5, 0.3, 0.5, 0.2)
"""λ of each task in the authors' case."""

CONSENSUS = merge_method_named("consensus")


def merge(deltas, weights=None, **params):
    deltas = torch.tensor(deltas)
    weights = torch.ones(len(deltas)) if weights is None else torch.tensor(weights)
    return CONSENSUS(deltas, weights, CONSENSUS.parse_params(params)).tolist()


def flat(path):
    stored = load_file(GOLDEN / path)
    return torch.cat([stored[name].flatten() for name in sorted(stored) if stored[name].is_floating_point()])


@pytest.fixture(scope="module")
def deltas():
    base = flat("inputs/base.safetensors")
    return torch.stack([flat(f"inputs/task{task}.safetensors") - base for task in range(5)])


# Columns: kept by both (they cancel), by the first alone, by none (they agree and there are four of them).
AGREE = [[1.0, 1.0, 1.0], [-1.0, 0.1, 1.0], [0.0, 0.1, 1.0], [0.0, 0.1, 1.0]]


@pytest.mark.parametrize(
    ("min_tasks", "expected"),
    [(0, [0.0, 1.3, 4.0]), (1, [0.0, 1.3, 0.0]), (2, [0.0, 0.0, 0.0])],
)
def test_weights_too_few_masks_keep_stay_at_the_base(min_tasks, expected):
    assert merge(AGREE, min_tasks=min_tasks) == pytest.approx(expected)


def test_masks_are_of_the_unweighted_tasks():
    weights = [2.0, -1.0, 1.0, 1.0]

    assert merge(AGREE, weights, min_tasks=1) == pytest.approx([3.0, 2.1, 0.0])


def test_larger_lambda_keeps_less():
    assert merge(AGREE, min_tasks=1, tall_lambda=0.2) == pytest.approx([0.0, 1.3, 4.0])
    assert merge(AGREE, min_tasks=1, tall_lambda=1.5) == pytest.approx([0.0, 1.3, 0.0])


@pytest.mark.parametrize("min_tasks", [0, 1, 2, 3, 5, 6])
def test_consensus_is_the_authors_with_their_lambda_of_each_task(deltas, min_tasks):
    expected = load_file(GOLDEN / f"cases/tall__consensus_k{min_tasks}.safetensors")
    tau_mtl = deltas.sum(dim=0)

    mask = consensus_mask(deltas, tau_mtl, torch.tensor(CHOSEN), min_tasks=min_tasks)

    assert torch.equal(mask, expected["consensus"].bool())
    torch.testing.assert_close(torch.where(mask, tau_mtl, 0.0), expected["merged_tv"], rtol=0, atol=1e-6)


@pytest.mark.parametrize(("vector", "name"), [("sum", "ta"), ("ties", "ties")])
@pytest.mark.parametrize("value", [0.2, 0.4, 0.6, 1.0])
def test_method_keeps_what_enough_of_the_authors_masks_keep(deltas, vector, name, value):
    masks = load_file(GOLDEN / f"cases/tall__mask_{name}_lam{value}.safetensors")["mask"].bool()
    cut = ties_cut(deltas, range(5), ((0, deltas.shape[1]),))
    whole = deltas.sum(dim=0) if vector == "sum" else ties_sum(deltas, torch.ones(5), cut, start=0)

    params = CONSENSUS.parse_params({"min_tasks": 2, "tall_lambda": value, "vector": vector})
    merged = CONSENSUS(deltas, torch.ones(5), params)

    torch.testing.assert_close(merged, torch.where(masks.sum(dim=0) >= 2, whole, 0.0), rtol=0, atol=1e-6)


@pytest.mark.parametrize(("min_tasks", "kept"), [(-1.0, 3), (33, 1), (40.5, 0), (1e300, 0)])
def test_any_number_of_masks_may_be_asked_for(min_tasks, kept):
    method = merge_method_named("consensus")
    deltas = torch.zeros(33, 3)
    deltas[:, 0] = torch.tensor([(-1.0) ** task for task in range(33)])  # cancels almost: all masks keep it
    deltas[0, 1] = 1.0
    deltas[:, 2] = 1.0

    params = method.parse_params({"min_tasks": min_tasks, "tall_lambda": 0.4})

    assert int((method(deltas, torch.ones(33), params) != 0).sum()) == kept


@pytest.mark.parametrize("min_tasks", [float("nan"), float("inf"), True, "2", 10**309])
def test_what_is_no_finite_number_is_refused(min_tasks):
    with pytest.raises(ParameterRangeError, match=r"min_tasks is .*; it must be a finite number"):
        merge_method_named("consensus").parse_params({"min_tasks": min_tasks})
