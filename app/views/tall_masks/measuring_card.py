"""What the measured cards of TALL masks share: who can be evaluated, and typed grids."""

import streamlit as st

from analysis.errors import ParameterRangeError
from app.session.diagnosis import Diagnosis
from app.session.selection import Selection
from app.views.tall_masks.number_list import number_list

FEWEST = 2
"""Images a task needs, so that both halves have one."""


def evaluated(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Tasks that can be measured, in the zoo's order."""
    sets = diagnosis.bench.setup.eval_sets["val"]
    return tuple(task for task in diagnosis.bench.tasks if task in sets and len(sets[task]) >= FEWEST)


def halves_note(diagnosis: Diagnosis) -> str:
    """How validation is split, with the number of images."""
    sets = diagnosis.bench.setup.eval_sets["val"]
    sizes = sorted({len(sets[task]) for task in evaluated(diagnosis)})
    first, last = sizes[0] // 2, sizes[-1] // 2
    n = f"{first}" if first == last else f"{first} to {last}"
    return (
        f"Chosen on one half of validation, {n} images a task, and scored on the other; both halves are "
        "fixed and stratified by class."
    )


def grid_input(
    selection: Selection, name: str, label: str, default: tuple[float, ...], *, low: float
) -> tuple[float, ...] | None:
    """Draw a field for a grid of numbers and return it; None while what stands there is no grid."""
    key = f"masks.{name}.{selection.revision}"
    written = ", ".join(f"{number:g}" for number in default)
    word = selection.words.get(name, written)

    def typed() -> None:
        text = st.session_state[key]
        selection.set(name, None if text == written else text)

    st.text_input(label, word, key=key, width=320, on_change=typed)
    try:
        return number_list(word, what=label, low=low)
    except ParameterRangeError as error:
        st.error(str(error), icon=":material/error:")
        return None
