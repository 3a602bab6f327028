import pytest
import torch

from analysis.weights.nth_smallest import nth_smallest


def magnitudes(kind: str) -> torch.Tensor:
    drawn = torch.randn(5_000, generator=torch.Generator().manual_seed(3)).abs()
    return {
        "heavy tails": drawn**9,
        "mostly zeros": torch.where(drawn < 1.5, 0.0, drawn),
        "many ties": (drawn * 4).round() / 4,
        "denormals": drawn * 1e-40,
        "near the largest float": drawn.clamp(max=1) * torch.finfo(torch.float32).max,
        "all equal": torch.full((5_000,), 0.3),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    ["heavy tails", "mostly zeros", "many ties", "denormals", "near the largest float", "all equal"],
)
@pytest.mark.parametrize("rank", [1, 2, 2_500, 4_000, 4_999, 5_000])
def test_it_is_what_sorting_everything_gives(kind, rank):
    values = magnitudes(kind)

    assert nth_smallest(values, rank) == float(values.sort().values[rank - 1])


def test_one_value_is_its_own_smallest():
    assert nth_smallest(torch.tensor([0.5]), 1) == 0.5
