"""Values that pages ask the worker for; a value that is stopped, failed or on its way is shown as such."""

from collections.abc import Hashable
from typing import TypeVar

import streamlit as st

from analysis.masks.counts import MaskCounts
from analysis.weights.statistics import Statistics
from app.bench.mask_statistics import MaskSettings
from app.bench.weight_statistics import StatisticsSettings
from app.session.diagnosis import Diagnosis
from app.words.markdown import unformatted
from app.work.measurement import Measurement
from app.work.request import Answer, Request

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def ask(
    diagnosis: Diagnosis, topic: str, measurement: Measurement[K, V], *, label: str, has_room: bool = True
) -> Answer[K, V]:
    """The value of a measurement, or of the one asked for before while it is computed.

    Args:
        diagnosis: Whose request.
        topic: What it is about; pages that use one topic share its value.
        measurement: What is asked for.
        label: Its name on screen.
        has_room: Whether a placeholder is drawn while the value is on its way.
    """
    request: Request[K, V] = diagnosis.requests.of(topic)
    answer = request.want(measurement, label=label)
    if request.notice is not None:
        st.error(unformatted(request.notice), icon=":material/error:")
    if request.is_stopped:
        st.button(
            f"{unformatted(label)}: stopped. Compute again",
            key=f"ask.{topic}.again",
            icon=":material/refresh:",
            on_click=request.again,
        )
    elif answer.value is None and has_room:
        st.skeleton(height=180)
    return answer


def ask_statistics(
    diagnosis: Diagnosis, *, density: float | None = None, sign_seed: int | None = None
) -> Answer[StatisticsSettings, Statistics]:
    """Statistics of the weights in scope.

    Args:
        diagnosis: Whose request.
        density: Share of weights each task keeps by trimming; None for all.
        sign_seed: For the null, in which every sign is random; None for the weights as they are.
    """
    trimmed = "" if density is None else ".trimmed"
    null = "" if sign_seed is None else ".null"
    return ask(
        diagnosis,
        f"statistics{trimmed}{null}",
        diagnosis.bench.weights.statistics(StatisticsSettings(diagnosis.scope, density, sign_seed)),
        label="Reading the weights",
    )


def ask_masks(diagnosis: Diagnosis, settings: MaskSettings) -> Answer[MaskSettings, MaskCounts]:
    """Counts of the TALL masks under these settings."""
    return ask(diagnosis, "masks", diagnosis.bench.masks.counts(settings), label="Making the masks")
