"""NumPy arrays in pickles, from the notes of what would have made them; nothing of a pickle is called."""

from math import prod

import numpy as np
from numpy.typing import NDArray

from cache.pickles.inert import DAMAGED, Made, Named, PickleError

_REBUILDS = {
    Named("numpy.core.multiarray", "_reconstruct"),
    Named("numpy._core.multiarray", "_reconstruct"),
}
_FROM_BUFFER = {Named("numpy.core.numeric", "_frombuffer"), Named("numpy._core.numeric", "_frombuffer")}
_NUMBERS = "?biuf"


def saved_bytes(value: object) -> bytes | None:
    """Bytes as each protocol of pickles writes them; None for anything else."""
    match value:
        case bytes() | bytearray():
            return bytes(value)
        case str():  # of Python 2, whose texts were bytes
            return _latin(value)
        case Made(kind=Named("_codecs", "encode"), args=(str(text), "latin1")):
            return _latin(text)
        case Made(kind=Named("builtins", "bytes"), args=()):
            return b""
        case _:
            return None


def saved_array(value: object) -> NDArray[np.generic] | None:
    """An array of numbers; None for an object of another kind.

    Raises:
        PickleError: It holds something else than numbers, or not as many bytes as its shape needs.
    """
    match value:
        case Made(kind=Named() as kind, state=(_, tuple(shape), dtype, bool(by_column), raw)) if (
            kind in _REBUILDS
        ):
            pass
        case Made(kind=Named() as kind, args=(raw, dtype, tuple(shape), order)) if kind in _FROM_BUFFER:
            by_column = order == "F"
        case _:
            return None
    numbers, content = _dtype(dtype), saved_bytes(raw)
    sizes = [size for size in shape if isinstance(size, int) and not isinstance(size, bool) and size >= 0]
    if content is None or len(sizes) != len(shape) or prod(sizes) * numbers.itemsize != len(content):
        raise PickleError(DAMAGED)
    return np.frombuffer(content, numbers).reshape(sizes, order="F" if by_column else "C")


def _dtype(value: object) -> np.dtype[np.generic]:
    match value:
        case Made(kind=Named("numpy", "dtype"), args=(str(code), *_)) if code[:1] in _NUMBERS:
            pass
        case _:
            raise PickleError("holds an array of something else than numbers")
    state = value.state if isinstance(value.state, tuple) else ()
    try:
        return np.dtype(code).newbyteorder(">" if state[1:2] == (">",) else "<")
    except (TypeError, ValueError) as error:
        raise PickleError(DAMAGED) from error


def _latin(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise PickleError(DAMAGED) from error
