"""Card of Update norms: the directions in which a task changed one weight matrix."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.views.update_norms.spectrum import spectrum_of, spectrum_rows, spectrum_takeaway
from app.views.update_norms.spectrum_figure import spectrum_figure
from app.views.update_norms.tensors import MovedTensor, tensor_phrase
from app.widgets.ask import ask
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette
from app.words.numbers import count


def spectrum_card(diagnosis: Diagnosis, task: str, tensor: MovedTensor) -> None:
    """Draw the singular values of one task's update of one tensor, beside its magnitudes with random signs.

    Args:
        diagnosis: Asks the worker.
        task: Whose update.
        tensor: A matrix; for a vector the card explains why there is no spectrum.
    """
    name, shape = tensor_phrase(tensor.segment, diagnosis.places), tensor.matrix
    with card("norms.spectrum", f"Directions of the update, '{task}', {name}"):
        if shape is None:
            st.info(
                f"No spectrum: {name} is a vector, which has a single direction. Choose a matrix in the "
                "table above.",
                icon=":material/linear_scale:",
            )
            return
        vectors = diagnosis.bench.zoo.task_vectors
        answer = ask(
            diagnosis,
            "norms.spectrum",
            spectrum_of(vectors, task, tensor.segment, name=name, shape=shape),
            label="Decomposing the matrix",
        )
        found = answer.value
        if found is None:
            return
        chart(
            "norms.spectrum",
            spectrum_figure(
                found.values.tolist(),
                found.null.tolist(),
                tab_palette(),
                rank=found.effective_rank,
                null_rank=found.null_effective_rank,
            ),
            takeaway=spectrum_takeaway(found),
            cannot_say=f"Singular values of the {count(found.shape[0])} × {count(found.shape[1])} update; "
            "line: those of the same magnitudes with random signs (one draw). Effective rank: exponential of "
            f"the entropy of σ/Σσ. Stable rank ‖τ‖²/σ₁²: {found.stable_rank:.1f}, with random signs "
            f"{found.null_stable_rank:.1f}. A low rank describes an update's shape, not its importance.",
            rows=lambda: spectrum_rows(found),
            is_stale=not answer.is_current,
        )
