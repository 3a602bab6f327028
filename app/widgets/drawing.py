"""A drawing of a page that waits for the worker: drawn again when there is news, and not before."""

from collections.abc import Callable
from functools import partial
from time import perf_counter, sleep
from typing import Any, Protocol

import streamlit as st

from app.work.jobs import Job, JobState, Progress

ROUND = 2.0
"""Seconds between two messages of the browser while more is to come."""

STAY, STAY_BUSY = ROUND, 1.5
"""Seconds after which the run of a page ends at last, if a person waits and if not: a quick answer costs no
further message, and a part of the page that it changes is drawn alone."""

_LOOK, _LATER_LOOK = 0.03, 0.1
"""Seconds between two looks while the page stays, and after that."""

_GAP = 0.5
"""Seconds at least before a page is drawn again because some more of its results have come in."""

_SHARE = 8
"""Times as long as it took to draw that such a page waits: it is full, or many tabs are waiting."""


class Watched(Protocol):
    """Whoever asks the worker for what a page shows."""

    def collect(self) -> bool:
        """Take over what has ended since the last look; whether anything has."""

    @property
    def n_ended(self) -> int:
        """How often `collect` has taken something over, whichever run of the page called it."""

    @property
    def n_come(self) -> int:
        """Results that have come in of what is still under way."""

    @property
    def awaited(self) -> tuple[Job[Any], ...]:
        """Jobs that a person waits for."""

    @property
    def is_busy(self) -> bool:
        """Whether anything is measured in the background."""


class Drawing:
    """One run of a page, from before its first element to the news that makes it old.

    Nothing is sent while a page waits. Its run stays a moment and looks at the worker's handles; then one
    small fragment does, a round at a time. Streamlit ends either at once when a person changes an input.
    """

    def __init__(self, watched: Watched) -> None:
        """Begin: what comes in from now on is news, whether or not the page already draws it."""
        self._watched = watched
        self._n_ended = watched.n_ended
        self._n_drawn = watched.n_come
        self._begun = perf_counter()
        self._gap = _GAP

    def follow(
        self, line: Callable[[], None], add: Callable[[int], None] | None = None, *, stays: bool = True
    ) -> None:
        """Draw the line that states what runs, here, and start the page again when there is news.

        Args:
            line: Draws it; it has no input, since nothing inside would be heard during a round.
            add: Draws results that have come in while the run stays; it is given how many. Without it the
                whole page is drawn again.
            stays: Whether the page has drawn everything else, so that its run may stay.
        """
        is_awaited, is_busy = bool(self._watched.awaited), self._watched.is_busy
        self._gap = max(_GAP, _SHARE * (perf_counter() - self._begun))
        rounds = 0

        def look_on() -> None:
            nonlocal rounds
            rounds += 1
            place = st.empty()
            _draw(line, place)
            if rounds > 1:  # the first belongs to the run that draws the page
                self._look_on(partial(_draw, line, place))

        st.fragment(look_on, run_every=ROUND if is_awaited or is_busy or self._has_ended else None)()
        if stays and is_awaited:
            self._stay(STAY, add)
        elif stays and is_busy and add is not None:
            self._stay(STAY_BUSY, add)

    def _stay(self, seconds: float, add: Callable[[int], None] | None) -> None:
        while perf_counter() - self._begun < seconds:
            self._look(_LOOK, add)

    def _look_on(self, draw_line: Callable[[], None]) -> None:
        end, drawn = perf_counter() + ROUND - 4 * _LATER_LOOK, self._progress
        while perf_counter() < end:
            if self._progress != drawn:
                drawn = self._progress
                draw_line()
            self._look(_LATER_LOOK)

    def _look(self, pause: float, add: Callable[[int], None] | None = None) -> None:
        """Draw what is new, alone if that can be, else with the whole page; then let some time pass."""
        self._watched.collect()
        if self._has_ended:
            st.rerun()
        if self._has_more:
            if add is None:
                st.rerun()
            self._n_drawn = self._watched.n_come
            add(self._n_drawn)
        _ = "drawing" in st.session_state  # asking it lets Streamlit end this run
        sleep(pause)

    @property
    def _has_ended(self) -> bool:
        """Whether anything has ended since this drawing began: a run before it may have taken that over."""
        return self._watched.n_ended != self._n_ended

    @property
    def _has_more(self) -> bool:
        """Whether results have come in that are to be drawn now: the first at once, others after a while."""
        is_due = self._n_drawn == 0 or perf_counter() - self._begun > self._gap
        return is_due and self._watched.n_come > self._n_drawn

    @property
    def _progress(self) -> list[tuple[JobState, Progress]]:
        return [(job.state, job.progress) for job in self._watched.awaited]


def _draw(line: Callable[[], None], place: Any) -> None:
    with place.container():
        line()


def redrawn(key: str, n_new: int) -> str:
    """The key of something that one run may draw twice: two elements of one run need two keys."""
    return f"{key}.{n_new}" if n_new else key


def nothing_new(_n_new: int) -> None:
    """What a part of a page does with results that it does not show."""
