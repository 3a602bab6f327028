"""The numbers that every card of the page draws, asked for at the density of the slider."""

from dataclasses import dataclass

from analysis.weights.statistics import Statistics
from app.bench.weight_statistics import StatisticsSettings
from app.session.diagnosis import Diagnosis
from app.views.sign_conflicts.look import DENSITY, Look
from app.widgets.ask import ask_statistics
from app.widgets.chosen_layer import where
from app.words.parts import COMPONENT_NAMES

TRIM = "trim"
"""Word of the density in the address."""

SEED = 0
"""Of the random signs."""


@dataclass(frozen=True, eq=False, slots=True)
class SignNumbers:
    """Statistics after trimming, and what is looked at in them."""

    diagnosis: Diagnosis
    look: Look
    """Its density is that of the numbers, which may lag behind the slider's."""
    trimmed: Statistics
    is_stale: bool
    """Whether numbers for the slider's density are on their way."""

    @property
    def where(self) -> str:
        """The part looked at, to begin a sentence with; empty for all weights."""
        selection = self.diagnosis.selection
        is_whole = selection.place is None and selection.component is None
        return "" if is_whole else f"In {where(self.diagnosis)}"

    @property
    def component(self) -> str:
        """The chosen component at the end of a title; empty for all."""
        component = self.diagnosis.selection.component
        return "" if component is None else f", {COMPONENT_NAMES[component]}"


def ask_numbers(diagnosis: Diagnosis, *, is_weighted: bool) -> SignNumbers | None:
    """Statistics for the chosen density, or for the one before while they are computed; None without any."""
    answer = ask_statistics(diagnosis, density=_trimmed(density_chosen(diagnosis)))
    if answer.value is None or answer.settings is None:
        return None
    look = Look(diagnosis.selection.tasks, _density(answer.settings), diagnosis.selection.pair, is_weighted)
    return SignNumbers(diagnosis, look, answer.value, not answer.is_current)


def ask_whole(diagnosis: Diagnosis, numbers: SignNumbers | None) -> Statistics | None:
    """Statistics of all weights, untrimmed; None while they are not there."""
    if density_chosen(diagnosis) == 1:  # asked for already, as the numbers themselves
        return None if numbers is None else numbers.trimmed
    return ask_statistics(diagnosis).value


def ask_null(numbers: SignNumbers) -> Statistics | None:
    """The same with random signs; None while it is not there for the density shown."""
    density = _trimmed(density_chosen(numbers.diagnosis))
    answer = ask_statistics(numbers.diagnosis, density=density, sign_seed=SEED)
    is_of_these = answer.settings is not None and _density(answer.settings) == numbers.look.density
    return answer.value if is_of_these else None


def density_chosen(diagnosis: Diagnosis) -> float:
    """The slider's density."""
    return diagnosis.selection.number(TRIM, DENSITY, low=0.01, high=1.0)


def _trimmed(density: float) -> float | None:
    return None if density == 1 else density


def _density(settings: StatisticsSettings) -> float:
    return 1.0 if settings.density is None else settings.density
