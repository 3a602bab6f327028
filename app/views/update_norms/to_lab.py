"""Layers to be scaled in the Merge lab, and the factor that is proposed for them."""

from collections.abc import Sequence

from analysis.model.places import Place
from app.session.layer_scaling import OUTSIDE, layer_word

NONE = "none"
"""Word for no layer at all, where the layer in focus would be proposed otherwise."""


def layers_to_scale(written: str | None, words: Sequence[str], focus: Place | None) -> list[str]:
    """The layers chosen here; the layer in focus while none was chosen.

    Args:
        written: Word of the address; None while nothing was chosen.
        words: The layers a curve can scale.
        focus: Layer in focus on every page.
    """
    if written is not None:
        return [word for word in words if word in written.split("-")]
    proposed = [] if focus is None else [layer_word(focus)]
    return [word for word in proposed if word in words]


def layers_word(layers: Sequence[str]) -> str:
    """The layers chosen as one word of the address."""
    return "-".join(layers) or NONE


def layer_name(word: str) -> str:
    """A layer of a curve as a list names it."""
    return "outside the blocks" if word == OUTSIDE else f"block {word}"


def proposed_factor(now: float) -> float:
    """Half the present factor."""
    return round(now / 2, 2)


def scaling_caption(layers: Sequence[str], now: float) -> str:
    """The present factor, and what stays as it is.

    Args:
        layers: Chosen layers.
        now: Their mean factor in the lab.
    """
    if not layers:
        return "Choose layers here, or click a layer in a chart above."
    return (
        f"Present factor: {now:.2f}{' on average' if len(layers) > 1 else ''}. All other layers keep the "
        "factors of the lab's recipe. Half is only a starting value: the lab measures its effect."
    )
