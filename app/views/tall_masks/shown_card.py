"""Requests for the counts that the page's cards show, each with its stopped and failed states on screen."""

from dataclasses import replace
from typing import cast

from analysis.masks.curve import TallCurve
from app.bench.mask_statistics import CurveSettings, MaskSettings
from app.bench.remembered import together
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.random_signs import DRAWS
from app.views.tall_masks.shown import Shown
from app.widgets.ask import ask, ask_masks
from app.work.request import Answer


def ask_shown(diagnosis: Diagnosis, settings: MaskSettings) -> Shown | None:
    """The counts under some settings, or under the ones before while they are computed; None at first."""
    counts = ask_masks(diagnosis, settings)
    if counts.value is None or counts.settings is None:
        return None
    masks = diagnosis.bench.masks
    draws = [masks.counts(replace(settings, sign_seed=seed)) for seed in range(DRAWS)]
    # Without a placeholder: the cards stand without the null.
    nulls = ask(
        diagnosis, "masks.null", together(settings, draws), label="Counting with random signs", has_room=False
    )
    return Shown(
        chosen=settings,
        settings=counts.settings,
        counts=counts.value,
        nulls=nulls.value if nulls.value is not None and nulls.settings == counts.settings else (),
        is_stale=not counts.is_current,
    )


def ask_curve(
    diagnosis: Diagnosis, settings: MaskSettings
) -> Answer[CurveSettings, tuple[TallCurve, TallCurve]]:
    """Counts over λ, and the same with random signs."""
    masks, chosen = diagnosis.bench.masks, CurveSettings(diagnosis.scope, settings.vector)
    both = [masks.curve(replace(chosen, sign_seed=seed)) for seed in (None, 0)]
    curves = ask(diagnosis, "masks.curve", together(chosen, both), label="Counting over λ")
    return cast(Answer[CurveSettings, tuple[TallCurve, TallCurve]], curves)
