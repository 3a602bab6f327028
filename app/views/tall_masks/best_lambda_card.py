"""Card of TALL masks: the λ at which the mask of each task rebuilds it best."""

import streamlit as st

from app.bench.mask_statistics import MaskSettings
from app.figures.heat_map import Cells
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.best_lambda import (
    LOWEST,
    best_lambda_rows,
    best_lambdas,
    best_takeaway,
    mean_of_best,
    sweep_cells,
    sweep_columns,
)
from app.views.tall_masks.best_lambda_figure import best_lambda_figure
from app.views.tall_masks.evaluated_tasks import evaluated, halves_note
from app.views.tall_masks.grid_card import grid_input
from app.views.tall_masks.reconstruction import Measured, reconstructed, reconstruction_plan
from app.views.tall_masks.settings import use_lambdas
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette

_GRID = (0.2, 0.3, 0.4, 0.5, 0.6)


def best_lambda_card(diagnosis: Diagnosis, settings: MaskSettings) -> None:
    """Draw the accuracy of every task at every λ tried, or how to measure it."""
    bench, tasks, n_images = diagnosis.bench, evaluated(diagnosis), diagnosis.sample.n_images
    with card("masks.best", "Measured: the best λ of each task"):
        grid = grid_input(diagnosis.selection, "best_grid", "λ to try", _GRID, low=0.0)
        if grid is None:
            return
        wanted = [(task, stop) for stop in grid for task in tasks]
        batch = diagnosis.requests.batch("masks.best")
        batch.plan(
            (settings.vector, tuple(wanted), n_images),
            lambda: reconstruction_plan(bench, settings, wanted, n_images),
        )
        batch_controls(
            batch,
            key="masks.best",
            what=f"{len(tasks)} tasks at {len(grid)} λ",
            costs=f"Each is evaluated on {diagnosis.sample.in_words}, of its own task.",
            sample=diagnosis.sample,
        )
        if reconstructed(batch.results, wanted, intervals=False):
            _sweep(diagnosis, batch.results, grid)
        else:
            st.caption(halves_note(diagnosis, "λ"))


def _sweep(diagnosis: Diagnosis, measured: Measured, grid: tuple[float, ...]) -> None:
    """Draw what is measured, and the button that takes the best λ for the masks."""
    tasks = evaluated(diagnosis)
    best = best_lambdas(measured, tasks, grid)
    values = sweep_cells(measured, tasks, grid, best)
    cells = Cells(
        rows=tasks,
        columns=sweep_columns(grid),
        values=values,
        text=[["" if value is None else f"{100 * value:.1f}" for value in row] for row in values],
    )
    chart(
        "masks.best",
        best_lambda_figure(
            cells,
            tab_palette(),
            low=min([LOWEST, *(value for row in values for value in row if value is not None)]),
            best=[(tasks.index(one.task), grid.index(one.tall_lambda)) for one in best],
        ),
        takeaway=best_takeaway(best, mean_of_best(measured, best), len(grid)),
        cannot_say="Accuracy of the rebuilt task in % of the fine-tuned model's. "
        f"{halves_note(diagnosis, 'λ')} On the half where it was chosen, the best of several λ looks better "
        "than it is. Framed: the λ chosen, the smallest of equally good ones.",
        rows=lambda: best_lambda_rows(measured, [(task, stop) for stop in grid for task in tasks], best),
    )
    if best:
        st.button(
            "Use these λ",
            key="masks.best.use",
            icon=":material/check:",
            on_click=use_lambdas,
            args=(diagnosis.selection, {one.task: one.tall_lambda for one in best}),
        )
