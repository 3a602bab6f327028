"""Card: the means, with their intervals, and their difference to the pinned run."""

import streamlit as st

from app.session.lab import Lab
from app.words.numbers import fixed, percent_or_dash, signed


def summary_card(lab: Lab) -> None:
    """Draw mean accuracy, normalised mean, mean loss and the difference to the pinned run in one line."""
    run = lab.results.shown
    if not lab.bench.largest_sample("val"):
        return
    with st.container(border=True, horizontal=True, gap="medium", key="merge_lab.summary_card"):
        if run is None or run.mean.accuracy is None:
            _figure("Mean accuracy", "–", "")
            _figure("Normalised", "–", "")
            return
        mean = run.mean
        _figure(
            "Mean accuracy",
            percent_or_dash(mean.accuracy, 1),
            _interval(mean.low, mean.high),
            help_="Mean over tasks with its 95 % bootstrap interval; controls are not counted",
        )
        _figure(
            "Normalised",
            percent_or_dash(mean.normalized_accuracy, 1),
            _interval(mean.normalized_low, mean.normalized_high),
            help_="Mean over tasks of accuracy / accuracy of the task's fine-tuned model on the same images",
        )
        _against_baseline(lab)
        loss = sum(score.loss for score in run.tasks) / len(run.tasks)
        unit = "nats" if lab.is_measured else "of the previous recipe"
        _figure(
            "Mean loss",
            f"{loss:.3f}",
            unit,
            help_="Mean cross-entropy over tasks. It is more sensitive than accuracy: it changes even when "
            "no prediction does",
        )


def _against_baseline(lab: Lab) -> None:
    comparison = lab.results.comparison()
    difference = None if comparison is None else comparison.mean
    if difference is not None:
        _figure(
            "To the pinned run",
            signed(100 * difference.value, 1),
            f"{signed(100 * difference.low, 1)} to {signed(100 * difference.high, 1)}",
            help_="Points of mean accuracy on the same images, with its paired 95 % bootstrap interval",
        )


def _figure(label: str, value: str, below: str, *, help_: str | None = None) -> None:
    with st.container(width="content", gap=None):
        st.metric(label, value, help=help_, width="content")
        st.caption(below or " ", width="content")


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{fixed(100 * low, 1)} to {fixed(100 * high, 1)}"
