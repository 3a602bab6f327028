"""Cards of TALL masks: every task rebuilt from its mask and measured, and the λ that does it best."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.bench.halves import choosing_half, reporting_half
from app.bench.mask_statistics import MaskSettings
from app.figures.heat_map import Cells
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.masked_updates import MaskedUpdates
from app.views.tall_masks.measuring_card import evaluated, grid_input, halves_note
from app.views.tall_masks.reached_figure import Reached, reached_figure
from app.views.tall_masks.reconstruction import (
    PAPER,
    BestLambda,
    best_lambdas,
    best_takeaway,
    mean_reconstruction,
    reconstructed,
    reconstruction_plan,
    reconstruction_rows,
    reconstruction_takeaway,
)
from app.views.tall_masks.reconstruction_figure import reconstruction_figure
from app.views.tall_masks.settings_card import use_lambdas
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.words.numbers import percent

_GRID = (0.2, 0.3, 0.4, 0.5, 0.6)
_REPORTED = "other half"


def reconstruction_card(diagnosis: Diagnosis, settings: MaskSettings) -> None:
    """Draw what every task gets back from its mask, or how to measure it."""
    bench, tasks = diagnosis.bench, evaluated(diagnosis)
    wanted = [
        (task, tall_lambda)
        for task, tall_lambda in zip(bench.tasks, settings.tall_lambda, strict=True)
        if task in tasks
    ]
    batch = diagnosis.requests.batch("masks.reconstruction")
    batch.plan(
        (settings.vector, tuple(wanted)),
        lambda: reconstruction_plan(bench, MaskedUpdates(bench, settings.scope, settings.vector), wanted),
    )

    def clicked(point: Mapping[str, Any]) -> None:
        if point["y"] in tasks:
            diagnosis.selection.choose_task(point["y"])

    with card("masks.reconstruction", "Measured: each task rebuilt from its mask"):
        batch_controls(
            batch,
            key="masks.reconstruction",
            what=f"{len(wanted)} rebuilt tasks",
            costs="Each is evaluated on all of its own validation.",
        )
        found = reconstructed(batch.results, wanted)
        if not found:
            st.caption(
                "θ₀ + mₜ ⊙ τ_M, unscaled: does a bit for every weight give the fine-tuned model back? The "
                "paper finds at least 99 % of its accuracy."
            )
            return
        chart(
            "masks.reconstruction",
            reached_figure(
                [
                    Reached(
                        one.task,
                        one.interval.value,
                        one.interval.low,
                        one.interval.high,
                        percent(one.interval.value),
                        f"{one.task}, λ = {one.tall_lambda:g}: {percent(one.accuracy, 1)} of {one.n} images, "
                        f"fine-tuned {percent(one.fine_tuned, 1)}",
                    )
                    for one in found
                    if one.interval is not None
                ],
                palette(st.context.theme.type),
                target=PAPER,
                target_name="the paper's 99 %",
                chosen=diagnosis.selection.task,
            ),
            takeaway=reconstruction_takeaway(found, mean_reconstruction(batch.results, wanted)),
            cannot_say="Accuracy of θ₀ + mₜ ⊙ τ_M against the fine-tuned model's on the same "
            f"{max(one.n for one in found)} images a task, with 95 % intervals (paired bootstrap). The task "
            "must be known to choose its mask: this is no single merged model.",
            rows=lambda: reconstruction_rows(found),
            on_click=clicked,
        )


def best_lambda_card(diagnosis: Diagnosis, settings: MaskSettings) -> None:
    """Draw the accuracy of every task at every λ tried, and what the best gives on other images."""
    bench, tasks = diagnosis.bench, evaluated(diagnosis)
    with card("masks.best", "Measured: the best λ of each task"):
        grid = grid_input(diagnosis.selection, "tall_grid", "λ tried", _GRID, low=0.0)
        if grid is None:
            return
        wanted = [(task, stop) for stop in grid for task in tasks]
        batch = diagnosis.requests.batch("masks.best")
        batch.plan(
            (settings.vector, tuple(wanted)),
            lambda: reconstruction_plan(bench, MaskedUpdates(bench, settings.scope, settings.vector), wanted),
        )
        batch_controls(
            batch,
            key="masks.best",
            what=f"{len(tasks)} tasks at {len(grid)} λ",
            costs="Each is evaluated on all of the task's own validation.",
        )
        measured = batch.results
        if not reconstructed(measured, wanted, intervals=False):
            st.caption(halves_note(diagnosis))
            return
        best = best_lambdas(measured, tasks, grid)
        mean = mean_reconstruction(
            measured, [(one.task, one.tall_lambda) for one in best], half=reporting_half
        )
        chart(
            "masks.best",
            _sweep(diagnosis, tasks, grid, best),
            takeaway=best_takeaway(best, mean, len(grid)),
            cannot_say=f"Per cent of the fine-tuned accuracy. {halves_note(diagnosis)} The best of several "
            "looks better than it is where it was chosen. Framed: the λ chosen, of equals the smallest.",
            rows=lambda: [
                {"half": half} | row
                for half, found in (
                    ("choosing", reconstructed(measured, wanted, half=choosing_half)),
                    ("reporting", [one.reported for one in best]),
                )
                for row in reconstruction_rows(found)
            ],
        )
        if best:
            st.button(
                "Use these λ",
                key="masks.best.use",
                icon=":material/check:",
                on_click=use_lambdas,
                args=(diagnosis.selection, {one.task: one.tall_lambda for one in best}),
            )


def _sweep(
    diagnosis: Diagnosis, tasks: tuple[str, ...], grid: tuple[float, ...], best: tuple[BestLambda, ...]
) -> Any:
    measured = diagnosis.requests.batch("masks.best").results
    columns = [f"{stop:g}" for stop in grid]
    reported = {one.task: one.reported.share for one in best}
    values: list[list[float | None]] = []
    for task in tasks:
        row: list[float | None] = []
        for stop in grid:
            found = reconstructed(measured, [(task, stop)], half=choosing_half, intervals=False)
            row.append(found[0].share if found else None)
        values.append([*row, reported.get(task)])
    known = [value for row in values for value in row if value is not None]
    return reconstruction_figure(
        Cells(
            rows=tasks,
            columns=[*columns, _REPORTED],
            values=values,
            text=[["" if value is None else f"{100 * value:.1f}" for value in row] for row in values],
        ),
        palette(st.context.theme.type),
        low=min([0.9, *known]),
        best=[(tasks.index(one.task), grid.index(one.tall_lambda)) for one in best],
    )
