"""One tab's look at one zoo: its layers, what is chosen, and what the pages under Diagnose asked for."""

from analysis.model.places import places
from analysis.model.scope import Scope, scope_ranges
from analysis.model.segments import segments
from app.bench.workbench import Workbench
from app.session.requests import Requests
from app.session.sample import Sample
from app.session.selection import Selection
from app.work.worker import Worker


class Diagnosis:
    """What the pages under Diagnose share within a tab."""

    scope = Scope.CHANGED
    """Weights the pages count: those of parameters that some task changed."""

    def __init__(self, bench: Workbench, worker: Worker, session: str) -> None:
        """Start with nothing chosen and nothing asked for."""
        self.bench = bench
        self.requests = Requests(worker, session)
        self.sample = Sample(bench.largest_sample("val"))
        vectors = bench.zoo.task_vectors
        self.segments = segments(vectors.layout, scope_ranges(vectors, self.scope))
        """Pieces of the model in scope."""
        shown = {segment.place for segment in self.segments}
        self.places = tuple(place for place in places(vectors.layout) if place in shown)
        """Rows of every chart by layer."""
        self.selection = Selection(
            tasks=bench.tasks,
            places=[place.key for place in self.places],
            components=list(dict.fromkeys(segment.component for segment in self.segments)),
        )
