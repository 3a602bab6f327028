"""Validation images on which the pages under Diagnose measure merges: all of them, or a quick sample."""

from app.bench.measuring.measured_runs import QUICK_SAMPLE


class Sample:
    """One tab's choice for all pages under Diagnose."""

    def __init__(self, largest: int) -> None:
        """Start with all images, of which a task has ``largest`` at most."""
        self.n_images: int | None = None
        """Images per task at most; None for all."""
        self._largest = largest

    @property
    def sizes(self) -> tuple[int | None, ...]:
        """What can be chosen."""
        return (None, QUICK_SAMPLE) if self._largest > QUICK_SAMPLE else (None,)

    @property
    def in_words(self) -> str:
        """The images, for a sentence."""
        return (
            "all validation images"
            if self.n_images is None
            else f"{self.n_images} validation images per task"
        )

    def choose(self, n_images: int | None) -> None:
        """Measure on so many images per task from now on."""
        self.n_images = n_images

    def of(self, n: int) -> int:
        """Images used of a set of ``n``."""
        return n if self.n_images is None else min(n, self.n_images)
