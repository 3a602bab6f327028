"""Task vectors of any size, cut into the parameters of a ViT-B/32 tower."""

from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors
from benchmarks.merging import made_up
from benchmarks.naive import state_dict_shapes


def task_vectors(n_tasks: int, n_weights: int) -> TaskVectors:
    """Heavy-tailed random task vectors, a dozen parameters to a block."""
    buffers = made_up(n_tasks, n_weights)
    shapes = {
        f"visual.transformer.resblocks.{k // 12}.{k}": (size,)
        for k, size in enumerate(state_dict_shapes(n_weights))
    }
    tasks = tuple(str(t) for t in range(n_tasks))
    return TaskVectors(
        Layout.from_shapes(shapes), tasks, buffers.theta_0, buffers.deltas, (True,) * len(shapes)
    )
