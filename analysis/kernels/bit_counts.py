"""Number of bits that are 1: processors have an instruction for it that numba has no name for."""

from typing import Any

from numba.extending import intrinsic


def _count(context: Any, word: Any) -> Any:
    return word(word), lambda _, builder, signature, values: builder.ctpop(values[0])


n_ones: Any = intrinsic(_count)
"""Of an integer, as wide as it; inside compiled loops only."""
