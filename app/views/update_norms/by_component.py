"""Norms by layer and component: short names of the columns, and the component that changes most."""

import numpy as np

from analysis.weights.norms import Measure
from app.views.update_norms.norm_table import NormTable
from app.views.update_norms.units import MEANINGS, in_words, number
from app.words.parts import COMPONENT_NAMES

SPREAD = 1.25
"""Ratio of the largest component to the smallest from which one stands out."""

SHORT_NAMES = COMPONENT_NAMES | {
    "attn_q": "q",
    "attn_k": "k",
    "attn_v": "v",
    "attn_qkv": "qkv",
    "attn_out": "attn out",
    "embedding": "embed.",
    "head": "head",
}
"""Names of components as columns."""


def by_component_takeaway(table: NormTable, task: str | None) -> str:
    """The component that changes most, if any stands out."""
    known = {
        COMPONENT_NAMES[name]: float(norm)
        for name, norm in zip(table.columns, table.by_column, strict=True)
        if np.isfinite(norm)
    }
    if not any(known.values()):
        whose = "The average task" if task is None else f"'{task}'"
        return f"{whose} changed nothing here."
    whose = "the average task" if task is None else f"'{task}'"
    first, last = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
    high, low = in_words(table.measure, known[first]), number(table.measure, known[last])
    if table.measure is Measure.ROW:
        low = in_words(table.measure, known[last])
        return (
            f"Compared with the other tasks, {whose} changes {first} most ({high}) and {last} least ({low})."
        )
    if known[first] < SPREAD * known[last]:
        high = in_words(table.measure, known[first], whose="their")
        return f"No component stands out for {whose}: the components change by {low} to {high}."
    return (
        f"For {whose}, the largest update is that of {first} ({high}), the smallest that of {last} ({low})."
    )


def by_component_limits(table: NormTable, measure: Measure) -> str:
    """The meaning of the norms shown, where they are not those chosen, and what they do not show.

    Args:
        table: The norms shown.
        measure: The measure that was chosen.
    """
    aside = ""
    if table.measure is not measure:
        aside = " A comparison with the tasks needs a chosen task; these norms are relative to θ₀."
    elif measure is Measure.RELATIVE:
        aside = " Gains of norm layers start near 1, so their relative updates are small."
    click = "Click a cell to choose its layer and component."
    return f"{MEANINGS[table.measure]}{aside} Size is not effect. {click}"
