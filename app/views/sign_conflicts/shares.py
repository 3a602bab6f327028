"""Shares of each layer's weights on which tasks agree or conflict, or that one task alone keeps, or none."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.arrays import Numbers
from analysis.model.places import Place
from analysis.weights.sign_conflict import Rate, beyond_chance, pair_sign_shares, sign_shares
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
    # Few weights may show any share; the rule is that of chance, with the whole model's share in its place.
    spread = np.sqrt(opposed * (1 - opposed) / sums.n)
    usual = Rate(sums.n.astype(np.float64), shares[:, 1], np.full(len(places), opposed), spread)
    above = beyond_chance(usual, n_tests=len(places)) > 0
    if not above.any():
        return text
    most = int(np.where(above, shares[:, 1], -1.0).argmax())
    where = place_name(places[most], places)
    return f"{text} Conflict is most frequent in {where} ({percent(shares[most, 1])})."


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
