"""Choice of the merge that the LiNeS page is about."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.lines.profile import layer_profile
from app.views.lines.settings import LAB, LinesSettings, merge_titles, merge_to_scale, settings_of
from app.widgets.ask import ask
from app.widgets.choice_inputs import choice_segments


def lines_settings(diagnosis: Diagnosis, lab: Lab) -> LinesSettings | None:
    """Draw the menu of merges; None until the merge's layers are measured."""
    selection, bench = diagnosis.selection, diagnosis.bench
    titles = merge_titles(lab.recipe)
    word = choice_segments(
        selection,
        "merge",
        "Merge to scale",
        list(titles),
        default=LAB,
        page="lines",
        format_func=titles.__getitem__,
        help="'From the lab' takes the method, weights and scope of the lab's recipe. The others merge every "
        "task with weight 1.",
    )
    merge = merge_to_scale(word, lab.recipe, bench.tasks)
    if not any(merge.weights.values()):
        st.info("The lab's recipe merges nothing: all its weights are 0. Choose another merge above.")
        return None
    answer = ask(
        diagnosis,
        "lines.profile",
        layer_profile(bench, merge),
        label="Merging, then measuring the size of each layer",
    )
    profile = answer.value
    if profile is None or not answer.is_current:
        if profile is not None and diagnosis.requests.of("lines.profile").is_waiting:
            st.skeleton(height=180)
        return None
    return settings_of(selection, merge, profile)
