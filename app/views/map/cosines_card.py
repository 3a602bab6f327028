"""Card with the cosine of every two tasks, and the way into the lab with two of them."""

from collections.abc import Mapping
from typing import Any

from analysis.weights.statistics import Statistics
from app.figures.heat_map import Cells, heat_map
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.recipe_edits import only_pair
from app.views.map.cosines import (
    cosine_hovers,
    cosine_rows,
    cosine_texts,
    cosine_values,
    cosines_takeaway,
    largest_cosine,
)
from app.views.map.tasks import task_map_within
from app.widgets.chart_card import card, chart
from app.widgets.chosen_layer import where
from app.widgets.look import tab_palette
from app.widgets.pair_to_lab import pair_to_lab
from app.words.numbers import count


def cosines_card(diagnosis: Diagnosis, statistics: Statistics, lab: Lab) -> None:
    """Draw the matrix, and with a chosen pair the button that opens the lab with it."""
    selection = diagnosis.selection
    found = task_map_within(statistics, place=selection.place, component=selection.component)
    largest = largest_cosine(found)

    def clicked(point: Mapping[str, Any]) -> None:
        selection.choose_pair(point["x"], point["y"])

    with card("map.cosines", f"Cosine of the tasks' updates, {where(diagnosis)}"):
        if selection.pair is not None:
            pair_to_lab("map.to_lab", lab, only_pair(lab.recipe, selection.pair))
        chart(
            "map.cosines",
            heat_map(
                Cells(
                    rows=found.tasks,
                    columns=found.tasks,
                    values=cosine_values(found),
                    text=cosine_texts(found),
                    hover=cosine_hovers(found),
                ),
                tab_palette(),
                low=-largest,
                high=largest,
                is_diverging=True,
                chosen=selection.pair or (None, None),
                is_square=True,
                unit="cosine",
                height=380,
            ),
            takeaway=cosines_takeaway(found),
            cannot_say=f"With random signs, all cosines of {count(found.n)} weights would lie within "
            f"±{found.widest_chance:.2g} in 95 of 100 draws. A cosine does not show what merging "
            "costs in accuracy: Measured interference does. Click a cell to choose the pair.",
            rows=lambda: cosine_rows(found),
            on_click=clicked,
        )
