from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from analysis.masks.curve import tall_curve
from analysis.masks.multi_task_vector import MaskInputs, Vector
from analysis.masks.tall import bits_like, tall_counts
from analysis.model.layout import Layout
from tests.vectors_of_weights import vectors_of_weights

GOLDEN = Path(__file__).parents[2] / "golden"
TASKS = tuple(f"task{t}" for t in range(5))
LAMBDAS = (0.2, 0.3, 0.4, 0.5, 0.6, 1.0)
CHOSEN = (0.4, 0.5, 0.3, 0.5, 0.2)
"""What the authors' search found on made-up validation accuracies: the case tall__find_optimal_mask."""

CASES = [
    (vector, name, value) for vector, name in ((Vector.SUM, "ta"), (Vector.TIES, "ties")) for value in LAMBDAS
]


def state_dict(path):
    stored = load_file(GOLDEN / path)
    return {name: stored[name] for name in sorted(stored) if stored[name].is_floating_point()}


def flat(tensors):
    return torch.cat([tensors[name].flatten() for name in sorted(tensors)])


@pytest.fixture(scope="module")
def vectors():
    base = state_dict("inputs/base.safetensors")
    weights = torch.stack([flat(state_dict(f"inputs/{task}.safetensors")) for task in TASKS])
    layout = Layout.from_shapes({name: tuple(weight.shape) for name, weight in base.items()})
    return vectors_of_weights(flat(base), weights, tasks=TASKS, layout=layout)


@pytest.fixture(scope="module")
def whole(vectors):
    return ((0, vectors.layout.n_weights),)


def golden(name):
    return load_file(GOLDEN / f"cases/{name}.safetensors")


@pytest.mark.parametrize(("vector", "name", "value"), CASES)
def test_masks_and_counts_are_the_authors(vectors, whole, vector, name, value):
    expected = golden(f"tall__mask_{name}_lam{value}")["mask"].bool()
    bits = bits_like(vectors)

    counts = tall_counts(MaskInputs(vectors, whole, vector=vector), [value] * 5, bits=bits).total

    assert torch.equal((bits[None] >> torch.arange(5)[:, None]) & 1 == 1, expected)
    assert counts.kept[0].tolist() == expected.sum(dim=1).tolist()
    assert counts.kept_by[0].tolist() == torch.bincount(expected.sum(dim=0), minlength=6).tolist()
    assert counts.n[0] == counts.kept_by.sum() == counts.patterns.sum()


@pytest.mark.parametrize(("vector", "name"), [(Vector.SUM, "ta"), (Vector.TIES, "ties")])
def test_curve_passes_through_the_authors_counts(vectors, whole, vector, name):
    curve = tall_curve(MaskInputs(vectors, whole, vector=vector), LAMBDAS)

    for k, value in enumerate(LAMBDAS):
        expected = golden(f"tall__mask_{name}_lam{value}")["mask"].bool()
        assert curve.kept[k].tolist() == expected.sum(dim=1).tolist()
        assert curve.kept_by[k].tolist() == torch.bincount(expected.sum(dim=0), minlength=6).tolist()


def test_packed_masks_are_the_authors(vectors, whole):
    bits = bits_like(vectors)
    tall_counts(MaskInputs(vectors, whole), CHOSEN, bits=bits)

    for row, task in enumerate(TASKS):
        packed = np.packbits((bits.numpy() >> row) & 1)
        assert packed.tolist() == golden("tall__find_optimal_mask")[f"packed.{task}"].tolist()


@pytest.mark.parametrize("min_tasks", [0, 1, 2, 3, 5, 6])
def test_consensus_of_the_authors_masks_is_their_consensus(vectors, whole, min_tasks):
    bits = bits_like(vectors)
    tall_counts(MaskInputs(vectors, whole), CHOSEN, bits=bits)

    kept_by = ((bits[None] >> torch.arange(5)[:, None]) & 1).sum(dim=0)

    expected = golden(f"tall__consensus_k{min_tasks}")["consensus"].bool()
    assert torch.equal(kept_by >= min_tasks, expected)


def test_weights_no_mask_keeps_are_mostly_those_all_tasks_move_alike(vectors, whole):
    changed = [
        p for p, is_changed in zip(vectors.layout.parameters, vectors.changed, strict=True) if is_changed
    ]
    ranges = tuple((p.start, p.stop) for p in changed)

    counts = tall_counts(MaskInputs(vectors, ranges), [0.4] * 5).total

    assert counts.equal_signs[0, 0] / counts.moved[0, 0] > 0.9
    assert counts.sum_l1[0, 0] / counts.mass[0, 0] > 0.98
    assert counts.equal_signs[0, 5] == 0
    assert counts.energy[0, 5] / counts.energy.sum() < 0.003
