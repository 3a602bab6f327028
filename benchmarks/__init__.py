"""Ratios to the memory's own speed, both sides measured in turns in one process."""

import app  # noqa: F401 - before torch and numba: sets how they wait and where they keep what they compile
