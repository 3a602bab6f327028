"""The page's answer in three numbers: weights one mask alone keeps, weights none keeps, tasks rebuilt."""

import re

import streamlit as st

from analysis.evaluation.bootstrap import Estimate
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.counts import COUNTS_TITLE, KeptBy, kept_by
from app.views.tall_masks.rebuilt import REBUILT_TITLE, Rebuilt
from app.views.tall_masks.shown import Shown, of_part
from app.widgets.look import as_shown
from app.words.numbers import percent


def answers_strip(diagnosis: Diagnosis, shown: Shown, rebuilt: Rebuilt) -> None:
    """Draw the numbers, each beside what it is compared with."""
    rows, where = kept_by(*shown.part(diagnosis.selection)), of_part(diagnosis)
    mean = rebuilt.mean
    with st.container(horizontal=True, key="masks.answers"):
        for row, label in (
            (rows[1], "Selfish: one mask alone keeps them"),
            (rows[0], "Catastrophic: no mask keeps them"),
        ):
            _number(f"{label}{where}", f"{COUNTS_TITLE}{where}", percent(row.share), _by_chance(row))
        if mean is None:
            _number("Rebuilt from their masks", REBUILT_TITLE, "not measured", None)
        else:
            share = percent(mean.value)
            _number("Rebuilt from their masks, of fine-tuned", REBUILT_TITLE, share, _sample(mean, rebuilt))


def _number(label: str, card_title: str, value: str, beside: str | None) -> None:
    """One number, whose label leads to the card that shows where it comes from."""
    linked = f"[{as_shown(label)}](#{_anchor(card_title)})"
    st.metric(linked, value, beside, delta_color="off", delta_arrow="off", border=True)


def _anchor(title: str) -> str:
    """The address that Streamlit gives a heading.

    >>> _anchor("Measured: each task rebuilt from its mask")
    'measured-each-task-rebuilt-from-its-mask'
    """
    return "-".join(re.findall(r"\w+", title.lower()))


def _by_chance(row: KeptBy) -> str | None:
    return None if row.by_chance is None else f"{percent(row.by_chance.mean)} with random signs"


def _sample(mean: Estimate, rebuilt: Rebuilt) -> str:
    n, of = len(rebuilt.found), len(rebuilt.tasks)
    tasks = f"{of} tasks" if n == of else f"{n} of {of} tasks"
    return f"{percent(mean.low)} to {percent(mean.high)}, mean of {tasks}"
