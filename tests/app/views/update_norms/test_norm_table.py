import numpy as np
import pytest

from analysis.model.places import Place
from analysis.weights.norms import Measure
from app.session.selection import PLACE
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
from app.views.update_norms.units import Unit

PLACES = (Place("visual", None, "stem"), Place("visual", 0, "0"), Place("visual", 1, "1"))
PERCENT = Unit(100.0, "% of the base norm")


def table(measure=Measure.RELATIVE, *, kind="component", columns=("attn_q", "norm")):
    values = np.array([[0.01, np.nan], [0.02, 0.03], [0.04, -0.05]])
    return NormTable(
        rows=PLACES,
        kind=kind,
        columns=columns,
        values=values,
        by_row=np.array([0.01, 0.2, 0.3]),
        by_column=np.array([0.07, 0.06]),
        n=(4, 5, 6),
        is_there=np.ones(values.shape, dtype=bool),
        measure=measure,
    )


def test_largest_norm_counts_the_rows_only_where_they_are_drawn():
    assert table().largest == 0.3
    assert table(Measure.ROW).largest == 0.07


def test_only_row_normalised_norms_lie_on_both_sides_of_0():
    assert [table(measure).is_diverging for measure in Measure] == [
        measure is Measure.ROW for measure in Measure
    ]


def test_missing_norms_are_empty_in_cells_and_a_dash_on_bars():
    norms = np.array([0.01, np.nan])

    assert norm_numbers(PERCENT, norms) == [pytest.approx(1.0), None]
    assert norm_texts(PERCENT, norms) == ["1.0", "–"]
    assert cell_texts(table(), PERCENT)[0] == ["1.0", ""]


def test_hover_has_the_layer_the_columns_full_name_and_the_norm():
    assert hover_texts(table(), PERCENT)[:2] == [
        ["stem, attention q: 1.0 (% of the base norm)", "stem, norms: no norm"],
        ["block 0, attention q: 2.0 (% of the base norm)", "block 0, norms: 3.0 (% of the base norm)"],
    ]
    by_task = hover_texts(table(kind="task", columns=("digits", "norm")), PERCENT)
    assert by_task[1] == [
        "block 0, digits: 2.0 (% of the base norm)",
        "block 0, norm: 3.0 (% of the base norm)",
    ]


def test_breaks_lie_where_blocks_begin_and_where_towers_change():
    towers = [Place("text", 0, "0"), Place("visual", 0, "0"), Place("visual", None, "proj")]

    assert block_breaks(PLACES) == [0]
    assert block_breaks(towers) == [0, 1]


def test_table_has_a_row_per_cell_and_nothing_where_there_is_no_norm():
    rows = norm_rows(table())

    assert rows[0] == {"tower": "visual", "layer": "stem", "component": "attn_q", "relative": 0.01, "n": 4}
    assert rows[1]["relative"] is None
    assert len(rows) == 6


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ("q", "0", {PLACE: "visual:0", "component": "attn_q"}),
        (3.5, "1", {PLACE: "visual:1"}),
        ("norms", 2.0, {"component": "norm"}),
    ],
)
def test_click_chooses_the_layer_and_the_column_it_lies_on(x, y, words):
    assert chosen_words(table(), ["q", "norms"], {"x": x, "y": y}) == words
