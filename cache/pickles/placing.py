"""Placing of a pickle's tensors: where in the file the values of each begin."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cache.contents import Contents, Span
from cache.errors import CheckpointError
from cache.pickles.inert import PickleError
from cache.pickles.tensors import SavedTensor, Storage, saved_tensor
from cache.pickles.weights import find_weights


@dataclass(frozen=True, slots=True)
class Place:
    """Bytes of a file that hold one storage."""

    start: int
    n_bytes: int


def placed_contents(
    path: Path, saved: object, place: Callable[[Storage], Place | None], *, key: str = ""
) -> Contents:
    """The table of contents of a file whose pickle was read.

    Args:
        path: The file, for messages.
        saved: What its pickle describes.
        place: Where the file keeps a storage; None if it does not.
        key: Under which the weights lie; where it is empty they are looked for.

    Raises:
        CheckpointError: No weights are found, or the file does not hold what the pickle states.
    """
    try:
        weights = find_weights(saved, key)
    except PickleError as error:
        raise CheckpointError(f"'{path.name}' {error}.") from error
    spans = {}
    for name, value in weights.tensors.items():
        try:
            tensor = saved_tensor(value)
            spans[name] = _span(tensor, place(tensor.storage))
        except PickleError as error:
            raise CheckpointError(f"'{path.name}': '{name}' {error}.") from error
    return Contents(spans, weights.metadata, weights.notes, weights.doubts)


def _span(tensor: SavedTensor, place: Place | None) -> Span:
    if place is None:
        raise PickleError("lies in no record of the file; copy or download it again")
    is_by_row = tensor.strides == _strides_by_row(tensor.shape) or 0 in tensor.shape
    span = Span(
        dtype=tensor.dtype,
        shape=tensor.shape,
        start=place.start + tensor.offset * tensor.dtype.itemsize,
        strides=None if is_by_row else tensor.strides,
    )
    if place.n_bytes != tensor.storage.n_bytes or span.stop > place.start + place.n_bytes:
        raise PickleError("lies outside the bytes that the file holds for it; copy or download it again")
    return span


def _strides_by_row(shape: tuple[int, ...]) -> tuple[int, ...]:
    strides, step = [], 1
    for size in reversed(shape):
        strides.append(step)
        step *= size
    return tuple(reversed(strides))
