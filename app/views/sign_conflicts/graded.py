"""The part of the tasks' updates that is left in their sum, beside what random signs leave."""

from collections.abc import Sequence

import numpy as np

from analysis.model.places import Place
from analysis.weights.sign_conflict import Rate, beyond_chance
from app.views.sign_conflicts.beside_chance import SPREAD, compared, rate_hover
from app.views.sign_conflicts.chance_row import ChanceRow
from app.views.sign_conflicts.excess import layers_beyond_chance
from app.words.numbers import number_or_none
from app.words.parts import place_name


def graded_chart_rows(labels: Sequence[str], rate: Rate) -> list[ChanceRow]:
    """Rows of the chart, as shares of Σ|τ|."""
    # More left of the sum is less cancelled: the side of better.
    sides = -layers_beyond_chance(rate)
    return [
        ChanceRow(
            label,
            number_or_none(rate.observed[row]),
            low=max(float(rate.chance[row] - SPREAD * rate.sd[row]), 0.0),
            high=min(float(rate.chance[row] + SPREAD * rate.sd[row]), 1.0),
            side=int(sides[row]),
            hover=rate_hover(label, rate.at(row)),
        )
        for row, label in enumerate(labels)
    ]


def graded_takeaway(rate: Rate, places: Sequence[Place], whole: Rate) -> str:
    """Whether the updates cancel more than random signs would, and where they differ by most.

    Args:
        rate: Of each layer, (G,).
        places: The layers.
        whole: Of all of them together, a single share.
    """
    if not whole.n:
        return "No task changes these weights."
    observed, chance = compared(float(whole.observed), float(whole.chance))
    verdict = {
        -1: "they cancel more than chance",
        0: "no clear difference from chance",  # of the spread a bound is known: no proof of chance
        1: "they cancel less than chance",
    }[int(beyond_chance(whole))]
    text = (
        f"When the tasks' updates are added, {observed} of their total size remains, where random signs "
        f"leave {chance}: {verdict}."
    )
    verdicts = layers_beyond_chance(rate)
    if len(places) > 1 and verdicts.any():
        row = int(np.where(verdicts, np.abs(rate.excess), -np.inf).argmax())
        text += f" Furthest from chance: {place_name(places[row], places)}."
    return text
