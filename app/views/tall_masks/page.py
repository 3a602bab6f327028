"""Page: which weights each task needs back from the merged vector, and whether that is so."""

import streamlit as st

from analysis.masks.tall import MOST_TASKS
from app.registry import Page
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.selection import COMPONENT, PAIR, PLACE, TASK
from app.views.tall_masks.actions_card import mask_actions
from app.views.tall_masks.combinations_card import combinations_card, overlap_card
from app.views.tall_masks.counts_card import counts_card, curve_card, densities_card
from app.views.tall_masks.knock_outs_card import knock_outs_card
from app.views.tall_masks.layers_card import components_card, layers_card, owners_card
from app.views.tall_masks.measuring_card import evaluated
from app.views.tall_masks.reconstruction_card import best_lambda_card, reconstruction_card
from app.views.tall_masks.settings_card import mask_settings, settings_inputs
from app.views.tall_masks.shown_card import ask_shown
from app.views.tall_masks.storage_card import storage_card
from app.widgets.diagnose_page import diagnose_page


def render() -> None:
    """Draw the page."""
    diagnose_page(
        "TALL masks",
        "Which weights does each task need back from the merged vector?",
        _body,
        page="masks",
        shows=(TASK, PAIR, PLACE, COMPONENT),
    )


def _body(diagnosis: Diagnosis, lab: Lab) -> None:
    n_tasks = len(diagnosis.bench.tasks)
    if not diagnosis.segments:
        st.info("No task moved any weight of this zoo: there is nothing a mask could keep.")
        return
    if n_tasks > MOST_TASKS:
        st.info(f"Masks of at most {MOST_TASKS} tasks fit together; this zoo has {n_tasks}.")
        return
    settings = mask_settings(diagnosis)
    with settings_inputs(diagnosis):
        mask_actions(diagnosis, lab, settings)
    shown = ask_shown(diagnosis, settings)
    if shown is None:
        return
    with st.container(key="masks-cards"):
        left, right = st.columns([5, 4])
        with left:
            counts_card(diagnosis, shown)
        with right:
            layers_card(diagnosis, shown)
        if evaluated(diagnosis):
            left, right = st.columns(2)
            with left:
                reconstruction_card(diagnosis, settings)
            with right:
                best_lambda_card(diagnosis, settings)
            knock_outs_card(diagnosis, settings)
        else:
            st.info(
                "Rebuilding tasks from their masks and removing weights are measured on images, and this zoo "
                "has no validation set that can be evaluated.",
                icon=":material/info:",
            )
        left, right = st.columns([5, 4])
        with left:
            curve_card(diagnosis, shown)
        with right:
            densities_card(diagnosis, shown)
        left, right = st.columns([5, 4])
        with left:
            combinations_card(diagnosis, shown)
        with right:
            overlap_card(diagnosis, shown)
        left, right = st.columns([5, 4])
        with left:
            components_card(diagnosis, shown)
            storage_card(diagnosis)
        with right:
            owners_card(diagnosis, shown)


PAGE = Page("TALL masks", section="Diagnose", order=30, icon=":material/filter_alt:", render=render)
