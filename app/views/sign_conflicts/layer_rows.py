"""Rows of a chart by layer: their names and sums, the chosen one, and what a click on one chooses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.model.places import Place
from analysis.weights.statistics import Statistics, Sums
from app.session.diagnosis import Diagnosis
from app.session.selection import Selection
from app.views.sign_conflicts.look import by_layer
from app.words.parts import row_labels


@dataclass(frozen=True, eq=False, slots=True)
class LayerRows:
    """The layers that have weights of the chosen component."""

    places: tuple[Place, ...]
    sums: Sums
    """Of each layer, (G, …)."""
    selection: Selection

    @property
    def labels(self) -> list[str]:
        """Names of the rows."""
        return row_labels(self.places)

    @property
    def chosen(self) -> list[str]:
        """Row of the chosen layer, if one is."""
        return [
            label
            for place, label in zip(self.places, self.labels, strict=True)
            if place.key == self.selection.place
        ]

    def choose(self, point: Mapping[str, Any]) -> None:
        """Choose the layer of a clicked row."""
        if point["y"] in self.labels:
            self.selection.choose_place(self.places[self.labels.index(point["y"])].key)


def layer_rows(diagnosis: Diagnosis, statistics: Statistics) -> LayerRows:
    """The rows of these statistics."""
    places, sums = by_layer(statistics, diagnosis.places, diagnosis.selection.component)
    return LayerRows(places, sums, diagnosis.selection)
