"""What the recipe scores on test, asked for on purpose."""

import streamlit as st

from app.bench.expectations import unmet_expectations
from app.session.lab import Lab


def held_out_card(lab: Lab) -> None:
    """Draw the latest score on test, and whether it still belongs to the recipe under the hands."""
    measured = lab.testing.answer.value
    if measured is None:
        return
    run = measured.run
    if run.mean.accuracy is None:
        return
    with st.container(border=True, key="merge_lab.test_card"):
        looks = lab.bench.history.test_evaluations
        st.markdown(f"**Test: {100 * run.mean.accuracy:.1f} %**")
        low, high = run.mean.low or 0.0, run.mean.high or 0.0
        stale = "" if run.recipe == lab.recipe else " Of an earlier recipe."
        st.caption(
            f"95 % interval {100 * low:.1f} to {100 * high:.1f}, {sum(score.n for score in run.tasks)} test "
            f"images; {looks} test evaluations so far.{stale}"
        )
        for warning in unmet_expectations(lab.bench.zoo.file, measured.anchors):
            st.warning(warning, icon=":material/warning:")
