"""Results that came with the open zoo, in words."""

from app.bench.measuring.restored_runs import measured_with
from app.words.numbers import count
from cache.shipped import Shipped


def shipped_sentence(shipped: Shipped, *, is_taken: bool) -> str:
    """How many runs came with the zoo, what they were measured with, and whether they are shown."""
    if not is_taken:
        return "Results came with this zoo. They are left aside: what you see was measured here."
    if not shipped.runs:
        return (
            "The results that came with this zoo are of other weights, images or heads than it has now; "
            "they are not used."
        )
    return (
        f"{count(len(shipped.runs))} runs came with this zoo, measured with "
        f"{measured_with(shipped.runs[0].record)}. They fill the charts until you measure again."
    )
