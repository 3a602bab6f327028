"""Card of LiNeS: what each layer's update is worth."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.figures.heat_map import Cells, heat_map
from app.session.diagnosis import Diagnosis
from app.session.layer_scaling import layer_word
from app.views.lines.layers import layer_recipes, layer_rows, layer_worths, layers_takeaway, worth_cells
from app.views.lines.measured_runs_card import measured_runs
from app.views.lines.scales import as_curve, has_one_ramp
from app.views.lines.settings import LinesSettings
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.look import tab_palette

_MEASURES = ("loss", "accuracy")


def layers_card(diagnosis: Diagnosis, settings: LinesSettings) -> None:
    """Draw what each task loses when one layer's update is left out of this merge."""
    bench, selection = diagnosis.bench, diagnosis.selection
    with card("lines.layers", "What each layer's update is worth in this merge"):
        if not has_one_ramp(settings.profile):
            st.info(
                "Leaving out single layers needs models with residual blocks, and as many of them in every "
                "tower."
            )
            return
        recipes = layer_recipes(settings.recipe, as_curve(settings.factors))
        batch = measured_runs(
            diagnosis,
            "lines.layers",
            recipes,
            what=f"{len(recipes)} merges",
            costs=f"The whole merge and {len(recipes) - 1} without one layer, on "
            f"{diagnosis.sample.in_words}.",
        )
        layers = list(recipes)[1:]
        tasks = [task for task in bench.tasks if task in bench.setup.eval_sets["val"]]
        found = layer_worths(batch.results, tasks)
        if not found:
            st.caption("The chart will show what each task loses when the update of one layer is left out.")
            return
        measure = choice_segments(
            selection, "worth", "Measured by", _MEASURES, default=_MEASURES[0], page="lines"
        )
        cells = worth_cells(found, layers, tasks, measure)
        place = next((one for one in diagnosis.places if one.key == selection.place), None)
        chart(
            "lines.worth",
            heat_map(
                Cells(layers, tasks, cells.values, cells.text, cells.hover, cells.hatched),
                tab_palette(),
                low=-cells.largest,
                high=cells.largest,
                is_diverging=True,
                chosen=(None if place is None else layer_word(place), selection.task),
                unit=cells.unit,
            ),
            takeaway=layers_takeaway(found),
            cannot_say="Blue: the task does better with the layer's update; 'outside' is everything outside "
            f"the blocks. Measured on {diagnosis.sample.in_words}, the same with and without the layer. "
            "Hatched: no significant difference (paired mean for loss, McNemar's test for accuracy, both "
            "corrected by Holm over all cells). One layer is left out at a time: what two do together is "
            "not measured.",
            rows=lambda: layer_rows(found),
            on_click=lambda point: _choose(diagnosis, point),
        )


def _choose(diagnosis: Diagnosis, point: Mapping[str, Any]) -> None:
    selection = diagnosis.selection
    selection.choose_task(point["x"])
    blocks = {layer_word(one): one.key for one in diagnosis.places if one.layer is not None}
    if point["y"] in blocks:
        selection.choose_place(blocks[point["y"]])
