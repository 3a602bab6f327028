"""What can be done with the masks: keep them as a file, and merge by their consensus in the lab."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from analysis.merge.registry import merge_method_named
from app.bench.mask_statistics import MaskSettings
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.tall_masks.mask_file import save_masks
from app.views.tall_masks.settings_card import is_separate
from app.widgets.navigation import go_to
from app.work.measurement import Measurement
from app.zoo.typed_path import typed_path

_CONSENSUS = merge_method_named("consensus")
_MIN_TASKS = 2
"""Masks that must keep a weight: the paper's default, which drops catastrophic and selfish ones."""


def mask_actions(diagnosis: Diagnosis, lab: Lab, settings: MaskSettings) -> None:
    """Draw the buttons."""
    with st.popover("Save masks", icon=":material/save:"):
        _save(diagnosis, settings)
    shared = settings.tall_lambda[0]
    fits = not is_separate(diagnosis.selection) and _CONSENSUS.settings["tall_lambda"].accepts(shared)
    if st.button(
        "Use consensus in the lab",
        key="masks.consensus",
        icon=":material/tune:",
        type="primary",
        disabled=not fits,
        help=f"Merge only what at least {_MIN_TASKS} masks keep; weights, scale and scope stay as in the lab"
        if fits
        else "Consensus takes one λ for all tasks, of at most 1.5",
    ):
        params = {"min_tasks": _MIN_TASKS, "tall_lambda": shared, "vector": settings.vector.value}
        lab.change(replace(lab.recipe, method=_CONSENSUS.name, params=_CONSENSUS.parse_params(params)))
        go_to("Merge lab")


def _save(diagnosis: Diagnosis, settings: MaskSettings) -> None:
    request = diagnosis.requests.of("masks.save")
    path = st.text_input(
        "One bit a weight and task, on the machine that runs Tauscope",
        value=str(Path.cwd() / "tall-masks.safetensors"),
        key="masks.path",
    )

    def save() -> None:
        saving = Measurement(
            (path, settings),
            lambda context: save_masks(diagnosis.bench, settings, typed_path(path), context),
        )
        request.want_again(saving, label="Saving the masks")

    st.button(
        "Save",
        key="masks.save",
        icon=":material/save:",
        disabled=request.is_waiting,
        on_click=save,
        width="stretch",
    )
    saved = request.answer
    if request.notice is not None:
        st.error(request.notice, icon=":material/error:")
    elif saved.is_current and saved.settings == (path, settings):
        st.success(f"Saved as {saved.value}", icon=":material/check:")
