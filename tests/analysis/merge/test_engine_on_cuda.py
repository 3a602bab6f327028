import pytest
import torch

from analysis.merge.engine import MergeEngine
from analysis.merge.recipe import Recipe
from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors
from tests.vectors_of_weights import vectors_of_weights

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU"),
]

SHAPES = {f"visual.transformer.resblocks.{block}.mlp.c_fc.weight": (512, 512) for block in range(4)}
TASKS = ("a", "b", "c")


@pytest.fixture
def on_cpu() -> TaskVectors:
    layout, generator = Layout.from_shapes(SHAPES), torch.Generator().manual_seed(0)
    theta_0 = torch.randn(layout.n_weights, generator=generator)
    weights = theta_0 + 0.1 * torch.randn(len(TASKS), layout.n_weights, generator=generator)
    return vectors_of_weights(theta_0, weights, tasks=TASKS, layout=layout)


@pytest.fixture
def on_cuda(on_cpu):
    return TaskVectors(
        on_cpu.layout, on_cpu.tasks, on_cpu.theta_0.cuda(), on_cpu.deltas.cuda(), on_cpu.changed
    )


def recipe(**given):
    return Recipe.from_mapping({"scaling": 0.4, **given}, tasks=TASKS)


@pytest.mark.parametrize("method", ["task_arithmetic", "average", "ties"])
def test_both_devices_merge_to_the_same_weights(method, on_cpu, on_cuda):
    here, there = MergeEngine(on_cpu), MergeEngine(on_cuda)

    here.merge(recipe(method=method))
    there.merge(recipe(method=method))

    torch.testing.assert_close(there.theta.cpu(), here.theta, rtol=0, atol=1e-6)


def test_task_vectors_that_stay_on_the_host_merge_to_the_same_weights(on_cpu):
    here, there = MergeEngine(on_cpu), MergeEngine(on_cpu, device=torch.device("cuda"))

    here.merge(recipe(method="ties"))
    there.merge(recipe(method="ties"))

    assert torch.equal(there.theta.cpu(), here.theta)


def test_a_slider_move_allocates_nothing_and_carries_no_weights_over(on_cuda):
    engine = MergeEngine(on_cuda)
    for weight in (1.0, 0.9):
        engine.merge(recipe(weights={"a": weight}))
    torch.cuda.synchronize()
    segments, held = torch.cuda.memory_stats()["segment.all.allocated"], torch.cuda.memory_allocated()

    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
        engine.merge(recipe(weights={"a": 0.8}))
        engine.merge(recipe(weights={"a": 0.8}, scaling=0.5))
        torch.cuda.synchronize()

    copies = [
        event for event in profile.events() if "Memcpy HtoD" in event.name or "Memcpy DtoH" in event.name
    ]
    assert torch.cuda.memory_stats()["segment.all.allocated"] == segments
    assert torch.cuda.memory_allocated() == held
    assert len(copies) <= 4  # coefficients and indices of T numbers, never a vector of P
