import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Before torch and numba, which read when they are loaded how to wait and where compiled loops are kept.
import app  # noqa: F401  # isort: skip

import pytest
import torch
from hypothesis import settings
from torch import Tensor

from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors
from tests.vectors_of_weights import vectors_of_weights

# A busy machine is slow now and then; slowness is measured by benchmarks, not found by chance.
settings.register_profile("searching", deadline=None)
# Before a change lands every run tries the same inputs, so that it is the change that decides.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable" if "CI" in os.environ else "searching")

# Two processes that compile one loop for two types at once can leave one's code under the other's name.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["NUMBA_CACHE_DIR"] = str(Path(os.environ["NUMBA_CACHE_DIR"], worker))

# Tests that share one process: those of the browser measure waiting, so that no two may run at once.
ONE_PROCESS = ("tests/browser/", "tests/zoos/", "tests/test_docs_code.py")


@pytest.hookimpl(optionalhook=True)  # unknown where the tests run in one process
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each group of tests to one process, the largest first, and each other test to any that is free."""
    from xdist.scheduler import LoadGroupScheduling

    # By path: xdist's own marks do not reach the scheduler under pytest 9.2.
    class Groups(LoadGroupScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return next((group for group in ONE_PROCESS if nodeid.startswith(group)), nodeid)

    return Groups(config, log)


# 18 of the 25 weights lie in blocks, 6 in each: 2 of a norm, 4 of an MLP.
SHAPES = {
    "visual.conv1.weight": (2,),
    "visual.transformer.resblocks.0.ln_1.weight": (2,),
    "visual.transformer.resblocks.0.mlp.c_fc.weight": (2, 2),
    "visual.transformer.resblocks.1.ln_1.weight": (2,),
    "visual.transformer.resblocks.1.mlp.c_fc.weight": (2, 2),
    "visual.transformer.resblocks.2.ln_1.weight": (2,),
    "visual.transformer.resblocks.2.mlp.c_fc.weight": (2, 2),
    "visual.proj": (2,),
    "token_embedding.weight": (3,),
}

# What each task adds to every weight of a parameter. 'everywhere' agrees with the other two on
# norms and conflicts with them on MLPs; nobody moved the token embedding.
MOVES: dict[str, Callable[[str], float]] = {
    "shallow": lambda name: 1.0 if "resblocks.0." in name else 0.0,
    "deep": lambda name: 2.0 if "resblocks.2." in name else 0.0,
    "everywhere": lambda name: 0.0 if "token" in name else -0.5 if "mlp" in name else 0.5,
}


@pytest.fixture
def layout() -> Layout:
    return Layout.from_shapes(SHAPES)


@pytest.fixture
def theta_0(layout: Layout) -> Tensor:
    return torch.arange(layout.n_weights, dtype=torch.float32)


@pytest.fixture
def task_vectors(layout: Layout, theta_0: Tensor) -> TaskVectors:
    weights = theta_0.repeat(len(MOVES), 1)
    for row, move in zip(weights, MOVES.values(), strict=True):
        for name in layout.by_name:
            layout.view(row, name).add_(move(name))
    return vectors_of_weights(theta_0, weights, tasks=tuple(MOVES), layout=layout)
