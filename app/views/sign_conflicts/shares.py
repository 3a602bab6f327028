"""Shares of each layer's weights on which tasks agree or conflict, or that one task alone keeps, or none."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.model.places import Place
from analysis.weights.sign_conflict import LEAST, SURE, pair_sign_shares, sign_shares
from analysis.weights.statistics import Sums
from app.views.sign_conflicts.look import Look
from app.words.numbers import number_or_none, percent
from app.words.parts import place_name

SHARES = ("agree", "conflict", "one task", "untouched")
"""Columns of `layer_shares`."""


def layer_shares(look: Look, sums: Sums) -> Numbers:
    """Shares of each layer's weights by the tasks that keep them, (G, 4); of a pair, the two alone count."""
    return sign_shares(sums) if look.rows is None else pair_sign_shares(sums, *look.rows)


def shares_takeaway(look: Look, places: Sequence[Place], sums: Sums) -> str:
    """How much is agreed on and how much conflicts, and where clearly more does than elsewhere."""
    shares = layer_shares(look, sums)
    agree, opposed, alone, _ = (sums.n @ shares) / sums.n.sum()
    text = (
        f"{look.subject} agree on {percent(agree)} of the weights and conflict on {percent(opposed)}; "
        f"{'a single task' if look.pair is None else 'only one of them'} {look.keep}s {percent(alone)}."
    )
    most = most_conflict(sums.n, shares)
    if most is None:
        return text
    where = place_name(places[most], places)
    return f"{text} Conflict is most frequent in {where} ({percent(shares[most, 1])})."


def most_conflict(n: Integers, shares: Numbers) -> int | None:
    """The layer that conflicts most, if clearly more than all together; of few weights any share may.

    Clear is what it is against chance, with the whole model's share in its place: a distance of `LEAST`, and
    a probability of `SURE` shared out among the layers, exact where conflict is rare.

    Args:
        n: Weights of each layer, (G,).
        shares: From `layer_shares`.
    """
    from scipy.special import bdtrc  # here: it takes a quarter of a second the first time

    opposed = (n @ shares[:, 1]) / n.sum()
    by_luck = bdtrc(np.round(n * shares[:, 1]) - 1, n, opposed)
    above = (shares[:, 1] - opposed >= LEAST) & (by_luck < SURE / (2 * len(shares)))
    return int(np.where(above, shares[:, 1], -1.0).argmax()) if above.any() else None


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
