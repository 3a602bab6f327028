"""Progress of the measurements that fill a chart, and the button that starts, stops or resumes them."""

from typing import Any

import streamlit as st

from app.session.at_work import in_turns_with
from app.session.sample import Sample
from app.widgets.drawn_input import by_hand
from app.widgets.look import as_shown
from app.words.durations import about
from app.work.batch import Batch


def batch_controls(
    batch: Batch[Any, Any], *, key: str, what: str, costs: str = "", sample: Sample | None = None
) -> None:
    """Draw how far the measurements are, and the button that starts, stops or resumes them.

    Args:
        batch: With its plan made.
        key: Beginning of the button's key.
        what: What is measured, such as "28 pairs".
        costs: What they take, shown before they are started.
        sample: The choice between all images and a quick sample, where the plan follows it.
    """
    done, total = batch.n_known, len(batch.names)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}.controls"):
        if batch.is_running:
            st.button("Stop", key=f"{key}.stop", icon=":material/stop_circle:", on_click=batch.stop)
            st.progress(done / max(total, 1), text=as_shown(_how_far(batch, done, total)))
        elif batch.is_full:
            st.caption(f":material/check: {as_shown(what)}, all measured")
        elif batch.is_recalling:
            st.caption(":material/search: Looking up what was measured before …")
        else:
            st.button(
                as_shown(_offer(batch, what, done, total)),
                key=f"{key}.start",
                type="primary",
                icon=":material/play_arrow:",
                on_click=batch.start,
                args=(f"Measuring {what}",),
            )
            st.caption(as_shown(f"{done} of {total} measured" if done else f"Not measured yet. {costs}"))
        if sample is not None and len(sample.sizes) > 1 and not batch.is_running:
            _sample_input(sample, key)
    if batch.notice is not None:
        st.error(as_shown(batch.notice), icon=":material/error:")


def _offer(batch: Batch[Any, Any], what: str, done: int, total: int) -> str:
    """What a press of the button measures, and how long that takes on this machine."""
    verb = f"Resume, {total - done} left" if done else f"Measure {what}"
    return verb if batch.seconds is None else f"{verb}, {about(batch.seconds)}"


def _how_far(batch: Batch[Any, Any], done: int, total: int) -> str:
    left = None if batch.job is None else batch.job.seconds_left
    parts = [
        f"{done} of {total} measured",
        "" if left is None else f"{about(left)} left",
        in_turns_with(batch.beside),
    ]
    return " · ".join(part for part in parts if part)


def _sample_input(sample: Sample, key: str) -> None:
    """Choose between all images and a quick sample; one choice holds for all charts of the tab."""
    sizes = {"all images" if n is None else f"{n}, quick": n for n in sample.sizes}
    now = next(name for name, n in sizes.items() if n == sample.n_images)
    widget = f"{key}.images.{sample.n_images or 'all'}"

    def chosen(name: str) -> None:
        sample.choose(sizes[name])

    st.segmented_control(
        "Validation images per task",
        list(sizes),
        default=now,
        key=widget,
        on_change=by_hand(f"{key}.images", widget, now, chosen),
        required=True,
        label_visibility="collapsed",
    )
