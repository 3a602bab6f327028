"""What the pages show of the weights, asked of the worker, with its busy, stopped and failed states."""

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

from analysis.masks.counts import MaskCounts
from analysis.weights.statistics import Statistics
from app.bench.weight_statistics import MaskSettings
from app.session.requests import Diagnosis
from app.work.jobs import JobContext
from app.work.request import Asking

T = TypeVar("T")


def ask(
    diagnosis: Diagnosis,
    topic: str,
    settings: Hashable,
    work: Callable[[JobContext], T],
    *,
    label: str,
    known: Callable[[], T | None] = lambda: None,
) -> T | None:
    """The value for these settings, or for the ones before while it is computed; None while there is none.

    Args:
        diagnosis: Whose request.
        topic: What it is about; pages that use one topic share its value.
        settings: Equal settings have equal values.
        work: Computes the value, on the worker's thread.
        label: What it does, for a person.
        known: Looks the value up where that costs next to nothing.
    """
    asking: Asking[T] = diagnosis.asking(topic)
    asking.want(settings, work, label=label, known=known)
    if asking.notice is not None:
        st.error(asking.notice, icon=":material/error:")
    if asking.is_stopped:
        st.button(
            f"{label}: stopped. Compute again",
            key=f"ask.{topic}.again",
            icon=":material/refresh:",
            on_click=asking.again,
        )
    elif asking.value is None:
        st.skeleton(height=180)
    return asking.value


def ask_statistics(
    diagnosis: Diagnosis, *, density: float | None = None, sign_seed: int | None = None
) -> Statistics | None:
    """Statistics of the weights in scope.

    Args:
        diagnosis: Whose request.
        density: Share of weights each task keeps by trimming; None for all.
        sign_seed: For the null, in which every sign is drawn anew; None for the weights as they are.
    """
    topic = "statistics" + (".trimmed" if density is not None else "")
    measured, scope = diagnosis.bench.diagnostics, diagnosis.scope
    return ask(
        diagnosis,
        topic + (".null" if sign_seed is not None else ""),
        (scope, density, sign_seed),
        lambda context: measured.statistics(scope, context, density=density, sign_seed=sign_seed),
        label="Reading the weights",
        known=lambda: measured.known_statistics(scope, density=density, sign_seed=sign_seed),
    )


def ask_masks(
    diagnosis: Diagnosis, settings: MaskSettings, *, sign_seed: int | None = None
) -> MaskCounts | None:
    """Counts of the TALL masks under these settings, or of their null with signs drawn anew."""
    measured = diagnosis.bench.diagnostics
    return ask(
        diagnosis,
        "masks" + ("" if sign_seed is None else f".null.{sign_seed}"),
        (settings, sign_seed),
        lambda context: measured.masks(settings, context, sign_seed=sign_seed),
        label="Making the masks",
        known=lambda: measured.known_masks(settings, sign_seed=sign_seed),
    )
