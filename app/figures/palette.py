"""Colours by role, the same on every page, for the light and the dark theme; and what tasks are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.words.short_names import in_short


@dataclass(frozen=True, slots=True)
class Palette:
    """How figures look: one theme's colours, and short names for what has long ones.

    It is safe for colour-blind eyes, since no role is marked by colour alone.
    """

    merge: str
    """This merge."""
    pinned: str
    """The pinned baseline."""
    zero_shot: str
    """The base, before fine-tuning."""
    fine_tuned: str
    """A task's own model."""
    better: str
    worse: str
    track: str
    """The way from zero-shot to fine-tuned, and other quiet areas."""
    ink: str
    """Text."""
    quiet: str
    """Secondary text, and strokes that stand behind others."""
    grid: str
    paper: str
    """The card a figure lies on."""
    sequential: tuple[str, ...]
    """A scale from nothing to much."""
    diverging: tuple[str, ...]
    """A scale over 0: from below it to above."""
    catastrophic: str
    """Weights no mask keeps."""
    selfish: str
    """Weights one mask keeps."""
    categories: tuple[str, ...]
    """One hue per task or kind, where there are few; never the only sign of which is which."""
    short: Mapping[str, str] = field(default_factory=dict)
    """What axes call the tasks whose names leave no room for the chart."""
    magnification: float = 1.0
    """How much larger text and marks are than on a desk."""

    @property
    def text(self) -> tuple[str, str]:
        """Colours of text, of which the one that is read best on its ground is taken."""
        return self.ink, self.paper

    def called(self, names: Sequence[str]) -> list[str]:
        """Names as an axis writes them."""
        return [in_short(name, self.short) for name in names]


LIGHT = Palette(
    merge="#1f5fa8",
    pinned="#d8762a",
    zero_shot="#6b7480",
    fine_tuned="#1c2430",
    better="#1f5fa8",
    worse="#b4540a",
    track="#e6e9ee",
    ink="#1c2430",
    quiet="#6b7480",
    grid="#eceff3",
    paper="#ffffff",
    sequential=("#eef3f9", "#bcd2ea", "#7fabd8", "#3f7fc0", "#1f5fa8", "#123f75"),
    diverging=("#b4540a", "#e3a46c", "#f6e3d1", "#f4f5f7", "#cfe0f1", "#7fabd8", "#1f5fa8"),
    catastrophic="#8f4b3a",
    selfish="#d8762a",
    categories=(
        "#1f5fa8",
        "#d8762a",
        "#2a8f7f",
        "#b0468f",
        "#7a6a2b",
        "#5aa0d8",
        "#8f4b3a",
        "#6b6fb5",
    ),
)

DARK = Palette(
    merge="#6db1f2",
    pinned="#f0a05a",
    zero_shot="#98a2af",
    fine_tuned="#e4e8ee",
    better="#6db1f2",
    worse="#f0a05a",
    track="#2c343f",
    ink="#e4e8ee",
    quiet="#98a2af",
    grid="#232b35",
    paper="#12161c",
    sequential=("#1a2430", "#22456b", "#2f6aa5", "#4a92d4", "#6db1f2", "#b5d9fb"),
    diverging=("#f0a05a", "#a8683a", "#4a3527", "#222a34", "#25405d", "#3d78b3", "#6db1f2"),
    catastrophic="#cf8a78",
    selfish="#f0a05a",
    categories=(
        "#6db1f2",
        "#f0a05a",
        "#5cc4b2",
        "#dd86c2",
        "#c0b169",
        "#a6d0f5",
        "#cf8a78",
        "#a5a8e6",
    ),
)


def palette(
    theme: str | None, short: Mapping[str, str] | None = None, *, magnification: float = 1.0
) -> Palette:
    """The palette of a theme, `light` or `dark`; light until the browser has reported one.

    Args:
        theme: Its name.
        short: Short names of tasks.
        magnification: How much larger figures are than on a desk.
    """
    colours = DARK if theme == "dark" else LIGHT
    if not short and magnification == 1:
        return colours
    return replace(colours, short=short or {}, magnification=magnification)
