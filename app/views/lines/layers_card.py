"""Card of LiNeS: what each layer's update is worth."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.figures.heat_map import Cells, heat_map
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.session.layer_scaling import layer_word
from app.views.lines.layers import (
    LayerWorth,
    is_shown_clear,
    layer_recipes,
    layer_rows,
    layer_worths,
    layers_takeaway,
    shown_value,
)
from app.views.lines.ramp import as_curve, has_one_ramp
from app.views.lines.settings_card import LinesSettings
from app.views.lines.validation_runs import validation_runs
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.words.numbers import points, signed

_MEASURES = ("loss", "accuracy")


def layers_card(diagnosis: Diagnosis, settings: LinesSettings) -> None:
    """Draw what each task loses when one layer's update is left out of this merge."""
    bench, selection = diagnosis.bench, diagnosis.selection
    with card("lines.layers", "What each layer's update is worth in this merge"):
        if not has_one_ramp(settings.profile):
            st.info("Layers are left out by a curve over the blocks, which needs towers of one depth.")
            return
        recipes = layer_recipes(settings.recipe, as_curve(settings.factors))
        batch = diagnosis.requests.batch("lines.layers")
        batch.plan(
            tuple(recipe.digest() for recipe in recipes.values()),
            lambda: validation_runs(bench, recipes),
        )
        batch_controls(
            batch,
            key="lines.layers",
            what=f"the merge and {len(recipes) - 1} without a layer",
            costs="Each is evaluated on all validation images.",
        )
        layers = list(recipes)[1:]
        tasks = [task for task in bench.tasks if task in bench.setup.eval_sets["val"]]
        found = layer_worths(batch.results, tasks)
        if not found:
            st.caption("What happens to each task when a layer's update is left out: not measured yet.")
            return
        measure = choice_segments(
            selection, "worth", "Measured by", _MEASURES, default=_MEASURES[0], page="lines"
        )
        place = next((one for one in diagnosis.places if one.key == selection.place), None)

        def clicked(point: Mapping[str, Any]) -> None:
            selection.choose_task(point["x"])
            blocks = {layer_word(one): one.key for one in diagnosis.places if one.layer is not None}
            if point["y"] in blocks:
                selection.choose_place(blocks[point["y"]])

        largest = max((abs(shown_value(one, measure)) for one in found), default=0.0) or 1.0
        chart(
            "lines.worth",
            heat_map(
                _cells(found, layers, tasks, measure),
                palette(st.context.theme.type),
                low=-largest,
                high=largest,
                is_diverging=True,
                chosen=(None if place is None else layer_word(place), selection.task),
                unit="nats of loss saved" if measure == "loss" else "points of accuracy",
            ),
            takeaway=layers_takeaway(found),
            cannot_say="Blue: the task does better with the layer's update; outside is all that lies "
            "outside the blocks. All validation images, the same with and without. Hatched: no significant "
            "difference (loss: paired mean; accuracy: McNemar; both after Holm over all cells). One layer is "
            "left out at a time: what two do together is open.",
            rows=lambda: layer_rows(found),
            on_click=clicked,
        )


def _cells(found: list[LayerWorth], layers: list[str], tasks: list[str], measure: str) -> Cells:
    cells = {(one.layer, one.task): one for one in found}

    def each(said: Any, missing: Any) -> list[list[Any]]:
        return [
            [said(cells[layer, task]) if (layer, task) in cells else missing for task in tasks]
            for layer in layers
        ]

    digits = 2 if measure == "loss" else 0
    return Cells(
        rows=layers,
        columns=tasks,
        values=each(lambda one: shown_value(one, measure), None),
        text=each(lambda one: signed(shown_value(one, measure), digits), ""),
        hover=each(_said, "not measured"),
        hatched=each(lambda one: not is_shown_clear(one, measure), False),
    )


def _said(one: LayerWorth) -> str:
    return (
        f"{one.task} without {one.layer}: loss {signed(one.loss.value, 3)} nats "
        f"({signed(one.loss.low, 3)} to {signed(one.loss.high, 3)}), accuracy "
        f"{points(-one.accuracy.difference)}, n = {one.accuracy.n}"
    )
