"""Tensors that relative norms leave out, because they start at almost 0."""

from collections.abc import Sequence

from analysis.model.layout import Layout
from analysis.model.places import Place
from analysis.weights.statistics import Statistics
from app.views.update_norms.tensors import MovedTensor, moved_tensors, tensor_name
from app.words.numbers import Rows, percent


def tensors_left_out(statistics: Statistics, layout: Layout, places: Sequence[Place]) -> list[MovedTensor]:
    """Tensors whose base is too small for a relative norm, in network order."""
    tiny = [one for one in moved_tensors(statistics, layout) if one.relative is None]
    return sorted(tiny, key=lambda one: places.index(one.segment.place))


def left_out_label(tiny: Sequence[MovedTensor], n_weights: int) -> str:
    """Their number, and their share of all weights.

    Args:
        tiny: The tensors left out.
        n_weights: All weights in scope.
    """
    number = "1 tensor that starts" if len(tiny) == 1 else f"{len(tiny)} tensors that start"
    share = sum(one.n for one in tiny) / n_weights
    return f"Left out: {number} at almost 0 ({percent(share)} of the weights)"


def left_out_rows(tiny: Sequence[MovedTensor]) -> Rows:
    """The tensors as a table."""
    return [
        {
            "tensor": tensor_name(one.segment),
            "layer": one.segment.place.label,
            "n": one.n,
            "base RMS": one.base_rms,
            "update RMS": one.rms,
        }
        for one in tiny
    ]
