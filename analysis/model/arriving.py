"""Weights of a model on their way from its files into one row of the flat matrix.

A file is read in pieces, by several threads; each piece is written where it belongs, turned into an update
and looked at while it is in the processor's cache, so that none of this costs a trip to memory of its own.
"""

from threading import Lock

import numpy as np
from torch import Tensor

from analysis.arrays import Weights
from analysis.errors import AnalysisError
from analysis.model.layout import Layout, chunks

_AT_ONCE = 1 << 18
"""Values written, then looked at: few enough for the cache, so many that threads seldom wait for Python."""


class ArrivingBase:
    """The base's weights as they come from its files."""

    def __init__(self, row: Tensor, layout: Layout) -> None:
        """Begin with nothing.

        Args:
            row: Filled with θ_0, (P,), float32 on the CPU.
            layout: Where each parameter lies.
        """
        self.row = row
        self.layout = layout
        self._values: Weights = row.numpy()
        self._numbers = {parameter.name: number for number, parameter in enumerate(layout.parameters)}
        self._largest = np.zeros(len(layout.parameters), np.float32)
        self._lock = Lock()

    def take(self, name: str, first: int, values: Tensor) -> None:
        """Take some of a parameter's weights; several threads may call at once.

        Args:
            name: The base's name of the parameter.
            first: Number of the first of the values, in the parameter read row by row.
            values: Flat, float32 on the CPU.

        Raises:
            ValueError: The parameter has no room for them.
        """
        number = self._numbers[name]
        parameter = self.layout.parameters[number]
        start = parameter.start + first
        stop = start + values.numel()
        if stop > parameter.stop:
            raise ValueError(f"'{name}' has {parameter.n_weights} weights; {first + values.numel()} came.")
        came = values.numpy()
        for low, high in chunks(start, stop, size=_AT_ONCE):
            self._write(came[low - start : high - start], low, high)
            self._look(number, low, high)

    def moved(self, *, whose: str) -> tuple[bool, ...]:
        """Whether each parameter of the layout got anything but zeros.

        Args:
            whose: To begin a sentence: "Task 'digits'".

        Raises:
            AnalysisError: A value is NaN or infinite.
        """
        for parameter, largest in zip(self.layout.parameters, self._largest, strict=True):
            if not np.isfinite(largest):
                raise AnalysisError(
                    f"{whose}: '{parameter.name}' holds NaN or infinite values; weights must be finite. "
                    "Save the checkpoint again from a run that converged."
                )
        return tuple((self._largest > 0).tolist())

    def _write(self, values: Weights, start: int, stop: int) -> None:
        self._values[start:stop] = values

    def _look(self, number: int, start: int, stop: int) -> None:
        """Note the largest magnitude of some of a parameter's columns; NaN and infinity are kept."""
        written = self._values[start:stop]
        largest = np.maximum(written.max(), -written.min())
        with self._lock:
            self._largest[number] = np.maximum(self._largest[number], largest)


class ArrivingUpdate(ArrivingBase):
    """A task's weights as they come, turned into the update τ = θ_t − θ_0."""

    def __init__(self, row: Tensor, theta_0: Tensor, layout: Layout) -> None:
        """Begin with nothing.

        Args:
            row: Filled with τ, (P,), float32 on the CPU.
            theta_0: Pre-trained weights, (P,).
            layout: Where each parameter lies.
        """
        super().__init__(row, layout)
        self.theta_0 = theta_0
        self._base: Weights = theta_0.numpy()

    def leave(self, name: str) -> None:
        """Leave a parameter as the base has it."""
        self.layout.view(self.row, name).zero_()

    def look(self) -> None:
        """Look at a row that was written without being taken, as an adapter's products are."""
        for number, parameter in enumerate(self.layout.parameters):
            for low, high in chunks(parameter.start, parameter.stop, size=_AT_ONCE):
                self._look(number, low, high)

    def _write(self, values: Weights, start: int, stop: int) -> None:
        with np.errstate(over="ignore"):  # what is infinite is refused by name, in `moved`
            np.subtract(values, self._base[start:stop], out=self._values[start:stop])
