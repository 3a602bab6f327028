import pytest
import torch

from analysis.errors import MismatchError
from analysis.model.low_rank import add_low_rank


def random(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


A, B = random(2, 5), random(3, 2)


def test_every_weight_gets_the_sum_over_the_rank():
    target = torch.ones(3, 5)

    add_low_rank(target, B, A, scaling=0.5, is_transposed=False, what="w")

    expected = [[1 + 0.5 * sum(B[i, r] * A[r, j] for r in range(2)) for j in range(5)] for i in range(3)]
    assert torch.allclose(target, torch.tensor(expected), atol=1e-6)


def test_a_transposed_weight_gets_the_transpose():
    target = torch.zeros(5, 3)

    add_low_rank(target, B, A, scaling=2.0, is_transposed=True, what="w")

    assert torch.allclose(target, 2 * (B @ A).T)


def test_a_convolution_is_one_over_channels():
    down, up = random(2, 4, 3, 3), random(6, 2, 1, 1)
    image, target = random(1, 4, 8, 8), torch.zeros(6, 4, 3, 3)

    add_low_rank(target, up, down, scaling=1.0, is_transposed=False, what="w")

    one_after_the_other = torch.conv2d(torch.conv2d(image, down), up)
    assert torch.allclose(torch.conv2d(image, target), one_after_the_other, atol=1e-4)


def test_a_product_of_another_shape_is_refused():
    with pytest.raises(MismatchError, match=r"update of 'w' has shape \(3, 5\), the weight has \(5, 3\)"):
        add_low_rank(torch.zeros(5, 3), B, A, scaling=1.0, is_transposed=False, what="w")
