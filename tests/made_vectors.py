"""Task vectors made up for tests of what is read off weights."""

from collections.abc import Mapping

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as hypothesis_numpy

from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors

SHAPES = {
    "visual.conv1.weight": (5,),
    "visual.ln_pre.weight": (1,),
    "visual.transformer.resblocks.0.attn.in_proj_weight": (6, 2),
    "visual.transformer.resblocks.0.mlp.c_fc.bias": (3,),
    "visual.transformer.resblocks.1.attn.in_proj_weight": (6, 2),
    "visual.transformer.resblocks.1.mlp.c_proj.weight": (4, 2),
    "visual.proj": (2, 2),
}
"""45 weights: nine segments beside the stem, in two blocks."""

N = 45


def task_vectors_of(taus: object, shapes: Mapping[str, tuple[int, ...]] | None = None) -> TaskVectors:
    """Task vectors with these updates, (T, P), on a base of made-up weights."""
    deltas = torch.as_tensor(np.asarray(taus), dtype=torch.float32).contiguous()
    layout = Layout.from_shapes(shapes or SHAPES)
    changed = tuple(bool((deltas[:, p.start : p.stop] != 0).any()) for p in layout.parameters)
    theta_0 = torch.linspace(-1, 1, layout.n_weights)
    return TaskVectors(layout, tuple(f"task{t}" for t in range(len(deltas))), theta_0, deltas, changed)


def whole(vectors: TaskVectors) -> tuple[tuple[int, int], ...]:
    """All columns as ranges."""
    return ((0, vectors.layout.n_weights),)


@st.composite
def updates(draw: st.DrawFn, most_tasks: int = 6) -> np.ndarray:
    """Updates of one to some tasks: exact zeros, equal magnitudes and exact cancellations are common."""
    n_tasks = draw(st.integers(1, most_tasks))
    values = st.sampled_from([0.0, -0.0, 0.25, -0.25, 0.5, -0.5, 1.0, -1.0]) | st.floats(-4, 4, width=16)
    found: np.ndarray = draw(hypothesis_numpy.arrays(np.float32, (n_tasks, N), elements=values))
    return found


def big_updates(n_tasks: int, n_weights: int, seed: int = 0) -> np.ndarray:
    """Independent Gaussian updates, (T, n)."""
    return np.random.default_rng(seed).normal(size=(n_tasks, n_weights)).astype(np.float32)


def one_block(n_weights: int) -> dict[str, tuple[int, ...]]:
    """Shapes of a model that is one tensor in one block."""
    return {"visual.transformer.resblocks.0.mlp.c_fc.weight": (n_weights,)}
