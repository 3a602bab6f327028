"""Card of TALL masks: the largest combinations of masks that keep the same weights."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.views.tall_masks.combinations import (
    combination_rows,
    combinations,
    combinations_takeaway,
    refusal,
    rest_note,
)
from app.views.tall_masks.combinations_figure import Column, combinations_figure
from app.views.tall_masks.count_colours import count_colours
from app.views.tall_masks.shown import Shown, of_part
from app.widgets.chart_card import card, chart
from app.widgets.look import as_shown, tab_palette


def combinations_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw the combinations as bars over a matrix of the masks that are in."""
    sums, nulls = shown.part(diagnosis.selection)
    tasks, colours = shown.tasks, tab_palette()
    with card("masks.combinations", f"Largest combinations of masks{of_part(diagnosis)}"):
        refused = refusal(len(tasks))
        if refused is not None:
            st.info(as_shown(refused), icon=":material/info:")
            return
        found, shades = combinations(sums, nulls, tasks), count_colours(len(tasks), colours)
        columns = [
            Column(
                [tasks.index(task) for task in one.tasks],
                one.share,
                shades[len(one.tasks)],
                None if one.by_chance is None else one.by_chance.mean,
                0.0 if one.by_chance is None else one.by_chance.spread,
                one.hover,
            )
            for one in found.shown
        ]

        def clicked(point: Mapping[str, Any]) -> None:
            task = _clicked_task(point)
            if task in tasks:
                diagnosis.selection.choose_task(task)

        chart(
            "masks.combinations",
            combinations_figure(tasks, found.kept, columns, colours, chosen=diagnosis.selection.task),
            takeaway=combinations_takeaway(found),
            cannot_say="Each column: the weights that exactly the masks with a coloured dot keep. "
            f"{rest_note(found)} Black marks: random signs. Bars on the left: all weights that a mask keeps. "
            "Tasks whose masks keep the same weight may change it in opposite directions.",
            rows=lambda: combination_rows(found),
            on_click=clicked,
            is_stale=shown.is_stale,
        )


def _clicked_task(point: Mapping[str, Any]) -> str | None:
    """The task of a dot or a bar, which Plotly gives alone or in a list; None for other marks."""
    data = point.get("customdata")
    return data if isinstance(data, str) else data[0] if data else None
