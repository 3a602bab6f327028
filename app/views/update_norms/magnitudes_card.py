"""Card of Update norms: how far the single weights of the chosen layer move."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analysis.weights.statistics import Statistics
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.views.update_norms.magnitudes import Magnitudes, magnitudes, magnitudes_takeaway
from app.views.update_norms.magnitudes_figure import magnitudes_figure, task_colours
from app.widgets.chart_card import card, chart, colour_key
from app.widgets.chosen_layer import no_weights, where
from app.words.numbers import Rows, count


def magnitudes_card(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """Draw how far the single weights of the chosen layer move, for all tasks."""
    selection, colours = diagnosis.selection, palette(st.context.theme.type)
    found = magnitudes(statistics, place=selection.place, component=selection.component)
    with card("norms.magnitudes", f"How far single weights move, {where(diagnosis)}"):
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
        few = selection.task is None and len(set(hues.values())) == len(hues)
        dotted = (
            f" Dotted: normally distributed moves with the RMS of {selection.task}." if selection.task else ""
        )
        chart(
            "norms.magnitudes",
            magnitudes_figure(
                found.middles.tolist(), by_task, colours, chosen=selection.task, reference=reference
            ),
            takeaway=magnitudes_takeaway(found, where(diagnosis), selection.task),
            cannot_say=f"{count(found.n)} weights a task, in bins of half a power of two; weights that did "
            f"not move are in none.{dotted} A far move of one weight need not change a prediction. Click a "
            "line to choose its task.",
            rows=lambda: _magnitude_rows(found),
            on_click=clicked,
            legend=colour_key(hues) if few else "",
        )


def _magnitude_rows(found: Magnitudes) -> Rows:
    return [
        {"task": task, "from": low, "to": high, "share": share}
        for task, shares in zip(found.tasks, found.shares.tolist(), strict=True)
        for low, high, share in zip(found.edges[:-1].tolist(), found.edges[1:].tolist(), shares, strict=True)
    ]
