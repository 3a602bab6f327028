"""What the cards of TALL masks show: the counts, and the same with signs drawn anew."""

from dataclasses import dataclass

import streamlit as st

from analysis.masks.counts import MaskCounts, MaskSums
from analysis.masks.curve import TallCurve
from app.bench.weight_statistics import MaskSettings
from app.session.requests import Diagnosis
from app.session.selection import Choices
from app.views.tall_masks.counts import DRAWS, part
from app.widgets.ask import ask, ask_masks
from app.words.parts import COMPONENT_NAMES, place_name
from app.work.jobs import JobContext


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

    def part(self, choices: Choices) -> tuple[MaskSums, list[MaskSums]]:
        """Counts and nulls of the chosen layer and component, in their first rows."""
        chosen = choices.place, choices.component
        return part(self.counts, *chosen), [part(null, *chosen) for null in self.nulls]


def ask_shown(diagnosis: Diagnosis, settings: MaskSettings) -> Shown | None:
    """The counts under some settings, or under the ones before while they are made; None at first."""
    counts = ask_masks(diagnosis, settings)
    if counts is None:
        return None
    _ask_nulls(diagnosis, settings)
    asked, nulls = diagnosis.asking("masks"), diagnosis.asking("masks.null")
    of_counts = asked.shown[0] if isinstance(asked.shown, tuple) else settings
    return Shown(
        chosen=settings,
        settings=of_counts,
        counts=counts,
        nulls=nulls.value if nulls.value is not None and nulls.shown == of_counts else (),
        is_stale=of_counts != settings,
    )


def ask_curve(diagnosis: Diagnosis, settings: MaskSettings) -> tuple[TallCurve, TallCurve | None] | None:
    """Counts over λ and, once they are there, the same with signs drawn anew."""
    measured, scope, vector = diagnosis.bench.diagnostics, diagnosis.scope, settings.vector

    def known() -> tuple[TallCurve, TallCurve | None] | None:
        found = [measured.known_curve(scope, vector, sign_seed=seed) for seed in (None, 0)]
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    def work(context: JobContext) -> tuple[TallCurve, TallCurve | None]:
        return measured.curve(scope, vector, context), measured.curve(scope, vector, context, sign_seed=0)

    return ask(diagnosis, "masks.curve", (scope, vector), work, label="Counting over λ", known=known)


def part_name(diagnosis: Diagnosis) -> str:
    """What the counts are narrowed to, to stand behind a title; empty for all weights."""
    choices = diagnosis.choices
    place = next((place for place in diagnosis.places if place.key == choices.place), None)
    layer = "" if place is None else f", {place_name(place, diagnosis.places)}"
    return layer + ("" if choices.component is None else f", {COMPONENT_NAMES[choices.component]}")


def _ask_nulls(diagnosis: Diagnosis, settings: MaskSettings) -> None:
    """Ask for the null without a placeholder: the cards stand without it."""
    measured, asking = diagnosis.bench.diagnostics, diagnosis.asking("masks.null")

    def work(context: JobContext) -> tuple[MaskCounts, ...]:
        return tuple(measured.masks(settings, context, sign_seed=seed) for seed in range(DRAWS))

    def known() -> tuple[MaskCounts, ...] | None:
        found = []
        for seed in range(DRAWS):
            one = measured.known_masks(settings, sign_seed=seed)
            if one is None:
                return None
            found.append(one)
        return tuple(found)

    asking.want(settings, work, label="Drawing signs anew", known=known)
    if asking.notice is not None:
        st.error(asking.notice, icon=":material/error:")
    if asking.is_stopped:
        st.button(
            "Random signs: stopped. Compute again",
            key="ask.masks.null.again",
            icon=":material/refresh:",
            on_click=asking.again,
        )
