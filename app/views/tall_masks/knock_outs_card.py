"""Card of TALL masks: weights taken out and measured, beside random ones."""

from collections.abc import Sequence

import streamlit as st

from analysis.masks.knock_out import N_BINS, Removal
from app.bench.mask_statistics import MaskSettings
from app.figures.layout import Figure
from app.figures.palette import Palette, palette
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.knock_outs import (
    DRAWS,
    KnockOut,
    Outcome,
    edge_note,
    knock_out_plan,
    knock_out_rows,
    knock_out_takeaway,
    knock_outs,
    removal_name,
)
from app.views.tall_masks.knock_outs_figure import knock_outs_figure
from app.views.tall_masks.masked_updates import MaskedUpdates
from app.views.tall_masks.measuring_card import evaluated, grid_input, halves_note
from app.views.tall_masks.reached_figure import Reached
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.words.numbers import percent
from app.work.jobs import JobContext
from app.work.measurement import Measurement

_GRID = (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.4)


def knock_outs_card(diagnosis: Diagnosis, settings: MaskSettings) -> None:
    """Draw what removing weights costs, or how to measure it."""
    bench, tasks = diagnosis.bench, evaluated(diagnosis)
    with card("masks.knock_outs", "Measured: remove them, and random ones"):
        grid = grid_input(diagnosis.selection, "knock_grid", "scalings tried", _GRID, low=0.0)
        if grid is None:
            return
        batch = diagnosis.requests.batch("masks.knock_outs")
        batch.plan(
            (settings, grid),
            lambda: knock_out_plan(
                bench, MaskedUpdates(bench, settings.scope, settings.vector), settings, grid, tasks
            ),
        )
        batch_controls(
            batch,
            key="masks.knock_outs",
            what=f"{len(batch.names)} merges",
            costs=f"Selfish, catastrophic and both, and {DRAWS} random draws for each, at every scaling; "
            f"each is evaluated on all of {len(tasks)} validation sets.",
        )
        found = knock_outs(batch.results, grid)
        if not found:
            st.caption(
                "Few weights can carry half of ‖τ_M‖², and taking out any of them moves the best scaling: so "
                "each removal stands beside random ones, at one scaling and at each one's own best."
            )
            return
        chart(
            "masks.knock_outs",
            _figure(found, palette(st.context.theme.type)),
            takeaway=knock_out_takeaway(found),
            cannot_say=f"Mean accuracy over {len(tasks)} tasks, 95 % intervals (bootstrap over images). "
            f"Bands: lowest to highest of the random draws, as many weights of the same tensors in each "
            f"of {N_BINS} sizes of |τ_M|{_drawn_again(diagnosis, settings)}. {halves_note(diagnosis)} "
            f"{edge_note(found)}",
            rows=lambda: knock_out_rows(found),
        )


def _drawn_again(diagnosis: Diagnosis, settings: MaskSettings) -> str:
    """How many of the removed weights the controls take too; empty until it is known."""

    def work(context: JobContext) -> dict[Removal, float]:
        updates = MaskedUpdates(diagnosis.bench, settings.scope, settings.vector)
        shares = {removal: updates.expected_overlap(settings, removal, context) for removal in Removal}
        return {removal: share for removal, share in shares.items() if share is not None}

    request = diagnosis.requests.of("masks.drawn_again")
    answer = request.want(Measurement(settings, work), label="Comparing with random draws")
    if not answer.is_current or not answer.value:
        return ""
    shares = [
        f"{percent(share)} {removal_name(removal).replace('without', 'of the').replace('the both', 'both')}"
        for removal, share in answer.value.items()
    ]
    return f", which on average takes {', '.join(shares)} again"


def _figure(found: Sequence[KnockOut], colours: Palette) -> Figure:
    return knock_outs_figure(
        [_row(one.removal, one.same, colours) for one in found],
        [_row(one.removal, one.own, colours) for one in found],
        colours,
        titles=(f"all at λ = {found[0].own.scaling:g}", "each at its own best λ"),
    )


def _row(removal: Removal | None, outcome: Outcome, colours: Palette) -> Reached:
    shades = {Removal.SELFISH: colours.selfish, Removal.CATASTROPHIC: colours.catastrophic}
    control, accuracy = outcome.control, outcome.accuracy
    random = (
        ""
        if control is None
        else f"<br>{control.n} random draws: {percent(control.low, 1)} to {percent(control.high, 1)}"
    )
    return Reached(
        removal_name(removal),
        accuracy.value,
        accuracy.low,
        accuracy.high,
        f"{100 * accuracy.value:.1f}",
        f"{removal_name(removal)} at λ = {outcome.scaling:g}: {percent(accuracy.value, 1)}{random}",
        colours.ink if removal is None else shades.get(removal, colours.merge),
        None if control is None else control.low,
        None if control is None else control.high,
    )
