"""Layer by layer: who moves its weights, how much conflict is beyond chance, what is left of the sum."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.arrays import Numbers
from analysis.model.places import Place
from analysis.weights.sign_conflict import Rate, beyond_chance, pair_sign_shares, sign_shares
from analysis.weights.statistics import Sums
from app.views.sign_conflicts.beside_chance import compared
from app.views.sign_conflicts.look import Look
from app.words.numbers import number_or_none, percent
from app.words.parts import place_name

SHARES = ("agree", "conflict", "one task", "untouched")
"""Columns of `layer_shares`."""


def layer_shares(look: Look, sums: Sums) -> Numbers:
    """Shares of each layer's weights by who keeps them, (G, 4); of a pair, the two alone count."""
    return sign_shares(sums) if look.rows is None else pair_sign_shares(sums, *look.rows)


def shares_takeaway(look: Look, places: Sequence[Place], sums: Sums) -> str:
    """How much is agreed on and how much conflicts, and where clearly more does than elsewhere."""
    shares = layer_shares(look, sums)
    agree, opposed, alone, _ = (sums.n @ shares) / sums.n.sum()
    who = "The tasks" if look.pair is None else look.subject
    text = (
        f"{who} agree on {percent(agree)} of the weights and conflict on {percent(opposed)}; "
        f"one task alone {look.kept}s {percent(alone)}."
    )
    # Few weights may show any share; the rule is that of chance, with the whole model's share in its place.
    spread = np.sqrt(opposed * (1 - opposed) / sums.n)
    usual = Rate(sums.n.astype(np.float64), shares[:, 1], np.full(len(places), opposed), spread)
    above = beyond_chance(usual, n_tests=len(places)) > 0
    if not above.any():
        return text
    most = int(np.where(above, shares[:, 1], -1.0).argmax())
    where = place_name(places[most], places)
    return f"{text} Conflict has its largest share in {where}, {percent(shares[most, 1])}."


def excess_takeaway(look: Look, places: Sequence[Place], rate: Rate) -> str:
    """In how many layers conflict is clearly more or less than chance, and where furthest."""
    known = np.asarray(rate.n) > 0
    if not known.any():
        who = "several tasks" if look.pair is None else "both tasks"
        return f"No layer has a weight that {who} {look.kept}."
    n = int(known.sum())
    verdicts = beyond_chance(rate, n_tests=n)
    if not verdicts.any():
        where = "In no layer do" if n > 1 else "Here"
        subject = look.subject if look.pair else "the tasks"
        return f"{where} {subject} conflict {'clearly' if n > 1 else 'not clearly'} more or less than chance."
    said = []
    for sign, word in ((-1, "less"), (1, "more")):
        if (verdicts == sign).any():
            row = int(np.where(verdicts == sign, sign * rate.excess, -np.inf).argmax())
            observed, chance = compared(float(rate.observed[row]), float(rate.chance[row]))
            said.append(
                f"{word} than chance in {int((verdicts == sign).sum())} of {n} layers, furthest in "
                f"{place_name(places[row], places)}: {observed} where chance gives {chance}"
            )
    return f"{look.subject} conflict {'; '.join(said)}."


def graded_takeaway(rate: Rate, places: Sequence[Place], whole: Rate) -> str:
    """What adding the tasks leaves of their moves, against signs drawn anew.

    Args:
        rate: Of each layer, (G,).
        places: The layers.
        whole: Of all of them together, a single share.
    """
    if not whole.n:
        return "No task moves these weights."
    observed, chance = compared(float(whole.observed), float(whole.chance))
    verdict = {
        -1: "they cancel more than chance",
        0: "not clearly off chance",  # of the spread a bound is known, so this is no proof of chance
        1: "they cancel less than chance",
    }[int(beyond_chance(whole))]
    text = (
        f"Added up, {observed} of the tasks' moves is left, where signs drawn anew leave {chance}: {verdict}."
    )
    verdicts = beyond_chance(rate, n_tests=len(places))
    if len(places) > 1 and verdicts.any():
        row = int(np.where(verdicts, np.abs(rate.excess), -np.inf).argmax())
        text += f" Furthest from chance: {place_name(places[row], places)}."
    return text


def share_rows(places: Sequence[Place], sums: Sums, shares: Numbers) -> list[dict[str, Any]]:
    """Shares as a table."""
    return [
        {
            "tower": place.tower,
            "layer": place.label,
            "n": int(n),
            **{
                name.replace(" ", "_"): number_or_none(value) for name, value in zip(SHARES, row, strict=True)
            },
        }
        for place, n, row in zip(places, sums.n, shares, strict=True)
    ]


def rate_rows(places: Sequence[Place], rate: Rate) -> list[dict[str, Any]]:
    """Shares beside chance, as a table."""
    return [
        {
            "tower": place.tower,
            "layer": place.label,
            "of": float(rate.n[row]),
            "observed": number_or_none(rate.observed[row]),
            "by_chance": number_or_none(rate.chance[row]),
            "sd_by_chance": number_or_none(rate.sd[row]),
        }
        for row, place in enumerate(places)
    ]
