"""Card of TALL masks: the counts of each layer."""

from app.session.diagnosis import Diagnosis
from app.views.tall_masks.shown import Shown, of_component
from app.views.tall_masks.split import by_place
from app.views.tall_masks.split_card import split_chart
from app.widgets.chart_card import card


def layers_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw the counts layer by layer."""
    selection = diagnosis.selection
    split, *nulls = (
        by_place(counts, diagnosis.places, selection.component) for counts in (shown.counts, *shown.nulls)
    )
    with card("masks.layers", f"Mask counts by layer{of_component(diagnosis)}"):
        split_chart(
            "masks.layers",
            split,
            nulls,
            shown,
            what="layer",
            chosen=selection.place,
            choose=selection.choose_place,
        )
