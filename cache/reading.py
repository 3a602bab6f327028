"""Reading of a file in one pass: every byte hashed, the wanted values handed on as float32.

The file is cut into pieces of 1 MiB that a few threads take in turn; a piece is hashed and converted
while it is still in the processor's cache, so neither costs another trip to memory. The next pieces are
fetched from the disk meanwhile.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import torch
from blake3 import blake3
from torch import Tensor

from cache.regular_files import open_regular

PIECE = 1 << 20
_SLACK = 8  # a value may start in one piece and end in the next
_SERIAL = 1 << 14  # values copied at a time: torch would spread more over threads of its own, ours are busy
_AHEAD = 8  # pieces asked of the disk before they are needed
N_READERS = min(4, os.cpu_count() or 1)

Take = Callable[[int, Tensor], None]
"""Takes the number of the first of some values, and the values: flat, float32, on the CPU.

Several threads call it at once; the values are overwritten when it has returned."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Values in the file and who wants them."""

    start: int
    """First byte in the file."""
    dtype: torch.dtype
    """In the file."""
    n_values: int
    take: Take
    """Called for the values in pieces, in any order."""


def read_file(path: Path, size: int, landings: Iterable[Landing] = ()) -> str:
    """Read the whole file once, hand on every landing, and return the file's digest.

    Args:
        path: The file.
        size: Its size in bytes.
        landings: May overlap.

    Returns:
        The BLAKE3 of the BLAKE3s of the file's 1 MiB pieces, 64 hexadecimal digits.

    Raises:
        EOFError: The file is shorter than ``size``.
        FileError: It cannot be opened.
    """
    n_pieces = -(-size // PIECE)
    wanted: list[list[Landing]] = [[] for _ in range(n_pieces)]
    for landing in landings:
        if landing.n_values:
            last = landing.start + landing.n_values * landing.dtype.itemsize - 1
            for piece in range(landing.start // PIECE, last // PIECE + 1):
                wanted[piece].append(landing)

    def read(first: int) -> list[bytes]:
        tile, converted = bytearray(PIECE + _SLACK), torch.empty(PIECE)
        digests = []
        with open_regular(path) as file:
            for piece in range(first, n_pieces, N_READERS):
                start = piece * PIECE
                stop = min(start + PIECE, size)
                _fetch(file, start + _AHEAD * PIECE, PIECE)
                fill(file, memoryview(tile)[: min(stop + _SLACK, size) - start], start)
                digests.append(blake3(memoryview(tile)[: stop - start]).digest())
                for landing in wanted[piece]:
                    _land(landing, tile, start, stop, converted)
        return digests

    with ThreadPoolExecutor(N_READERS, thread_name_prefix="read") as pool:
        digests = list(pool.map(read, range(N_READERS)))
    in_order = (digests[piece % N_READERS][piece // N_READERS] for piece in range(n_pieces))
    return blake3(b"".join(in_order)).hexdigest()


def fill(file: BufferedReader, buffer: memoryview, start: int) -> None:
    """Fill the buffer from byte ``start`` of the file on.

    Raises:
        EOFError: The file ends before the buffer is full.
    """
    file.seek(start)
    while buffer:
        n_read = file.readinto(buffer)
        if not n_read:
            raise EOFError
        buffer = buffer[n_read:]


def _fetch(file: BufferedReader, start: int, n_bytes: int) -> None:
    """Have the disk fetch what will be read next, where the system can be asked to."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), start, n_bytes, os.POSIX_FADV_WILLNEED)


def _land(landing: Landing, tile: bytearray, start: int, stop: int, converted: Tensor) -> None:
    """Hand on the values that begin in bytes start…stop of the file; the tile holds them and the slack."""
    width = landing.dtype.itemsize
    first = max(0, -((landing.start - start) // width))
    last = min(landing.n_values, -((landing.start - stop) // width))
    if first >= last:
        return
    values = torch.frombuffer(
        tile, dtype=landing.dtype, count=last - first, offset=landing.start + first * width - start
    )
    landing.take(first, values if _is_ready(values) else _as_float32(values, converted))


def _is_ready(values: Tensor) -> bool:
    """Whether these are float32 numbers at an address where the processor reads them as such."""
    return values.dtype == torch.float32 and values.data_ptr() % values.itemsize == 0


def _as_float32(values: Tensor, converted: Tensor) -> Tensor:
    target = converted[: values.numel()]
    for at in range(0, values.numel(), _SERIAL):
        target[at : at + _SERIAL].copy_(values[at : at + _SERIAL])
    return target
