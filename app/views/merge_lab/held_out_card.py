"""Card: the score on test, measured only on request."""

import streamlit as st

from app.bench.expectations import anchor_warnings
from app.session.lab import Lab
from app.views.merge_lab.held_out import held_out_comparison, held_out_rows, held_out_sentence
from app.widgets.look import as_shown
from app.words.numbers import percent


def held_out_card(lab: Lab) -> None:
    """Draw the latest score on test, and whether it belongs to the recipe as it is now."""
    measured = lab.testing.answer.value
    if measured is None:
        return
    run = measured.run
    if run.mean.accuracy is None:
        return
    with st.container(border=True, key="merge_lab.test_card"):
        looks = lab.bench.history.test_evaluations
        st.markdown(f"**Test: {percent(run.mean.accuracy, 1)}**")
        low, high = run.mean.low or 0.0, run.mean.high or 0.0
        stale = "" if run.recipe == lab.recipe else " This is the score of an earlier recipe."
        n_images = sum(score.n for score in run.tasks)
        st.caption(
            f"95 % interval {percent(low, 1)} to {percent(high, 1)}, on {n_images} test images. Test "
            f"evaluations so far: {looks}.{stale}"
        )
        pinned = lab.results.baseline
        comparison = None
        if pinned is not None and pinned.recipe != run.recipe:
            known = lab.bench.recall(pinned.recipe, split="test", n_images=None, kind="sweep")
            comparison = None if known is None else held_out_comparison(run, known[0])
            st.caption(held_out_sentence(comparison))
        st.table(held_out_rows(run, comparison))
        if comparison is not None:
            st.caption("\\* significant after correction for the number of tasks (McNemar's test, Holm).")
        for warning in anchor_warnings(lab.bench.zoo.file, measured.anchors, "test"):
            st.warning(as_shown(warning), icon=":material/warning:")
