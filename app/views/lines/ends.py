"""Both ends of the ramp: the range of their sliders, the origin of α, and a warning where it is large."""

from math import ceil, floor

from app.views.lines.profile import LayerProfile
from app.views.lines.settings import ALPHA, BETA, LinesSettings

LARGE_ALPHA = 1.0 + 1e-6
"""α above which every layer gets more than the whole merged update; an average has exactly 1."""

_RANGES = {ALPHA: (-1.0, 3.0), BETA: (-1.0, 4.0)}
"""Ends of the sliders."""


def slider_range(name: str, value: float) -> tuple[float, float]:
    """Ends of the slider of α or β; a value beyond them stretches it."""
    low, high = _RANGES[name]
    return min(low, float(floor(value))), max(high, float(ceil(value)))


def alpha_warning(profile: LayerProfile, alpha: float, n_tasks: int) -> str:
    """What is wrong with α, if anything is.

    Args:
        profile: Of the merge.
        alpha: In use.
        n_tasks: Tasks whose weight is not 0.
    """
    if profile.why_no_alpha:
        return profile.why_no_alpha
    if profile.alpha is None or profile.alpha <= LARGE_ALPHA:
        return ""
    rule = (
        f"By the paper's rule α is {profile.alpha:.3g}: the sum of the {n_tasks} updates has "
        f"{profile.alpha * n_tasks:.3g} times the norm ‖·‖₁ of the merged update, and the rule makes up for "
        "that in every layer, however few weights are left."
    )
    if alpha < profile.alpha:
        return f"{rule} This ramp uses α = {alpha:.3g} instead."
    return f"{rule} Type a smaller α."


def ends_caption(settings: LinesSettings) -> str:
    """α with where it comes from, and what the blocks get."""
    last = "L\N{NO-BREAK SPACE}−\N{NO-BREAK SPACE}1"
    return (
        f"{_alpha_with_origin(settings.scale.alpha, settings.profile)}. "
        f"Block l (from 0 to {last}) gets the factor α + β · l / ({last}), "
        f"the last block {settings.alpha + settings.scale.beta:.3g}."
    )


def _alpha_with_origin(typed: float | None, profile: LayerProfile) -> str:
    rule = "" if profile.alpha is None else f"{profile.alpha:.4g}"
    if typed is None:
        return f"α = {rule} by the paper's rule, (‖Σ w τ‖₁ / ‖τ_M‖₁) / T"
    return f"α = {typed:.4g}, typed; the paper's rule gives {rule or 'no number'}"
