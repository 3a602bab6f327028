"""Card: the merged update against every task's own, layer by layer, which needs no images."""

from collections.abc import Mapping
from typing import Any

from app.figures.heat_map import Cells, heat_map
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.merge_lab.geometry import (
    LayerGeometry,
    Seen,
    geometry_hovers,
    geometry_labels,
    geometry_rows,
    geometry_takeaway,
    geometry_texts,
    geometry_values,
    layer_geometry,
)
from app.widgets.ask import ask
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.drawing import Drawing
from app.widgets.job_progress import awaited_progress
from app.widgets.look import tab_palette

_KEY = "merge_lab.geometry"


def geometry_card(lab: Lab, diagnosis: Diagnosis) -> None:
    """Draw the chart of the recipe as it stands; the one before stays until its numbers are there."""
    diagnosis.requests.collect()
    drawing = Drawing(diagnosis.requests)
    with card(_KEY, "The merge against each task's update"):
        answer = ask(
            diagnosis, _KEY, layer_geometry(lab.bench, lab.recipe), label="Comparing the merge with each task"
        )
        drawing.follow(lambda: awaited_progress(diagnosis.requests), stays=False)
        if answer.value is not None:
            _chart(diagnosis, answer.value, is_stale=not answer.is_current)


def _chart(diagnosis: Diagnosis, found: LayerGeometry, *, is_stale: bool) -> None:
    selection = diagnosis.selection
    seen = Seen(
        choice_segments(selection, "geometry", "Shown", list(Seen), default=Seen.COSINE, page="merge_lab")
    )
    values = geometry_values(found, seen)
    largest = max((abs(value) for row in values for value in row if value is not None), default=0.0)
    # Noise is not drawn in full colour.
    high = max(largest, {Seen.COSINE: 0.1, Seen.OPPOSED: 0.5, Seen.LENGTH: 0.1}[seen])
    is_diverging = seen is Seen.COSINE

    def clicked(point: Mapping[str, Any]) -> None:
        selection.choose_task(point["x"])

    chart(
        _KEY,
        heat_map(
            Cells(
                rows=geometry_labels(found),
                columns=found.tasks,
                values=values,
                text=geometry_texts(found, seen),
                hover=geometry_hovers(found),
            ),
            tab_palette(),
            low=-high if is_diverging else 0.0,
            high=high,
            is_diverging=is_diverging,
            chosen=(None, selection.task),
            unit=_UNITS[seen],
            breaks=(0,),
        ),
        takeaway=geometry_takeaway(found),
        cannot_say=_MEANINGS[seen] + " None of it says how accurate the merged model is: that takes images.",
        rows=lambda: geometry_rows(found),
        on_click=clicked,
        is_stale=is_stale,
    )


_UNITS = {Seen.COSINE: "cosine", Seen.OPPOSED: "share of |τ|", Seen.LENGTH: "‖merge‖ / ‖τ‖"}

_MEANINGS = {
    Seen.COSINE: "Cosine of the merged update and a task's own, in each layer: 1 is the same direction, 0 an "
    "unrelated one.",
    Seen.OPPOSED: "Share of a task's update, by magnitude, in weights that the merge moves the other way: "
    "the conflict that is left. An unrelated direction opposes half; of normally distributed weights, one of "
    "cosine ρ opposes (1 − ρ)/2.",
    Seen.LENGTH: "How many times as long as the task's update the merged one is, in each layer.",
}
