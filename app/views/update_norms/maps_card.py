"""Cards of Update norms: how far layers moved, by task and by component."""

from analysis.weights.norms import Measure
from analysis.weights.statistics import Statistics
from app.session.diagnosis import Diagnosis
from app.views.update_norms.left_out_card import left_out
from app.views.update_norms.norms import layer_by_component, layer_by_task
from app.views.update_norms.norms_card import norm_chart
from app.views.update_norms.takeaways import components_takeaway, norms_takeaway
from app.widgets.chart_card import card
from app.widgets.choice_inputs import choice_segments
from app.words.parts import COMPONENT_NAMES

_MEASURES = {
    Measure.RELATIVE: "relative to θ₀",
    Measure.RMS: "RMS",
    Measure.ABSOLUTE: "absolute",
    Measure.ROW: "against the tasks",
}

_SHORT = COMPONENT_NAMES | {
    "attn_q": "q",
    "attn_k": "k",
    "attn_v": "v",
    "attn_qkv": "qkv",
    "attn_out": "attn out",
    "embedding": "embed.",
    "head": "head",
}

_MEANINGS = {
    Measure.RELATIVE: "√Σ‖τ‖² / √Σ‖θ₀‖² over the weights of a cell.",
    Measure.RMS: "‖τ‖₂ / √n, the move of a typical weight of a cell.",
    Measure.ABSOLUTE: "‖τ‖₂ of a cell: it grows with the number of weights.",
    Measure.ROW: "‖τ‖₂ against the mean of the tasks in the same layer: sizes of layers drop out.",
}


def task_map_card(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """Draw the norms by layer and task, with the choice of measure."""
    selection = diagnosis.selection
    part = "" if selection.component is None else f", {COMPONENT_NAMES[selection.component]}"
    with card("norms.map", f"By layer and task{part}"):
        word = choice_segments(
            selection,
            "measure",
            "Measure",
            list(Measure),
            default=Measure.RELATIVE,
            page="norms",
            format_func=_MEASURES.__getitem__,
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
            takeaway=norms_takeaway(table),
            cannot_say=f"{_MEANINGS[measure]} Bars: all layers of a task, and the root mean square over the "
            "tasks. Size is not effect: a layer that moves little may decide a task. Click a cell to choose "
            "its layer and task.",
        )
        if measure is Measure.RELATIVE:
            left_out(diagnosis, statistics)


def component_map_card(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """Draw the norms by layer and component, of the chosen task or of the average task."""
    selection = diagnosis.selection
    measure = Measure(selection.one_of("measure", list(Measure)) or Measure.RELATIVE)
    table = layer_by_component(statistics, diagnosis.places, measure, task=selection.task)
    who = "average task" if selection.task is None else selection.task
    aside = ""
    if table.measure is not measure:
        aside = " Against the tasks needs a chosen task: these are relative norms."
    elif measure is Measure.RELATIVE:
        aside = " Gains of norms start near 1 and so move little against their base."
    with card("norms.components", f"By layer and component, {who}"):
        norm_chart(
            diagnosis,
            "norms.components",
            table,
            columns=[_SHORT[name] for name in table.columns],
            chosen=None if selection.component is None else _SHORT[selection.component],
            takeaway=components_takeaway(table, selection.task),
            cannot_say=f"{_MEANINGS[table.measure]}{aside} Size is not effect. Click a cell to choose its "
            "layer and component.",
        )
