"""One person's look at one zoo: what is chosen, and what the pages under Diagnose asked the worker for."""

from typing import Any

from analysis.model.places import places
from analysis.model.scope import Scope, scope_ranges
from analysis.model.segments import segments
from app.bench.workbench import Workbench
from app.session.selection import Choices
from app.work.batch import Filling
from app.work.request import Asking
from app.work.worker import Worker


class Diagnosis:
    """What the pages under Diagnose share within a tab."""

    scope = Scope.CHANGED
    """Weights the pages count: those of parameters that some task moved."""

    def __init__(self, bench: Workbench, worker: Worker, session: str) -> None:
        """Start with nothing chosen and nothing asked."""
        self.bench = bench
        vectors = bench.zoo.task_vectors
        self.segments = segments(vectors.layout, scope_ranges(vectors, self.scope))
        """Pieces of the model in scope."""
        shown = {segment.place for segment in self.segments}
        self.places = tuple(place for place in places(vectors.layout) if place in shown)
        """Rows of every chart by layer."""
        self.choices = Choices(
            tasks=bench.tasks,
            places=[place.key for place in self.places],
            components=list(dict.fromkeys(segment.component for segment in self.segments)),
        )
        self._worker, self._session = worker, session
        self._askings: dict[str, Asking[Any]] = {}
        self._fillings: dict[str, Filling[Any, Any]] = {}

    def asking(self, topic: str) -> Asking[Any]:
        """The request of one topic; made when it is first spoken of."""
        return self._askings.setdefault(topic, Asking(self._worker, self._session, topic))

    def filling(self, topic: str) -> Filling[Any, Any]:
        """The measurements of one topic; made when they are first spoken of."""
        return self._fillings.setdefault(topic, Filling(self._worker, self._session, topic))

    def collect(self) -> bool:
        """Take over what has finished since the last look; whether something has."""
        # Lists: every one must be asked, and runs that overlap may add to them.
        came = [one.collect() for one in list(self._askings.values())]
        return any(came + [one.collect() for one in list(self._fillings.values())])

    @property
    def waiting(self) -> tuple[Asking[Any], ...]:
        """Requests a person waits for."""
        return tuple(one for one in tuple(self._askings.values()) if one.is_waiting)

    @property
    def is_filling(self) -> bool:
        """Whether measurements go on, or are looked up."""
        return any(one.is_running or one.is_recalling for one in tuple(self._fillings.values()))

    def stop(self) -> None:
        """Stop whatever was asked for."""
        for asking in tuple(self._askings.values()):
            asking.stop()
        for filling in tuple(self._fillings.values()):
            filling.stop()
