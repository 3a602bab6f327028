"""Card of Update norms: norms by layer and component, of one task or of the average task."""

from analysis.weights.norms import Measure
from analysis.weights.statistics import Statistics
from app.session.diagnosis import Diagnosis
from app.views.update_norms.by_component import SHORT_NAMES, by_component_limits, by_component_takeaway
from app.views.update_norms.norm_table_card import norm_chart
from app.views.update_norms.norms import layer_by_component
from app.widgets.chart_card import card


def by_component_card(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """Draw the norms by layer and component, in the measure chosen beside it."""
    selection = diagnosis.selection
    measure = Measure(selection.one_of("measure", list(Measure)) or Measure.RELATIVE)
    table = layer_by_component(statistics, diagnosis.places, measure, task=selection.task)
    whose = "average task" if selection.task is None else f"'{selection.task}'"
    with card("norms.components", f"Norms by layer and component, {whose}"):
        norm_chart(
            diagnosis,
            "norms.components",
            table,
            columns=[SHORT_NAMES[name] for name in table.columns],
            chosen=None if selection.component is None else SHORT_NAMES[selection.component],
            takeaway=by_component_takeaway(table, selection.task),
            cannot_say=by_component_limits(table, measure),
        )
