"""Reading of a file in one pass: every byte hashed, the wanted ones placed in float32 memory.

The file is cut into pieces of 1 MiB that a few threads take in turn; a piece is hashed and converted
while it is still in the processor's cache, so neither costs another trip to memory.
"""

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import torch
from torch import Tensor

from cache.regular_files import open_regular

PIECE = 1 << 20
_SLACK = 8  # a value may start in one piece and end in the next
_SERIAL = 1 << 14  # values copied at a time: torch would spread more over threads of its own, ours are busy
N_READERS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Landing:
    """Values in the file and where they are wanted."""

    start: int
    """First byte in the file."""
    dtype: torch.dtype
    """In the file."""
    target: Tensor
    """Contiguous, flat; one value for each in the file, converted on arrival."""


def read_file(path: Path, size: int, landings: Iterable[Landing] = ()) -> str:
    """Read the whole file once, fill every landing, and return the file's digest.

    Args:
        path: The file.
        size: Its size in bytes.
        landings: May overlap in the file, never in memory.

    Returns:
        The SHA-256 of the SHA-256s of the file's 1 MiB pieces, 64 hexadecimal digits.

    Raises:
        EOFError: The file is shorter than ``size``.
        FileError: It cannot be opened.
    """
    n_pieces = -(-size // PIECE)
    wanted: list[list[Landing]] = [[] for _ in range(n_pieces)]
    for landing in landings:
        if landing.target.numel():
            last = landing.start + landing.target.numel() * landing.dtype.itemsize - 1
            for piece in range(landing.start // PIECE, last // PIECE + 1):
                wanted[piece].append(landing)

    def read(first: int) -> list[bytes]:
        tile = bytearray(PIECE + _SLACK)
        digests = []
        with open_regular(path) as file:
            for piece in range(first, n_pieces, N_READERS):
                start = piece * PIECE
                stop = min(start + PIECE, size)
                fill(file, memoryview(tile)[: min(stop + _SLACK, size) - start], start)
                digests.append(hashlib.sha256(memoryview(tile)[: stop - start]).digest())
                for landing in wanted[piece]:
                    _land(landing, tile, start, stop)
        return digests

    with ThreadPoolExecutor(N_READERS, thread_name_prefix="read") as pool:
        digests = list(pool.map(read, range(N_READERS)))
    in_order = (digests[piece % N_READERS][piece // N_READERS] for piece in range(n_pieces))
    return hashlib.sha256(b"".join(in_order)).hexdigest()


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


def _land(landing: Landing, tile: bytearray, start: int, stop: int) -> None:
    """Convert the values that begin in bytes start…stop of the file; the tile holds them and the slack."""
    width = landing.dtype.itemsize
    first = max(0, -((landing.start - start) // width))
    last = min(landing.target.numel(), -((landing.start - stop) // width))
    if first >= last:
        return
    values = torch.frombuffer(
        tile, dtype=landing.dtype, count=last - first, offset=landing.start + first * width - start
    )
    for at in range(0, last - first, _SERIAL):
        target = landing.target[first + at : min(first + at + _SERIAL, last)]
        target.copy_(values[at : at + _SERIAL])
