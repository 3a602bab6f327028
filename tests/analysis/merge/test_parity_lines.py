from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from analysis.merge.engine import MergeEngine
from analysis.merge.lines import auto_alpha
from analysis.merge.recipe import Recipe
from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors
from tests.vectors_of_weights import vectors_of_weights

GOLDEN = Path(__file__).parents[2] / "golden"
TASKS = tuple(f"task{t}" for t in range(5))


def _state_dict(path):
    stored = load_file(GOLDEN / path)
    return {
        name.removeprefix("model."): stored[name]
        for name in sorted(stored)
        if stored[name].is_floating_point()
    }


def _flat(state_dict):
    return torch.cat([state_dict[name].flatten() for name in sorted(state_dict)])


def _case(name):
    return _flat(_state_dict(f"cases/{name}.safetensors"))


@pytest.fixture(scope="module")
def vectors():
    base = _state_dict("inputs/base.safetensors")
    weights = torch.stack([_flat(_state_dict(f"inputs/{task}.safetensors")) for task in TASKS])
    layout = Layout.from_shapes({name: tuple(weight.shape) for name, weight in base.items()})
    return vectors_of_weights(_flat(base), weights, tasks=TASKS, layout=layout)


def _merged(vectors, **recipe):
    engine = MergeEngine(vectors)
    outcome = engine.merge(Recipe.from_mapping({"scope": "all", **recipe}, tasks=vectors.tasks))
    return engine.theta, outcome


def _assert_close(theta, expected):
    torch.testing.assert_close(theta, expected, rtol=0, atol=1e-6)


def test_lines_on_a_sum_is_the_authors(vectors):
    theta, outcome = _merged(vectors, lines={"alpha": "auto", "beta": 0.5})

    assert outcome.alpha == pytest.approx(0.2, abs=1e-6)
    _assert_close(theta, vectors.theta_0 + _case("lines__sum_b0.5"))


def test_lines_on_ties_is_the_authors(vectors):
    theta, outcome = _merged(vectors, method="ties", lines={"alpha": "auto", "beta": 0.8})

    assert outcome.alpha == pytest.approx(0.2957984724390404, abs=1e-6)
    _assert_close(theta, vectors.theta_0 + _case("lines__ties_b0.8"))


def test_lines_on_a_single_task_is_the_authors(vectors):
    alone = {task: float(task == "task0") for task in TASKS}

    theta, _ = _merged(vectors, weights=alone, lines={"alpha": 0.1, "beta": 0.9})

    _assert_close(theta, vectors.theta_0 + _case("lines__single_a0.1"))


def test_lines_on_a_consensus_is_the_authors(vectors):
    consensus = load_file(GOLDEN / "cases" / "tall__consensus_k2.safetensors")["merged_tv"]
    l1_of_sum, l1 = float(vectors.deltas.sum(dim=0).abs().sum()), float(consensus.abs().sum())
    alpha = auto_alpha([1.0] * 5, l1_of_sum=l1_of_sum, l1_of_tau_mtl=l1)
    as_one_task = TaskVectors(
        vectors.layout, ("consensus",), vectors.theta_0, consensus[None], vectors.changed
    )

    theta, _ = _merged(as_one_task, lines={"alpha": alpha, "beta": 0.6})

    assert alpha == pytest.approx(0.5169072297741183, abs=1e-6)
    _assert_close(theta, vectors.theta_0 + _case("lines__consensus_b0.6"))


def test_lines_is_what_mergekit_makes_of_one_weight_a_block(vectors):
    theta, _ = _merged(vectors, lines={"alpha": 0.2, "beta": 0.5})

    for name, expected in _state_dict("cases/mk__lines_by_filters.safetensors").items():
        _assert_close(vectors.layout.view(theta, name), expected)


@pytest.mark.parametrize(
    ("name", "weights", "scaling"),
    [
        ("ta__addition_0.3", [1.0, 1.0, 1.0, 1.0, 1.0], 0.3),
        ("ta__negation_0.5", [-1.0, 0.0, 0.0, 0.0, 0.0], 0.5),
        ("ta__analogy_C_plus_B_minus_A", [-1.0, 1.0, 1.0, 0.0, 0.0], 1.0),
    ],
)
def test_merged_model_of_task_arithmetic_is_the_authors(vectors, name, weights, scaling):
    theta, _ = _merged(vectors, weights=dict(zip(TASKS, weights, strict=True)), scaling=scaling)

    _assert_close(theta, _case(name))
