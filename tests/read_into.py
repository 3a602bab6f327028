"""A checkpoint's values put together as its files hand them on."""

from collections.abc import Mapping

from torch import Tensor

from cache.checkpoints import Checkpoint


def read_into(checkpoint: Checkpoint, targets: Mapping[str, Tensor]) -> str:
    """Fill the targets, contiguous and named as the checkpoint's tensors; return its digest."""

    def take(name: str, first: int, values: Tensor) -> None:
        targets[name].view(-1)[first : first + len(values)].copy_(values)

    return checkpoint.read_each(targets, take)
