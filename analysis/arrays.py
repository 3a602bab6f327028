"""Names of the arrays that numbers travel in, one per type of number."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
"""Sums, shares, norms: whatever is computed from weights."""

Weights = NDArray[np.float32]
"""Weights and updates, as checkpoints hold them."""

Integers = NDArray[np.int64]
"""Counts and indices."""

Flags = NDArray[np.bool_]
"""Yes or no, one per image, weight or setting."""

Bits = NDArray[np.int32]
"""The bits that spell float32 numbers; without the sign they have the order of the magnitudes."""

Codes = NDArray[np.int32]
"""Masks of one weight as bits, bit t for task t."""

Words = NDArray[np.uint32]
"""One bit per column, 32 columns a word."""

Bytes = NDArray[np.uint8]
"""Small counts and bins, 0 … 255."""
