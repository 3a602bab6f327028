"""A table of norms as a heat map with its profiles, inside a card."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from analysis.arrays import Numbers
from analysis.model.places import Place
from analysis.weights.norms import Measure
from app.figures.heat_map import Cells
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.session.selection import PLACE, Selection
from app.views.update_norms.norms import NormTable
from app.views.update_norms.norms_figure import Profile, norms_figure
from app.views.update_norms.units import Unit, unit_of
from app.widgets.chart_card import chart
from app.words.numbers import Rows
from app.words.parts import COMPONENT_NAMES, place_name, row_labels


def norm_chart(
    diagnosis: Diagnosis,
    key: str,
    table: NormTable,
    *,
    columns: Sequence[str],
    chosen: str | None,
    takeaway: str,
    cannot_say: str,
) -> None:
    """Draw a table of norms inside a card; a click chooses what it belongs to.

    Args:
        diagnosis: Whose selection.
        key: Unique on the page.
        table: What is drawn.
        columns: What its columns are called.
        chosen: Column that is framed.
        takeaway: One sentence.
        cannot_say: What the heat map must not be read as.
    """
    is_diverging = table.measure is Measure.ROW
    known = [*table.values.ravel(), *table.by_column, *([] if is_diverging else table.by_row)]
    largest = max((abs(norm) for norm in known if np.isfinite(norm)), default=0.0)
    unit, labels = unit_of(table.measure, largest), row_labels(table.rows)
    place = next(
        (
            label
            for label, one in zip(labels, table.rows, strict=True)
            if one.key == diagnosis.selection.place
        ),
        None,
    )
    chart(
        key,
        norms_figure(
            Cells(
                rows=labels,
                columns=columns,
                values=[_shown(unit, row) for row in table.values],
                text=[["" if np.isnan(norm) else unit.written(norm) for norm in row] for row in table.values],
                hover=_hover(table, unit),
                hatched=(table.is_there & np.isnan(table.values)).tolist(),
            ),
            palette(st.context.theme.type),
            high=unit.factor * largest or 1.0,
            unit=unit.title,
            by_row=None if is_diverging else _profile(unit, table.by_row),
            by_column=_profile(unit, table.by_column),
            is_diverging=is_diverging,
            chosen=(place, chosen),
            breaks=_breaks(table.rows),
        ),
        takeaway=takeaway,
        cannot_say=cannot_say,
        rows=lambda: _rows(table),
        on_click=partial(_clicked, diagnosis.selection, table, labels, columns),
    )


def _shown(unit: Unit, norms: Numbers) -> list[float | None]:
    return [None if np.isnan(norm) else unit.factor * float(norm) for norm in norms]


def _profile(unit: Unit, norms: Numbers) -> Profile:
    return Profile(_shown(unit, norms), [unit.written(float(norm)) for norm in norms])


def _hover(table: NormTable, unit: Unit) -> list[list[str]]:
    names = [COMPONENT_NAMES[name] if table.kind == "component" else name for name in table.columns]
    return [
        [
            f"{place_name(place, table.rows)}, {name}: {unit.written(norm)} ({unit.title})"
            if np.isfinite(norm)
            else f"{place_name(place, table.rows)}, {name}: no norm"
            for name, norm in zip(names, row, strict=True)
        ]
        for place, row in zip(table.rows, table.values, strict=True)
    ]


def _breaks(rows: Sequence[Place]) -> list[int]:
    """Rows below which blocks begin or end, or another tower begins."""
    kinds = [(place.tower, place.layer is not None) for place in rows]
    return [row for row in range(len(rows) - 1) if kinds[row] != kinds[row + 1]]


def _rows(table: NormTable) -> Rows:
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


def _clicked(
    selection: Selection,
    table: NormTable,
    labels: Sequence[str],
    columns: Sequence[str],
    point: Mapping[str, Any],
) -> None:
    words: dict[str, str] = {}
    if point["y"] in labels:
        words[PLACE] = table.rows[labels.index(point["y"])].key
    if point["x"] in columns:
        words[table.kind] = table.columns[columns.index(point["x"])]
    selection.take(words)
