"""Chunks: how columns are shared out among cores."""

import numba

CHUNK = 1 << 16
"""Columns one core takes at a time: large against the cost of taking, small against a model."""


@numba.njit(cache=True, nogil=True)
def n_chunks(n_columns: int) -> int:
    """Chunks that cover the columns; the last may be shorter."""
    return (n_columns + CHUNK - 1) // CHUNK
