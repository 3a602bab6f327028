import pytest
import torch

from analysis.weights.most_moved import most_moved
from analysis.weights.spectrum import singular_values

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU"),
]


def drawn(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_singular_values_are_those_of_the_cpu():
    matrix = drawn(96, 160)

    assert singular_values(matrix.cuda()) == pytest.approx(singular_values(matrix), rel=1e-9)


def test_most_moved_weights_are_those_of_the_cpu():
    theta_0, deltas = drawn(5000), drawn(3, 5000)

    on_cpu = most_moved(theta_0, deltas, task=1, most=50)
    on_cuda = most_moved(theta_0.cuda(), deltas.cuda(), task=1, most=50)

    assert on_cuda.index.tolist() == on_cpu.index.tolist()
    assert on_cuda.deltas.tolist() == on_cpu.deltas.tolist()
    assert on_cuda.rms == pytest.approx(on_cpu.rms, rel=1e-6)
