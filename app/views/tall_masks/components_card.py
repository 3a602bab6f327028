"""Card of TALL masks: the counts of each component."""

from app.session.diagnosis import Diagnosis
from app.views.tall_masks.shown import Shown, of_layer
from app.views.tall_masks.split import by_component
from app.views.tall_masks.split_card import split_chart
from app.widgets.chart_card import card


def components_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw the counts component by component."""
    selection = diagnosis.selection
    split, *nulls = (
        by_component(counts, selection.components, selection.place) for counts in (shown.counts, *shown.nulls)
    )
    with card("masks.components", f"Mask counts by component{of_layer(diagnosis)}"):
        split_chart(
            "masks.components",
            split,
            nulls,
            shown,
            what="component",
            chosen=selection.component,
            choose=selection.choose_component,
        )
