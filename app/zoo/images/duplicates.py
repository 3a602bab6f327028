"""Images that two evaluation sets share, to the byte."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from blake3 import blake3
from torch import Tensor

from app.zoo.images.image_sources import ImageSource
from cache.regular_files import open_regular


def n_shared(one: ImageSource, other: ImageSource, *, check: Callable[[], None]) -> int | None:
    """Number of images of the first that are among those of the second.

    Args:
        one: Of files of their own, or of one file of tensors.
        other: Of the same kind.
        check: Called before each that is read; raises to stop.

    Returns:
        None where the images are kept in another way, and are not looked at.

    Raises:
        FileError: A picture cannot be opened.
    """
    if one.files and other.files:
        return _n_same_files(one.files, other.files, check)
    if one.stored is not None and other.stored is not None:
        known = set(_of_rows(other.stored, check))
        return sum(digest in known for digest in _of_rows(one.stored, check))
    return None


def _n_same_files(one: Sequence[Path], other: Sequence[Path], check: Callable[[], None]) -> int:
    """Only files of a size that both sets have are read."""
    sizes = {file: file.stat().st_size for file in {*one, *other}}
    shared = {sizes[file] for file in one} & {sizes[file] for file in other}
    known = {_of_file(file, check) for file in other if sizes[file] in shared}
    return sum(_of_file(file, check) in known for file in one if sizes[file] in shared)


def _of_file(file: Path, check: Callable[[], None]) -> bytes:
    check()
    with open_regular(file) as opened:
        return blake3(opened.read()).digest()


def _of_rows(images: Tensor, check: Callable[[], None]) -> Iterator[bytes]:
    for image in images.contiguous().numpy():
        check()
        yield blake3(image.data.cast("B")).digest()
