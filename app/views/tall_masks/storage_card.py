"""Card of TALL masks: the disk space that masks save."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.views.tall_masks.named_bars_figure import NamedBar, named_bars_figure
from app.views.tall_masks.storage import (
    storage_formulas,
    storage_rows,
    storage_takeaway,
    storage_ways,
    zoo_storage,
)
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette
from app.words.numbers import file_size


def storage_card(diagnosis: Diagnosis) -> None:
    """Draw the sizes, with the formula spelled out for the open zoo."""
    vectors = diagnosis.bench.zoo.task_vectors
    n_tuned = sum(segment.n_weights for segment in diagnosis.segments)
    found = zoo_storage(vectors.n_tasks, n_tuned, vectors.layout.n_weights - n_tuned)
    with card("masks.storage", "Disk space that the masks save"):
        chart(
            "masks.storage",
            named_bars_figure(
                [
                    NamedBar(name, bits / 8, file_size(bits / 8), hover=f"{formula} = {numbers} bits")
                    for name, formula, numbers, bits in storage_ways(found)
                ],
                tab_palette(),
                tickformat="",
            ),
            takeaway=storage_takeaway(found),
            cannot_say="Counted as in the paper, in float32: P weights in parameters that some task changed, "
            "F frozen weights, T tasks. One merged model has no masks, so no task can be rebuilt from it.",
            rows=lambda: storage_rows(found),
        )
        st.caption("  \n".join(storage_formulas(found)))
