"""Card of TALL masks: merges without some weights, measured beside merges without random ones."""

from collections.abc import Sequence

import streamlit as st

from analysis.masks.knock_out import N_BINS, Removal
from app.bench.mask_statistics import MaskSettings
from app.figures.layout import Figure
from app.figures.palette import Palette
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.evaluated_tasks import evaluated, halves_note
from app.views.tall_masks.grid_card import grid_input
from app.views.tall_masks.knock_outs import (
    DRAWS,
    KnockOut,
    Outcome,
    edge_note,
    knock_out_plan,
    knock_out_rows,
    knock_out_takeaway,
    knock_outs,
    removal_hover,
    removal_name,
    removed_again,
    removed_again_note,
)
from app.views.tall_masks.knock_outs_figure import knock_outs_figure
from app.views.tall_masks.reached_figure import Reached
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette

_GRID = (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.4)


def knock_outs_card(diagnosis: Diagnosis, settings: MaskSettings) -> None:
    """Draw what removing weights costs, or how to measure it."""
    bench, tasks, n_images = diagnosis.bench, evaluated(diagnosis), diagnosis.sample.n_images
    with card("masks.knock_outs", "Measured: merges without selfish or catastrophic weights"):
        grid = grid_input(diagnosis.selection, "knock_grid", "Scales to try", _GRID, low=0.0)
        if grid is None:
            return
        batch = diagnosis.requests.batch("masks.knock_outs")
        batch.plan((settings, grid, n_images), lambda: knock_out_plan(bench, settings, grid, tasks, n_images))
        batch_controls(
            batch,
            key="masks.knock_outs",
            what=f"{len(batch.names)} merges",
            costs="Selfish weights, catastrophic weights or both are removed, and as many random weights "
            f"({DRAWS} draws for each), at every scale. Each merge is evaluated on "
            f"{diagnosis.sample.in_words} of {len(tasks)} tasks.",
            sample=diagnosis.sample,
        )
        found = knock_outs(batch.results, grid)
        if not found:
            st.caption(
                "A few weights can carry half of ‖τ_M‖², and removing any of them changes the best scale. "
                "Each removal is therefore compared with random removals twice: with all merges at one "
                "scale, and with every merge at its own best scale."
            )
            return
        again = diagnosis.requests.of("masks.drawn_again").want(
            removed_again(bench, settings), label="Comparing with random removals"
        )
        notes = [
            f"Mean accuracy over {len(tasks)} tasks, with 95 % intervals (bootstrap over images). Bands: "
            "lowest to highest of the random removals, which take equally many weights of the same tensors "
            f"and of the same sizes |τ_M| ({N_BINS} classes).",
            removed_again_note(again.value if again.is_current and again.value else {}),
            halves_note(diagnosis, "The scale"),
            edge_note(found),
        ]
        chart(
            "masks.knock_outs",
            _figure(found, tab_palette()),
            takeaway=knock_out_takeaway(found),
            cannot_say=" ".join(note for note in notes if note),
            rows=lambda: knock_out_rows(found),
        )


def _figure(found: Sequence[KnockOut], colours: Palette) -> Figure:
    return knock_outs_figure(
        [_row(one.removal, one.same, colours) for one in found],
        [_row(one.removal, one.own, colours) for one in found],
        colours,
        titles=(f"all at scale {found[0].own.scaling:g}", "each at its own best scale"),
    )


def _row(removal: Removal | None, outcome: Outcome, colours: Palette) -> Reached:
    shades = {None: colours.ink, Removal.SELFISH: colours.selfish, Removal.CATASTROPHIC: colours.catastrophic}
    control, accuracy = outcome.control, outcome.accuracy
    return Reached(
        removal_name(removal),
        accuracy.value,
        accuracy.low,
        accuracy.high,
        f"{100 * accuracy.value:.1f}",
        removal_hover(removal, outcome),
        shades.get(removal, colours.merge),
        None if control is None else control.low,
        None if control is None else control.high,
    )
