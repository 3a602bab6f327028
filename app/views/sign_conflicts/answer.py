"""The page's answer: whether tasks conflict more than chance, in one part of the model."""

from analysis.weights.sign_conflict import LEAST, beyond_chance
from analysis.weights.statistics import Sums
from app.views.sign_conflicts.beside_chance import compared
from app.views.sign_conflicts.look import Look

SATURATED = 0.95
"""Chance level of conflict from which hardly anything else could be seen."""


def conflict_takeaway(look: Look, sums: Sums, *, where: str = "") -> str:
    """Whether the tasks conflict more than chance, about as much, or less.

    More and less are distances of at least a percentage point that chance would hardly give
    (`analysis.weights.sign_conflict.beyond_chance`).

    Args:
        look: At which tasks, and how.
        sums: Of the part looked at, after trimming, (1, …).
        where: The part, to begin the sentence with: "In block 3"; empty for all weights.
    """
    rate = look.rate(sums).at(0)
    if not rate.n:
        return _opened(where, f"no weight is {look.kept} by {look.sharers}: nothing can conflict.")
    observed, chance = compared(float(rate.observed), float(rate.chance))
    is_near = abs(rate.excess) < LEAST
    verdict = {
        -1: "they agree more than chance",
        # Off by more, but of few weights: it may be chance.
        0: "about what chance gives" if is_near else "no clear difference from chance",
        1: "they conflict more than chance",
    }[conflict_side(look, sums)]
    subject = "the tasks" if look.pair is None else look.subject
    if look.pair is not None:
        sharers = "both"
    else:
        sharers = "pairs of them" if look.is_weighted else "at least two of them"
    text = _opened(
        where,
        f"{subject} conflict on {observed} of the weights that {sharers} {look.keep}"
        f"{', weighed by magnitude,' if look.is_weighted else ','} where chance gives {chance}: {verdict}.",
    )
    if rate.chance > SATURATED:
        text += " With so many tasks per weight, nearly all conflict by chance alone; trim to see more."
    return text


def conflict_side(look: Look, sums: Sums) -> int:
    """1 where the tasks conflict clearly more than chance, −1 where clearly less, 0 where neither."""
    return int(beyond_chance(look.rate(sums).at(0)))


def _opened(where: str, text: str) -> str:
    return f"{where}, {text}" if where else text[0].upper() + text[1:]
