"""Inputs that decide the masks: the multi-task vector, and λ for all tasks or for each."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from analysis.masks.multi_task_vector import Vector
from app.session.diagnosis import Diagnosis
from app.session.selection import Selection
from app.views.tall_masks.settings import (
    DEFAULT,
    MOST,
    TALL,
    VECTOR,
    is_separate,
    lambda_word,
    mask_settings,
    shared_lambda,
    use_lambdas,
)
from app.widgets.choice_inputs import choice_segments
from app.widgets.drawn_input import by_hand
from app.widgets.look import as_shown

_PAGE = "masks"

_SLIDES_TO = 1.5

_VECTORS = {Vector.SUM: "Sum", Vector.TIES: "TIES"}


def settings_inputs(diagnosis: Diagnosis) -> Any:
    """Draw the inputs; what is drawn inside the returned container stands to their right."""
    selection = diagnosis.selection
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key=f"{_PAGE}.settings"):
        choice_segments(
            selection,
            VECTOR,
            "Multi-task vector",
            list(Vector),
            default=Vector.SUM,
            page=_PAGE,
            format_func=lambda word: _VECTORS[Vector(word)],
            width="content",
            help="The vector τ_M from which the masks keep weights: the sum of all task vectors, or TIES as "
            "the authors build it for masks (density 0.2, sum of the agreeing updates)",
        )
        if is_separate(selection):
            st.caption("Each task has its own λ, below", width=300)
        else:
            _shared(selection)
        _toggle(selection)
        right = st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom")
    if is_separate(selection):
        _separate(selection, mask_settings(diagnosis).tall_lambda)
    return right


def _shared(selection: Selection) -> None:
    value = shared_lambda(selection)
    slider = f"{_PAGE}.{TALL}.{selection.revision}"
    st.slider(
        "λ shared by all tasks",
        0.0,
        _SLIDES_TO,
        min(value, _SLIDES_TO),
        0.05,
        key=slider,
        width=300,
        on_change=by_hand(f"{_PAGE}.{TALL}", slider, min(value, _SLIDES_TO), _slid(selection)),
        help="A task's mask keeps a weight if the task's own update is larger than λ times the rest of the "
        "multi-task vector: |τₜ| > λ · |τ_M − τₜ|",
    )
    # Named after the value: when the slider changes, a new input shows the new value.
    typed = f"{_PAGE}.{TALL}.typed.{value:g}.{selection.revision}"
    st.number_input(
        "or type it",
        0.0,
        MOST,
        value,
        0.05,
        format="%g",
        key=typed,
        width=120,
        on_change=by_hand(f"{_PAGE}.{TALL}.typed", typed, value, _typed(selection)),
    )


def _toggle(selection: Selection) -> None:
    key = f"{_PAGE}.separate.{selection.revision}"

    def toggled(is_on: bool) -> None:
        if is_on:
            use_lambdas(selection, dict.fromkeys(selection.tasks, shared_lambda(selection)))
        else:
            for task in selection.tasks:
                selection.set(lambda_word(task), None)

    is_on = is_separate(selection)
    st.toggle(
        "One λ per task", is_on, key=key, on_change=by_hand(f"{_PAGE}.separate_toggle", key, is_on, toggled)
    )


def _separate(selection: Selection, tall_lambda: tuple[float, ...]) -> None:
    with st.container(horizontal=True, key=f"{_PAGE}.separate"):
        for task, value in zip(selection.tasks, tall_lambda, strict=True):
            key = f"{_PAGE}.{lambda_word(task)}.{selection.revision}"
            st.number_input(
                f"λ {as_shown(task)}",
                0.0,
                MOST,
                value,
                0.05,
                format="%g",
                key=key,
                width=124,
                on_change=by_hand(
                    f"{_PAGE}.{lambda_word(task)}", key, value, _own(selection, lambda_word(task))
                ),
            )


def _slid(selection: Selection) -> Callable[[float], None]:
    def slid(value: float) -> None:
        selection.set(TALL, None if value == DEFAULT else f"{value:g}")

    return slid


def _typed(selection: Selection) -> Callable[[float], None]:
    def typed(value: float) -> None:
        selection.take({TALL: f"{value:g}"})

    return typed


def _own(selection: Selection, name: str) -> Callable[[float], None]:
    def typed(value: float) -> None:
        selection.set(name, f"{value:g}")

    return typed
