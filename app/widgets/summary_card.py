"""The two means, against the pinned run where there is one."""

import streamlit as st

from app.services.lab import Lab
from app.services.runs import compare


def summary_card(lab: Lab) -> None:
    """Draw mean accuracy and normalised mean with their intervals."""
    run = lab.shown
    with st.container(border=True, key="merge_lab.summary_card"):
        left, right = st.columns(2)
        if run is None or run.mean.accuracy is None:
            left.metric("Mean accuracy", "–")
            right.metric("Normalised", "–")
            return
        mean = run.mean
        left.metric("Mean accuracy", _percent(mean.accuracy), help="Mean over tasks; controls do not count")
        right.metric(
            "Normalised",
            _percent(mean.normalized_accuracy),
            help="Mean over tasks of accuracy / accuracy of the task's fine-tuned model on the same images",
        )
        left.caption(_interval(mean.low, mean.high))
        right.caption(_interval(mean.normalized_low, mean.normalized_high))
        if lab.baseline is not None and lab.baseline.run_id != run.run_id:
            difference = compare(run, lab.baseline).mean
            if difference is not None:
                st.markdown(
                    f"**{_signed(difference.value)}** points to the pinned run "
                    f"({_signed(difference.low)} to {_signed(difference.high)})"
                )
        loss = sum(score.loss for score in run.tasks) / len(run.tasks)
        stale = "" if lab.is_measured else " · of the recipe before"
        known = " · known from before" if run.from_history else ""
        st.caption(f"Mean loss {loss:.3f} nats{known}{stale}")


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{100 * low:.1f} to {100 * high:.1f}"


def _signed(value: float) -> str:
    return f"{100 * value:+.1f}".replace("-", "−")
