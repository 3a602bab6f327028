"""Buttons of TALL masks: save the masks as a file, and merge by their consensus in the lab."""

import streamlit as st

from app.bench.mask_statistics import MaskSettings
from app.bench.save_folder import SaveFolder
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.settings import settings as chosen_settings
from app.views.tall_masks.actions import MIN_TASKS, consensus_recipe, consensus_refusal
from app.views.tall_masks.mask_file import save_masks
from app.views.tall_masks.settings import is_separate
from app.widgets.look import as_shown
from app.widgets.navigation import go_to
from app.widgets.saved_file import saved_file
from app.work.measurement import Measurement


def mask_actions(diagnosis: Diagnosis, lab: Lab, settings: MaskSettings) -> None:
    """Draw the buttons."""
    with st.popover("Save masks", icon=":material/save:"):
        _save(diagnosis, settings)
    refused = consensus_refusal(settings, is_separate=is_separate(diagnosis.selection))
    if st.button(
        "Use consensus in the lab",
        key="masks.consensus",
        icon=":material/tune:",
        type="primary",
        disabled=refused is not None,
        help=refused
        or f"Merge only the weights that at least {MIN_TASKS} masks keep; task weights and scope stay as "
        "they are in the lab, and the scale becomes the usual one for consensus",
    ):
        lab.change(consensus_recipe(lab.recipe, settings))
        go_to("Merge lab")


def _save(diagnosis: Diagnosis, settings: MaskSettings) -> None:
    request = diagnosis.requests.of("masks.save")
    folder = SaveFolder(chosen_settings().save_to)
    name = st.text_input(
        "New file on the machine that runs Tauscope; one bit per weight and task",
        value="tall-masks.safetensors",
        key="masks.path",
        help=as_shown(folder.rule),
    )

    def save() -> None:
        saving = Measurement(
            (name, settings),
            lambda context: save_masks(diagnosis.bench, settings, folder.new_file(name), context),
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
        st.error(as_shown(request.notice), icon=":material/error:")
    elif saved.is_current and saved.settings == (name, settings) and saved.value is not None:
        saved_file(saved.value, key="masks.download")
