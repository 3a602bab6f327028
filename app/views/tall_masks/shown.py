"""Counts that the page's cards show, narrowed to the chosen layer and component, with their null."""

from dataclasses import dataclass

import numpy as np

from analysis.masks.counts import MaskCounts, MaskSums
from app.bench.mask_statistics import MaskSettings
from app.session.diagnosis import Diagnosis
from app.session.selection import Selection
from app.words.parts import COMPONENT_NAMES, place_name


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """Counts of the masks, and their null."""

    chosen: MaskSettings
    """What the inputs show."""
    settings: MaskSettings
    """Of the counts: those chosen before, while the new ones are computed or where they were stopped."""
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


def part(counts: MaskCounts, place: str | None, component: str | None) -> MaskSums:
    """Counts of one layer, of one component, or of all weights where none is chosen.

    Returns:
        The part as the first row; the rest of the model is the second.
    """
    outside = [
        (place is not None and segment.place.key != place)
        or (component is not None and segment.component != component)
        for segment in counts.segments
    ]
    return counts.sums.pooled(np.array(outside, dtype=np.int64), 2)


def of_part(diagnosis: Diagnosis) -> str:
    """The chosen layer and component behind a title; empty for all weights."""
    return of_layer(diagnosis) + of_component(diagnosis)


def of_layer(diagnosis: Diagnosis) -> str:
    """The chosen layer behind a title; empty where none is chosen."""
    key = diagnosis.selection.place
    place = next((place for place in diagnosis.places if place.key == key), None)
    return "" if place is None else f", {place_name(place, diagnosis.places)}"


def of_component(diagnosis: Diagnosis) -> str:
    """The chosen component behind a title; empty where none is chosen."""
    component = diagnosis.selection.component
    return "" if component is None else f", {COMPONENT_NAMES[component]}"
