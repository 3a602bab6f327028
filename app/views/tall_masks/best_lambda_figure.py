"""Accuracies of rebuilt tasks as a heat map over λ, each task's best λ framed."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.figures.focus import chosen_frame
from app.figures.heat_map import Cells, draw_heat_map
from app.figures.once import built_once
from app.figures.palette import Palette


@built_once
def best_lambda_figure(
    cells: Cells, colours: Palette, *, low: float, best: Sequence[tuple[int, int]]
) -> go.Figure:
    """Draw the heat map; a click gives a task as y and its λ as x.

    Args:
        cells: Shares of the fine-tuned accuracy, tasks by λ.
        colours: The theme's.
        low: Share of the palest colour; that of the fullest is 1.
        best: Row and column of each framed cell, by number.
    """
    figure = draw_heat_map(cells, colours, low=low, high=1.0, unit="of fine-tuned")
    for row, column in best:
        across, down = (column - 0.5, column + 0.5), (row - 0.5, row + 0.5)
        figure.add_shape(chosen_frame(across, down, colours, name="best"))
    return figure
