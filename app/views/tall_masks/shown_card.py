"""Counts that the cards of TALL masks show, and the same with random signs."""

from dataclasses import dataclass, replace
from typing import cast

from analysis.masks.counts import MaskCounts, MaskSums
from analysis.masks.curve import TallCurve
from app.bench.mask_statistics import CurveSettings, MaskSettings
from app.bench.remembered import together
from app.session.diagnosis import Diagnosis
from app.session.selection import Selection
from app.views.tall_masks.counts import DRAWS, part
from app.widgets.ask import ask, ask_masks
from app.words.parts import COMPONENT_NAMES, place_name
from app.work.request import Answer


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """Counts of the masks, and their null."""

    chosen: MaskSettings
    """Under the hands."""
    settings: MaskSettings
    """Of the counts: those chosen before, while the new ones are made or where they were stopped."""
    counts: MaskCounts
    nulls: tuple[MaskCounts, ...]
    """Of the same settings as the counts; none before they are there."""
    is_stale: bool
    """Whether the counts are not those of what is chosen."""

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the tasks."""
        return self.counts.tasks

    def part(self, selection: Selection) -> tuple[MaskSums, list[MaskSums]]:
        """Counts and nulls of the chosen layer and component, in their first rows."""
        chosen = selection.place, selection.component
        return part(self.counts, *chosen), [part(null, *chosen) for null in self.nulls]


def ask_shown(diagnosis: Diagnosis, settings: MaskSettings) -> Shown | None:
    """The counts under some settings, or under the ones before while they are made; None at first."""
    counts = ask_masks(diagnosis, settings)
    if counts.value is None or counts.settings is None:
        return None
    masks = diagnosis.bench.masks
    draws = [masks.counts(replace(settings, sign_seed=seed)) for seed in range(DRAWS)]
    # Without a placeholder: the cards stand without the null.
    nulls = ask(diagnosis, "masks.null", together(settings, draws), label="Random signs", has_room=False)
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


def part_name(diagnosis: Diagnosis) -> str:
    """What the counts are narrowed to, to stand behind a title; empty for all weights."""
    selection = diagnosis.selection
    place = next((place for place in diagnosis.places if place.key == selection.place), None)
    layer = "" if place is None else f", {place_name(place, diagnosis.places)}"
    return layer + ("" if selection.component is None else f", {COMPONENT_NAMES[selection.component]}")
