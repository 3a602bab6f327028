"""The null of every statistic of signs: the same magnitudes with random signs.

A sign depends on the seed, the task's row and the weight's column alone, so slices, devices and the fused
passes all draw the same ones.
"""

import torch
from torch import Tensor

MOST_ROWS = 32
"""Rows whose signs are drawn: each has a bit of a word."""

_WORD = 0xFFFFFFFF


def redrawn(deltas: Tensor, seed: int, *, start: int = 0) -> Tensor:
    """The task vectors with random signs, each + or − with probability 1/2.

    Bit t of a 32-bit hash of the column decides for row t.

    Args:
        deltas: Task vectors, (T, n), T ≤ 32.
        seed: The same draws the same signs.
        start: Column of the flat matrix where these n begin.
    """
    columns = torch.arange(start, start + deltas.shape[1], device=deltas.device)
    words = sign_words(columns, seed)
    bits = torch.arange(len(deltas), device=deltas.device)[:, None]
    flips = (words >> bits) & 1
    return torch.where(flips == 1, -deltas, deltas)


def sign_words(columns: Tensor, seed: int) -> Tensor:
    """A 32-bit hash of each column, int64 (n,): one bit per row, 1 where its sign is turned."""
    # Two rounds of multiply and shift (Murmur3's finaliser), over the low and the high half of the column.
    word = _mixed((columns & _WORD) ^ seed_word(seed))
    return _mixed(word ^ (columns >> 32) ^ 0x85EBCA6B)


def seed_word(seed: int) -> int:
    """The 32 bits that a seed adds to every column's hash."""
    return int(_mixed(torch.tensor((seed * 0x9E3779B9 + 1) & _WORD)))


def _mixed(word: Tensor) -> Tensor:
    word = ((word ^ (word >> 16)) * 0x85EBCA6B) & _WORD
    word = ((word ^ (word >> 13)) * 0xC2B2AE35) & _WORD
    return word ^ (word >> 16)
