from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from analysis.merge.registry import merge_method_named
from analysis.weights.trim import magnitude_trim, trim

GOLDEN = Path(__file__).parents[2] / "golden"
TIES = merge_method_named("ties")
TASK_ARITHMETIC = merge_method_named("task_arithmetic")


def _case(name):
    return load_file(GOLDEN / "cases" / f"{name}.safetensors")


def _flat(state_dict):
    return torch.cat(
        [state_dict[key].flatten() for key in sorted(state_dict) if not key.endswith("position_ids")]
    )


@pytest.fixture(scope="module")
def theta_0():
    return _flat(load_file(GOLDEN / "inputs" / "base.safetensors"))


@pytest.fixture(scope="module")
def deltas(theta_0):
    return torch.stack(
        [_flat(load_file(GOLDEN / "inputs" / f"task{t}.safetensors")) - theta_0 for t in range(5)]
    )


@pytest.mark.parametrize(
    ("percent", "merge"), [(20, "mean"), (20, "sum"), (20, "max"), (50, "mean"), (100, "mean")]
)
def test_ties_is_the_authors_to_the_bit(deltas, percent, merge):
    params = TIES.parse_params({"density": percent / 100, "merge": merge})

    merged = TIES(deltas, torch.ones(5), params)

    assert torch.equal(merged, _case(f"tall__ties_K{percent}_dis-{merge}")["merged_tv"])


def test_ties_is_its_first_authors_to_the_bit(deltas):
    assert torch.equal(TIES(deltas, torch.ones(5)), _case("ties__topk20_mass_dis-mean")["merged_tv"])


def test_ties_without_a_majority_is_the_authors():
    case = _case("tall__ties_zero_majority")

    merged = TIES(case["input"], torch.ones(2), TIES.parse_params({"density": 1.0}))

    assert torch.equal(merged, case["merged_tv"])


@pytest.mark.parametrize("percent", [5, 20])
def test_trim_keeps_the_weights_the_authors_keep(deltas, percent):
    expected = _case(f"tall__topk_K{percent}")["mask"].bool()
    cut = magnitude_trim(deltas, range(5), ((0, deltas.shape[1]),), density=percent / 100)

    assert torch.equal(trim(deltas, cut) != 0, expected & (deltas != 0))


@pytest.mark.parametrize("percent", [10, 20, 30, 50, 90, 99])
def test_trim_of_ties_and_zeros_is_the_authors(percent):
    case = _case("tall__topk_edge_ties")
    cut = magnitude_trim(case["input"], range(4), ((0, 10),), density=percent / 100)

    assert torch.equal(trim(case["input"], cut), case[f"kept_K{percent}"])


@pytest.mark.parametrize(
    ("name", "weights", "scaling"),
    [
        ("ta__addition_0.3", [1.0, 1.0, 1.0, 1.0, 1.0], 0.3),
        ("ta__negation_0.5", [-1.0, 0.0, 0.0, 0.0, 0.0], 0.5),
        ("ta__analogy_C_plus_B_minus_A", [-1.0, 1.0, 1.0, 0.0, 0.0], 1.0),
    ],
)
def test_task_arithmetic_is_the_authors(theta_0, deltas, name, weights, scaling):
    theta = theta_0 + scaling * TASK_ARITHMETIC(deltas, torch.tensor(weights))

    torch.testing.assert_close(theta, _flat(_case(name)), rtol=0, atol=1e-6)
