"""Cards: one task against the others, and what each layer's update is worth."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.figures.heat_map import Cells, heat_map
from app.figures.palette import palette
from app.figures.trade_offs import TradeOffDot, trade_offs
from app.services.diagnosis import Diagnosis
from app.services.lab import Lab
from app.services.lines_measured import (
    OUTSIDE,
    base_recipe,
    layers_of,
    measured_cell,
    sensitivities,
    sensitivity_takeaway,
    trade_off,
    trade_off_recipe,
    trade_off_takeaway,
    without_layer,
)
from app.widgets.chart_card import card, chart
from app.widgets.filling_controls import filling_controls
from app.widgets.lines_settings import LinesSettings
from app.widgets.navigation import go_to

_ALPHAS = tuple(round(1 - 0.1 * k, 1) for k in range(11))
_CHOSEN = "lines.alpha_chosen"


def trade_off_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw what the task in focus keeps and the others lose, as α goes from 1 to 0."""
    bench, tasks = diagnosis.bench, diagnosis.bench.tasks
    target = diagnosis.choices.task or tasks[0]
    recipes = {alpha: trade_off_recipe(lab.recipe, target, alpha) for alpha in _ALPHAS}
    filling = diagnosis.filling("lines.trade_off")
    filling.plan(
        tuple(one.digest() for one in recipes.values()),
        lambda: [
            measured_cell(bench, "base", base_recipe(lab.recipe)),
            *(measured_cell(bench, alpha, recipe) for alpha, recipe in recipes.items()),
        ],
    )
    with card("lines.trade_off", f"{target} alone: what it gains, what the others forget"):
        filling_controls(
            filling,
            key="lines.trade_off",
            what=f"{len(_ALPHAS)} merges",
            costs="β = 1 − α; all of validation.",
        )
        by_alpha = {alpha: run for alpha, run in filling.results.items() if alpha != "base"}
        points = trade_off(by_alpha, filling.results.get("base"), target)

        def clicked(point: Mapping[str, Any]) -> None:
            st.session_state[_CHOSEN] = float(point["customdata"][0])

        chart(
            "lines.forgetting",
            trade_offs(
                [
                    TradeOffDot(f"α {one.alpha:g}", one.target, one.control, one.is_best, one.alpha)
                    for one in points
                ],
                palette(st.context.theme.type),
                axes=(f"{target}, of its fine-tuned model", "mean of the others, of zero-shot"),
            ),
            takeaway=trade_off_takeaway(points, target),
            cannot_say="Accuracy on all validation images over the fine-tuned model's (across) and over "
            "the base's (up); controls count among the others. Filled points: no other α is better on "
            "both. Points near one another may be equal; choose another task above.",
            rows=lambda: [
                {"alpha": one.alpha, "target": one.target, "control": one.control, "on_front": one.is_best}
                for one in points
            ],
            on_click=clicked,
        )
        chosen = st.session_state.get(_CHOSEN)
        if chosen in recipes and st.button(
            f"Open {target} at α = {chosen:g} in the Merge lab", key="lines.trade_off.open"
        ):
            lab.change(recipes[chosen])
            go_to("Merge lab")


def sensitivity_card(diagnosis: Diagnosis, settings: LinesSettings) -> None:
    """Draw what each task's loss does when one layer's update is left out of this merge."""
    bench, choices, recipe = diagnosis.bench, diagnosis.choices, settings.recipe
    layers = layers_of(settings.factors)
    filling = diagnosis.filling("lines.sensitivity")
    filling.plan(
        recipe.digest(),
        lambda: [
            measured_cell(bench, "", recipe),
            *(
                measured_cell(bench, layer, without_layer(recipe, settings.factors, layer))
                for layer in layers
            ),
        ],
    )
    tasks = [task for task in bench.tasks if task in bench.setup.eval_sets["val"]]
    found = sensitivities(filling.results, tasks)
    cells = {(one.layer, one.task): one for one in found}
    largest = max((abs(one.loss.value) for one in found), default=1.0) or 1.0

    def clicked(point: Mapping[str, Any]) -> None:
        choices.choose_task(point["x"])
        if point["y"] != OUTSIDE:
            place = next((one.key for one in diagnosis.places if one.name == point["y"]), None)
            if place is not None:
                choices.choose_place(place)

    with card("lines.sensitivity", "What each layer's update is worth in this merge"):
        filling_controls(
            filling,
            key="lines.sensitivity",
            what=f"{len(layers)} layers",
            costs="The merge without each layer, on all validation images.",
        )
        chart(
            "lines.layers",
            heat_map(
                Cells(
                    rows=layers,
                    columns=tasks,
                    values=[
                        [cells[key].loss.value if (key := (layer, task)) in cells else None for task in tasks]
                        for layer in layers
                    ],
                    text=[
                        [
                            f"{cells[key].loss.value:+.2f}".replace("-", "−")
                            if (key := (layer, task)) in cells
                            else ""
                            for task in tasks
                        ]
                        for layer in layers
                    ],
                    hatched=[
                        [(key := (layer, task)) in cells and not cells[key].is_clear for task in tasks]
                        for layer in layers
                    ],
                ),
                palette(st.context.theme.type),
                low=-largest,
                high=largest,
                is_diverging=True,
                chosen=(None, choices.task),
                unit="growth of loss, nats",
            ),
            takeaway=sensitivity_takeaway(found),
            cannot_say="Mean loss without the layer less mean loss with it, the same validation images; "
            "blue: the layer helps. Hatched: the 95 % interval holds 0. One layer is left out at a time, "
            "so what two do together is not told.",
            rows=lambda: [
                {
                    "layer": one.layer,
                    "task": one.task,
                    "n": one.n,
                    "loss_change": one.loss.value,
                    "low": one.loss.low,
                    "high": one.loss.high,
                    "accuracy_change": one.accuracy,
                }
                for one in found
            ],
            on_click=clicked,
        )
