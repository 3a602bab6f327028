"""What decides the masks: the multi-task vector, and λ for all tasks or for each."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from analysis.masks.multi_task_vector import Vector
from app.bench.mask_statistics import MaskSettings
from app.session.diagnosis import Diagnosis
from app.session.selection import Selection
from app.widgets.choice_inputs import choice_segments

PAGE = "masks"
TALL, VECTOR = "tall", "vector"
DEFAULT = 0.4

_SLIDES_TO = 1.5
_MOST = 1000.0
"""Largest λ that can be typed; far beyond it nothing is kept."""

_VECTORS = {Vector.SUM: "Sum", Vector.TIES: "TIES"}


def mask_settings(diagnosis: Diagnosis) -> MaskSettings:
    """What is chosen, without drawing anything."""
    selection = diagnosis.selection
    shared = _number(selection, TALL, DEFAULT)
    return MaskSettings(
        diagnosis.scope,
        Vector(selection.one_of(VECTOR, list(Vector)) or Vector.SUM),
        tuple(_number(selection, _word(task), shared) for task in selection.tasks),
    )


def settings_inputs(diagnosis: Diagnosis) -> Any:
    """Draw the inputs; what is drawn inside the returned container stands to their right."""
    selection = diagnosis.selection
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key=f"{PAGE}.settings"):
        choice_segments(
            selection,
            VECTOR,
            "Multi-task vector",
            list(Vector),
            default=Vector.SUM,
            page=PAGE,
            format_func=lambda word: _VECTORS[Vector(word)],
            width="content",
            help="What the masks keep parts of: the sum of all task vectors, or TIES at density 0.2 with the "
            "sum of the agreeing updates, as the authors build it",
        )
        if is_separate(selection):
            st.caption("λ of each task, below", width=300)
        else:
            _shared(selection)
        _toggle(selection)
        right = st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom")
    if is_separate(selection):
        _separate(selection, mask_settings(diagnosis).tall_lambda)
    return right


def is_separate(selection: Selection) -> bool:
    """Whether any task has a λ of its own."""
    return any(_word(task) in selection.words for task in selection.tasks)


def use_lambdas(selection: Selection, tall_lambda: dict[str, float]) -> None:
    """Give tasks λ of their own."""
    selection.take({_word(task): f"{value:g}" for task, value in tall_lambda.items()})


def _shared(selection: Selection) -> None:
    value = _number(selection, TALL, DEFAULT)
    slider = f"{PAGE}.{TALL}.{selection.revision}"
    st.slider(
        "λ shared by all tasks",
        0.0,
        _SLIDES_TO,
        min(value, _SLIDES_TO),
        0.05,
        key=slider,
        width=300,
        on_change=_moved(selection, slider),
        help="A mask keeps a weight when its task moved it more than λ times what the other tasks add",
    )
    # Named after the value: when the slider moves, this input begins anew with what it says.
    typed = f"{PAGE}.{TALL}.typed.{value:g}.{selection.revision}"
    st.number_input(
        "or typed",
        0.0,
        _MOST,
        value,
        0.05,
        format="%g",
        key=typed,
        width=120,
        on_change=_typed(selection, typed, TALL),
    )


def _toggle(selection: Selection) -> None:
    key = f"{PAGE}.separate.{selection.revision}"

    def toggled() -> None:
        shared = _number(selection, TALL, DEFAULT)
        if st.session_state[key]:
            use_lambdas(selection, dict.fromkeys(selection.tasks, shared))
        else:
            for task in selection.tasks:
                selection.set(_word(task), None)

    st.toggle("One λ a task", is_separate(selection), key=key, on_change=toggled)


def _separate(selection: Selection, tall_lambda: tuple[float, ...]) -> None:
    with st.container(horizontal=True, key=f"{PAGE}.separate"):
        for task, value in zip(selection.tasks, tall_lambda, strict=True):
            key = f"{PAGE}.{_word(task)}.{selection.revision}"
            st.number_input(
                f"λ {task}",
                0.0,
                _MOST,
                value,
                0.05,
                format="%g",
                key=key,
                width=124,
                on_change=_own(selection, key, _word(task)),
            )


def _moved(selection: Selection, key: str) -> Callable[[], None]:
    def moved() -> None:
        value = st.session_state[key]
        selection.set(TALL, None if value == DEFAULT else f"{value:g}")

    return moved


def _typed(selection: Selection, key: str, name: str) -> Callable[[], None]:
    def typed() -> None:
        selection.take({name: f"{st.session_state[key]:g}"})

    return typed


def _own(selection: Selection, key: str, name: str) -> Callable[[], None]:
    def typed() -> None:
        selection.set(name, f"{st.session_state[key]:g}")

    return typed


def _word(task: str) -> str:
    return f"{TALL}_{task}"


def _number(selection: Selection, name: str, default: float) -> float:
    return selection.number(name, default, low=0.0, high=_MOST)
