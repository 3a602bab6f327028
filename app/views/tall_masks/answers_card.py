"""The page's answer in three numbers: weights one mask alone keeps, weights none keeps, tasks rebuilt."""

import streamlit as st

from analysis.evaluation.bootstrap import Estimate
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.counts import KeptBy, kept_by
from app.views.tall_masks.rebuilt import Rebuilt
from app.views.tall_masks.shown import Shown, of_part
from app.widgets.look import as_shown
from app.words.numbers import percent


def answers_strip(diagnosis: Diagnosis, shown: Shown, rebuilt: Rebuilt) -> None:
    """Draw the numbers, each beside what it is compared with."""
    rows, where = kept_by(*shown.part(diagnosis.selection)), of_part(diagnosis)
    mean = rebuilt.mean
    with st.container(horizontal=True, key="masks.answers"):
        _number(f"Selfish: one mask alone keeps them{where}", percent(rows[1].share), _by_chance(rows[1]))
        _number(f"Catastrophic: no mask keeps them{where}", percent(rows[0].share), _by_chance(rows[0]))
        if mean is None:
            _number("Rebuilt from their masks", "not measured", None)
        else:
            _number("Rebuilt from their masks, of fine-tuned", percent(mean.value), _sample(mean, rebuilt))


def _number(label: str, value: str, beside: str | None) -> None:
    st.metric(as_shown(label), value, beside, delta_color="off", delta_arrow="off", border=True)


def _by_chance(row: KeptBy) -> str | None:
    return None if row.by_chance is None else f"{percent(row.by_chance.mean)} with random signs"


def _sample(mean: Estimate, rebuilt: Rebuilt) -> str:
    n, of = len(rebuilt.found), len(rebuilt.tasks)
    tasks = f"{of} tasks" if n == of else f"{n} of {of} tasks"
    return f"{percent(mean.low)} to {percent(mean.high)}, mean of {tasks}"
