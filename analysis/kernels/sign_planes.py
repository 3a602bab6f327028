"""Signs as bits, 32 columns a word: which rows agree is then counted 32 columns at a time."""

import numba
import numpy as np

from analysis.arrays import Bits, Integers, Words
from analysis.kernels.bit_counts import n_ones
from analysis.kernels.tiles import TILE

WORDS = TILE // 32
"""Words of a tile's row. Bit k of word w is column k · WORDS + w."""

_0 = np.int32(0)
_NO = np.uint32(0)
_ALL = np.uint32(0xFFFFFFFF)
_NEGATIVE_ZERO = np.uint32(0x80000000)


@numba.njit(cache=True, nogil=True)
def note_signs(tile: Bits, first_word: int, up: Words, down: Words) -> None:
    """Write which columns of a tile are above zero, and which below, from the first word on.

    Args:
        tile: At least T rows, (…, TILE).
        first_word: Of the tile's WORDS words.
        up: Written, (T, most words).
        down: Written, (T, most words).
    """
    first = np.uint64(first_word)
    for t in range(np.uint64(len(up))):
        for w in range(np.uint64(WORDS)):
            up[t, first + w] = _NO
            down[t, first + w] = _NO
        for k in range(32):
            bit = np.uint32(np.uint32(1) << np.uint32(k))
            start = np.uint64(k * WORDS)
            for w in range(np.uint64(WORDS)):
                value = tile[t, start + w]
                up[t, first + w] |= bit if value > _0 else _NO
                down[t, first + w] |= bit if np.uint32(value) > _NEGATIVE_ZERO else _NO


@numba.njit(cache=True, nogil=True)
def count_pairs(up: Words, down: Words, n_words: int, agree: Integers, conflict: Integers) -> None:
    """Write in how many columns any two rows have equal signs, and opposite ones, (T, T) each.

    Args:
        up: Columns above zero, (T, most words).
        down: Columns below zero, (T, most words).
        n_words: Words that count.
        agree: Written; the diagonal holds the columns in which a row is not 0.
        conflict: Written.
    """
    for i in range(np.uint64(len(up))):
        for j in range(i, np.uint64(len(up))):
            same, opposite = _compared(up, down, i, j, n_words)
            agree[i, j] = agree[j, i] = same
            conflict[i, j] = conflict[j, i] = opposite


@numba.njit(cache=True, nogil=True)
def _compared(up: Words, down: Words, i: int, j: int, n_words: int) -> tuple[int, int]:
    same = opposite = _NO  # as wide as the words, for the compiler's sake
    for w in range(np.uint64(n_words)):
        same = np.uint32(same + n_ones(np.uint32((up[i, w] & up[j, w]) | (down[i, w] & down[j, w]))))
        opposite = np.uint32(opposite + n_ones(np.uint32((up[i, w] & down[j, w]) | (down[i, w] & up[j, w]))))
    return int(same), int(opposite)


@numba.njit(cache=True, nogil=True)
def count_movers(
    up: Words,
    down: Words,
    n_words: int,
    n_columns: int,
    scratch: Words,
    moved_by: Integers,
    unanimous: Integers,
) -> None:
    """Write in how many columns 0 … T rows are not 0, and in how many of those with one sign, (T + 1,) each.

    The number of movers is added up in binary, one word of 32 columns for each of its digits.

    Args:
        up: Columns above zero, (T, most words).
        down: Columns below zero, (T, most words).
        n_words: Words that count.
        n_columns: Columns in them; what lies behind the last is zero in every row.
        scratch: (digits of T + 4, most words).
        moved_by: Written.
        unanimous: Written.
    """
    n_digits = len(scratch) - 4
    digits, any_up, any_down = scratch[:n_digits], scratch[n_digits], scratch[n_digits + 1]
    carry, chosen = scratch[n_digits + 2], scratch[n_digits + 3]
    scratch[:] = _NO
    for t in range(len(up)):
        _note_movers(up[t], down[t], n_words, any_up, any_down, carry)
        for k in range(n_digits):
            _add_digit(digits[k], n_words, carry)
    moved_by[0] = n_columns
    unanimous[0] = 0
    for m in range(1, len(up) + 1):
        chosen[:] = _ALL
        for k in range(n_digits):
            _choose(digits[k], _NO if m >> k & 1 else _ALL, n_words, chosen)
        moved_by[m], unanimous[m] = _count_chosen(chosen, n_words, any_up, any_down)
        moved_by[0] -= moved_by[m]


@numba.njit(cache=True, nogil=True)
def _note_movers(up: Words, down: Words, n_words: int, any_up: Words, any_down: Words, moved: Words) -> None:
    for w in range(np.uint64(n_words)):
        any_up[w] |= up[w]
        any_down[w] |= down[w]
        moved[w] = up[w] | down[w]


@numba.njit(cache=True, nogil=True)
def _add_digit(digit: Words, n_words: int, carry: Words) -> None:
    for w in range(np.uint64(n_words)):
        before = digit[w]
        digit[w] = before ^ carry[w]
        carry[w] &= before


@numba.njit(cache=True, nogil=True)
def _choose(digit: Words, turned: np.uint32, n_words: int, chosen: Words) -> None:
    for w in range(np.uint64(n_words)):
        chosen[w] &= digit[w] ^ turned


@numba.njit(cache=True, nogil=True)
def _count_chosen(chosen: Words, n_words: int, any_up: Words, any_down: Words) -> tuple[int, int]:
    n_chosen = n_one_way = _NO
    for w in range(np.uint64(n_words)):
        n_chosen = np.uint32(n_chosen + n_ones(chosen[w]))
        n_one_way = np.uint32(n_one_way + n_ones(np.uint32(chosen[w] & (any_up[w] ^ any_down[w]))))
    return int(n_chosen), int(n_one_way)
