"""A table of norms as a heat map with its profiles, inside a card."""

from collections.abc import Sequence

import numpy as np

from app.figures.heat_map import Cells
from app.session.diagnosis import Diagnosis
from app.views.update_norms.norm_table import (
    NormTable,
    block_breaks,
    cell_texts,
    chosen_words,
    hover_texts,
    norm_numbers,
    norm_rows,
    norm_texts,
)
from app.views.update_norms.norm_table_figure import Profile, norm_table_figure
from app.views.update_norms.units import unit_of
from app.widgets.chart_card import chart
from app.widgets.look import tab_palette
from app.words.parts import row_labels


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
    selection, unit, labels = (
        diagnosis.selection,
        unit_of(table.measure, table.largest),
        row_labels(table.rows),
    )
    by_key = {place.key: label for label, place in zip(labels, table.rows, strict=True)}
    rows = None
    if not table.is_diverging:
        rows = Profile(norm_numbers(unit, table.by_row), norm_texts(unit, table.by_row))
    chart(
        key,
        norm_table_figure(
            Cells(
                rows=labels,
                columns=columns,
                values=[norm_numbers(unit, row) for row in table.values],
                text=cell_texts(table, unit),
                hover=hover_texts(table, unit),
                hatched=(table.is_there & np.isnan(table.values)).tolist(),
            ),
            tab_palette(),
            high=unit.factor * table.largest or 1.0,
            unit=unit.title,
            by_row=rows,
            by_column=Profile(norm_numbers(unit, table.by_column), norm_texts(unit, table.by_column)),
            is_diverging=table.is_diverging,
            chosen=(by_key.get(selection.place or ""), chosen),
            breaks=block_breaks(table.rows),
        ),
        takeaway=takeaway,
        cannot_say=cannot_say,
        rows=lambda: norm_rows(table),
        on_click=lambda point: selection.take(chosen_words(table, columns, point)),
    )
