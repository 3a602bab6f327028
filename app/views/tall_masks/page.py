"""Page TALL masks: the weights of the multi-task vector that each task needs, and whether they suffice."""

import streamlit as st

from analysis.masks.tall import MOST_TASKS
from app.bench.mask_statistics import MaskSettings
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.selection import COMPONENT, PAIR, PLACE, TASK
from app.views.tall_masks.actions_card import mask_actions
from app.views.tall_masks.answers_card import answers_strip
from app.views.tall_masks.best_lambda_card import best_lambda_card
from app.views.tall_masks.combinations_card import combinations_card
from app.views.tall_masks.components_card import components_card
from app.views.tall_masks.counts_card import counts_card
from app.views.tall_masks.curve_card import curve_card
from app.views.tall_masks.densities_card import densities_card
from app.views.tall_masks.evaluated_tasks import evaluated
from app.views.tall_masks.knock_outs_card import knock_outs_card
from app.views.tall_masks.layers_card import layers_card
from app.views.tall_masks.overlap_card import overlap_card
from app.views.tall_masks.owners_card import owners_card
from app.views.tall_masks.rebuilt import Rebuilt, rebuilt_tasks
from app.views.tall_masks.reconstruction_card import reconstruction_card
from app.views.tall_masks.settings import mask_settings
from app.views.tall_masks.settings_card import settings_inputs
from app.views.tall_masks.shown import Shown
from app.views.tall_masks.shown_card import ask_shown
from app.views.tall_masks.storage_card import storage_card
from app.widgets.diagnose_page import diagnose_page
from app.widgets.section import section


def render() -> None:
    """Draw the page."""
    diagnose_page(
        "TALL masks",
        "Which weights of the merged vector does each task need, and are they enough to rebuild it?",
        _body,
        page="masks",
        shows=(TASK, PAIR, PLACE, COMPONENT),
    )


def _body(diagnosis: Diagnosis, lab: Lab) -> None:
    n_tasks = len(diagnosis.bench.tasks)
    if not diagnosis.segments:
        st.info("No task of this zoo changed any weight, so there is nothing for a mask to keep.")
        return
    if n_tasks > MOST_TASKS:
        st.info(f"Masks are computed for at most {MOST_TASKS} tasks; this zoo has {n_tasks}.")
        return
    settings = mask_settings(diagnosis)
    with settings_inputs(diagnosis):
        mask_actions(diagnosis, lab, settings)
    shown = ask_shown(diagnosis, settings)
    if shown is None:
        return
    selection, rebuilt = diagnosis.selection, rebuilt_tasks(diagnosis, settings)
    answers_strip(diagnosis, shown, rebuilt)
    with st.container(key="masks-cards"):
        for name, title, body in (
            ("count", "Count: how many masks keep a weight", lambda: _count(diagnosis, shown)),
            (
                "rebuild",
                "Rebuild: do the masks give the tasks back?",
                lambda: _rebuild(diagnosis, settings, rebuilt),
            ),
            ("remove", "Remove: which weights does a merge need?", lambda: _remove(diagnosis, settings)),
            ("overlap", "Overlap: which tasks share weights?", lambda: _overlap(diagnosis, shown)),
            ("parts", "Parts: densities, components and storage", lambda: _parts(diagnosis, shown)),
        ):
            section(selection, name, title, body, is_open_at_first=name in ("count", "rebuild"))


def _count(diagnosis: Diagnosis, shown: Shown) -> None:
    left, right = st.columns([5, 4])
    with left:
        counts_card(diagnosis, shown)
    with right:
        layers_card(diagnosis, shown)


def _rebuild(diagnosis: Diagnosis, settings: MaskSettings, rebuilt: Rebuilt) -> None:
    if not evaluated(diagnosis):
        _nothing_to_evaluate()
        return
    left, right = st.columns(2)
    with left:
        reconstruction_card(diagnosis, rebuilt)
    with right:
        best_lambda_card(diagnosis, settings)


def _remove(diagnosis: Diagnosis, settings: MaskSettings) -> None:
    if evaluated(diagnosis):
        knock_outs_card(diagnosis, settings)
    else:
        _nothing_to_evaluate()


def _overlap(diagnosis: Diagnosis, shown: Shown) -> None:
    left, right = st.columns([5, 4])
    with left:
        combinations_card(diagnosis, shown)
    with right:
        overlap_card(diagnosis, shown)


def _parts(diagnosis: Diagnosis, shown: Shown) -> None:
    left, right = st.columns([5, 4])
    with left:
        curve_card(diagnosis, shown)
        components_card(diagnosis, shown)
        storage_card(diagnosis)
    with right:
        densities_card(diagnosis, shown)
        owners_card(diagnosis, shown)


def _nothing_to_evaluate() -> None:
    st.info(
        "This zoo has no validation set that can be evaluated, so tasks rebuilt from their masks and merges "
        "without some weights cannot be measured. The other sections need no images.",
        icon=":material/info:",
    )
