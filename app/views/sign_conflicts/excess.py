"""Conflict of each layer less what chance gives."""

from collections.abc import Sequence

import numpy as np

from analysis.arrays import Integers
from analysis.model.places import Place
from analysis.weights.sign_conflict import Rate, beyond_chance
from app.views.sign_conflicts.beside_chance import SPREAD, compared, rate_hover
from app.views.sign_conflicts.chance_row import ChanceRow
from app.views.sign_conflicts.look import Look
from app.words.numbers import number_or_none
from app.words.parts import place_name


def excess_chart_rows(labels: Sequence[str], rate: Rate) -> list[ChanceRow]:
    """Rows of the chart, in percentage points above chance; more conflict is worse."""
    sides = layers_beyond_chance(rate)
    return [
        ChanceRow(
            label,
            number_or_none(100 * rate.excess[row]),
            low=-100 * SPREAD * float(rate.sd[row]),
            high=100 * SPREAD * float(rate.sd[row]),
            side=int(sides[row]),
            hover=rate_hover(label, rate.at(row)),
        )
        for row, label in enumerate(labels)
    ]


def layers_beyond_chance(rate: Rate) -> Integers:
    """1 for layers clearly above chance, −1 for those clearly below, 0 for the others, (G,); all together."""
    return beyond_chance(rate, n_tests=int((np.asarray(rate.n) > 0).sum()))


def excess_axis(look: Look) -> str:
    """Title of the chart's axis."""
    whole = "|τᵢ||τⱼ|" if look.is_weighted else f"the weights that {look.sharers} {look.keep}"
    return f"points above chance, of {whole}"


def excess_takeaway(look: Look, places: Sequence[Place], rate: Rate) -> str:
    """In how many layers conflict is clearly more or less than chance, and where by most."""
    known = np.asarray(rate.n) > 0
    if not known.any():
        return f"No layer has a weight that {look.sharers} {look.keep}."
    n = int(known.sum())
    verdicts = layers_beyond_chance(rate)
    if not verdicts.any():
        subject = "the tasks" if look.pair is None else look.subject
        if n == 1:
            return f"Here {subject} do not conflict clearly more or less than chance."
        return f"In no layer do {subject} conflict clearly more or less than chance."
    clauses = []
    for sign, word in ((-1, "less"), (1, "more")):
        if (verdicts == sign).any():
            row = int(np.where(verdicts == sign, sign * rate.excess, -np.inf).argmax())
            observed, chance = compared(float(rate.observed[row]), float(rate.chance[row]))
            clauses.append(
                f"{word} than chance in {int((verdicts == sign).sum())} of {n} layers, by most in "
                f"{place_name(places[row], places)} ({observed}, chance {chance})"
            )
    return f"{look.subject} conflict {', and '.join(clauses)}."
