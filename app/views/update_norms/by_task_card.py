"""Card of Update norms: norms by layer and task, with the choice of measure."""

from analysis.weights.norms import Measure
from analysis.weights.statistics import Statistics
from app.session.diagnosis import Diagnosis
from app.views.update_norms.by_task import by_task_takeaway
from app.views.update_norms.left_out_card import left_out_list
from app.views.update_norms.norm_table_card import norm_chart
from app.views.update_norms.norms import layer_by_task
from app.views.update_norms.units import MEANINGS, MEASURE_NAMES
from app.widgets.chart_card import card
from app.widgets.choice_inputs import choice_segments
from app.words.parts import COMPONENT_NAMES


def by_task_card(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """Draw the norms by layer and task."""
    selection = diagnosis.selection
    part = "" if selection.component is None else f", {COMPONENT_NAMES[selection.component]}"
    with card("norms.map", f"Norms by layer and task{part}"):
        word = choice_segments(
            selection,
            "measure",
            "Norm",
            list(Measure),
            default=Measure.RELATIVE,
            page="norms",
            format_func=MEASURE_NAMES.__getitem__,
            label_visibility="collapsed",
        )
        measure = Measure(word)
        table = layer_by_task(statistics, diagnosis.places, measure, component=selection.component)
        norm_chart(
            diagnosis,
            "norms.map",
            table,
            columns=table.columns,
            chosen=selection.task,
            takeaway=by_task_takeaway(table),
            cannot_say=f"{MEANINGS[measure]} Bars: all layers of a task, and the root mean square over the "
            "tasks. Size is not effect: a layer with a small update may decide a task. Click a cell to "
            "choose its layer and task.",
        )
        if measure is Measure.RELATIVE:
            left_out_list(diagnosis, statistics)
