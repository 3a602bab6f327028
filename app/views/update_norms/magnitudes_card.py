"""Card of Update norms: how much the single weights of the chosen layer change."""

from collections.abc import Mapping
from typing import Any

from analysis.weights.statistics import Statistics
from app.session.diagnosis import Diagnosis
from app.views.update_norms.magnitudes import magnitude_rows, magnitudes, magnitudes_takeaway
from app.views.update_norms.magnitudes_figure import magnitudes_figure, task_colours
from app.widgets.chart_card import card, chart, colour_key
from app.widgets.chosen_layer import no_weights, where
from app.widgets.look import tab_palette
from app.words.numbers import count


def magnitudes_card(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """Draw how much the single weights of the chosen layer change, for all tasks."""
    selection, colours = diagnosis.selection, tab_palette()
    found = magnitudes(statistics, place=selection.place, component=selection.component)
    with card("norms.magnitudes", f"How much single weights change, {where(diagnosis)}"):
        if found is None:
            no_weights(diagnosis)
            return
        by_task = dict(zip(found.tasks, found.per_doubling(found.shares).tolist(), strict=True))
        reference = (
            None if selection.task is None else found.per_doubling(found.normal(selection.task)).tolist()
        )

        def clicked(point: Mapping[str, Any]) -> None:
            task = point.get("customdata")
            if task in statistics.tasks:
                selection.choose_task(task)

        hues = task_colours(found.tasks, colours, chosen=selection.task)
        key = dict(zip(colours.called(list(hues)), hues.values(), strict=True))
        few = selection.task is None and len(set(hues.values())) == len(hues)
        dotted = (
            f" Dotted: normally distributed updates with the RMS of '{selection.task}'."
            if selection.task
            else ""
        )
        chart(
            "norms.magnitudes",
            magnitudes_figure(
                found.middles.tolist(), by_task, colours, chosen=selection.task, reference=reference
            ),
            takeaway=magnitudes_takeaway(found, where(diagnosis), selection.task),
            cannot_say=f"{count(found.n)} weights per task, in bins of half a power of two; unchanged "
            f"weights are in no bin.{dotted} A large change of one weight need not change a prediction. "
            "Click a curve to choose its task.",
            rows=lambda: magnitude_rows(found),
            on_click=clicked,
            legend=colour_key(key) if few else "",
        )
