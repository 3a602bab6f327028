"""A table of norms by layer and column, and how it is drawn: numbers in cells, hover texts, gaps and rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Numbers
from analysis.model.places import Place
from analysis.weights.norms import Measure
from app.session.selection import PLACE
from app.views.update_norms.units import Unit
from app.words.numbers import Rows
from app.words.parts import COMPONENT_NAMES, place_name, row_labels


@dataclass(frozen=True, eq=False, slots=True)
class NormTable:
    """Norms of updates by layer and column; NaN where there is none."""

    rows: tuple[Place, ...]
    """Layers, in network order."""
    kind: Literal["task", "component"]
    """What the columns are."""
    columns: tuple[str, ...]
    """Tasks, in the zoo's order, or components, in the order a block applies them."""
    values: Numbers
    """(rows, columns), in the measure's unit."""
    by_row: Numbers
    """(rows,): of the average task, or of all components."""
    by_column: Numbers
    """(columns,), over all rows together."""
    n: tuple[int, ...]
    """Weights that each row counts."""
    is_there: NDArray[np.bool_]
    """Whether a cell has weights at all, counted or not, (rows, columns)."""
    measure: Measure
    """Of values and by_column; by_row is relative where values are row-normalised."""

    @property
    def is_diverging(self) -> bool:
        """Whether values are differences from a mean, so that rows have no norm of their own."""
        return self.measure is Measure.ROW

    @property
    def largest(self) -> float:
        """The largest norm that is drawn; 0 without any."""
        known = [*self.values.ravel(), *self.by_column, *([] if self.is_diverging else self.by_row)]
        return max((abs(float(norm)) for norm in known if np.isfinite(norm)), default=0.0)


def of_all(measure: Measure) -> Measure:
    """The measure for the average task, which cannot be compared with the mean of the tasks."""
    return Measure.RELATIVE if measure is Measure.ROW else measure


def norm_numbers(unit: Unit, norms: Numbers) -> list[float | None]:
    """Norms in their unit; None where there is none."""
    return [None if np.isnan(norm) else unit.factor * float(norm) for norm in norms]


def norm_texts(unit: Unit, norms: Numbers) -> list[str]:
    """Norms as bars carry them; a dash where there is none."""
    return [unit.written(float(norm)) for norm in norms]


def cell_texts(table: NormTable, unit: Unit) -> list[list[str]]:
    """Norms as cells carry them; empty where there is none."""
    return [["" if np.isnan(norm) else unit.written(norm) for norm in row] for row in table.values]


def hover_texts(table: NormTable, unit: Unit) -> list[list[str]]:
    """Each cell's layer and column with its norm, (rows, columns)."""
    names = [COMPONENT_NAMES[name] if table.kind == "component" else name for name in table.columns]
    return [
        [
            f"{place_name(place, table.rows)}, {name}: "
            f"{f'{unit.written(norm)} ({unit.title})' if np.isfinite(norm) else 'no norm'}"
            for name, norm in zip(names, row, strict=True)
        ]
        for place, row in zip(table.rows, table.values, strict=True)
    ]


def block_breaks(places: Sequence[Place]) -> list[int]:
    """Rows below which blocks begin or end, or another tower begins."""
    kinds = [(place.tower, place.layer is not None) for place in places]
    return [row for row in range(len(places) - 1) if kinds[row] != kinds[row + 1]]


def norm_rows(table: NormTable) -> Rows:
    """One row per cell."""
    return [
        {
            "tower": place.tower,
            "layer": place.label,
            table.kind: column,
            table.measure.value: None if np.isnan(norm) else float(norm),
            "n": n,
        }
        for place, n, row in zip(table.rows, table.n, table.values, strict=True)
        for column, norm in zip(table.columns, row, strict=True)
    ]


def chosen_words(table: NormTable, columns: Sequence[str], point: Mapping[str, Any]) -> dict[str, str]:
    """Words of the selection that belong to a clicked cell, or to a bar of one row or column.

    Args:
        table: What is drawn.
        columns: What its columns are called.
        point: The row as y and the column as x.
    """
    labels = row_labels(table.rows)
    words: dict[str, str] = {}
    if point["y"] in labels:
        words[PLACE] = table.rows[labels.index(point["y"])].key
    if point["x"] in columns:
        words[table.kind] = table.columns[columns.index(point["x"])]
    return words
