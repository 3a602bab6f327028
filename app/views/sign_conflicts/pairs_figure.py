"""Pairs of tasks by two measures: one above the diagonal, another below, each with its own scale."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.figures.axes import written
from app.figures.contrast import between, readable_on
from app.figures.heat_map import Cells, draw_heat_map
from app.figures.once import built_once
from app.figures.palette import Palette
from app.views.sign_conflicts.triangle import Triangle

_NOTED = 10
"""Tasks up to which cells have room for a note."""


@built_once
def pairs_figure(
    tasks: Sequence[str],
    above: Triangle,
    below: Triangle,
    hover: Sequence[Sequence[str]],
    colours: Palette,
    *,
    chosen: tuple[str, str] | None = None,
) -> go.Figure:
    """Draw the matrix; a click gives a pair as y and x.

    Args:
        tasks: In the order shown.
        above: Measure above the diagonal.
        below: Measure below it.
        hover: Text of each cell under the mouse, (T, T).
        colours: The theme's.
        chosen: Pair whose two cells are framed.
    """
    height = 110 + max(22, min(40, 340 // max(len(tasks), 1))) * len(tasks)
    figure = _half(tasks, above, hover, colours, height, is_upper=True, chosen=chosen)
    other = _half(tasks, below, hover, colours, height, is_upper=False, chosen=chosen)
    # The targets of the first half take the clicks of both.
    figure.add_traces([trace for trace in other.data if trace.name != "cells"])
    names = written(tasks, colours, chosen or ())
    figure.update_xaxes(ticktext=names).update_yaxes(ticktext=names)
    _note(figure, tasks, below, colours)
    figure.layout.shapes += other.layout.shapes
    return figure


def _half(
    tasks: Sequence[str],
    measure: Triangle,
    hover: Sequence[Sequence[str]],
    colours: Palette,
    height: int,
    *,
    is_upper: bool,
    chosen: tuple[str, str] | None,
) -> go.Figure:
    figure = draw_heat_map(
        _cells(tasks, measure, hover, is_upper=is_upper),
        colours,
        low=-measure.reach,
        high=measure.reach,
        is_diverging=True,
        chosen=_cell(tasks, chosen, is_upper=is_upper),
        height=height,
    )
    scale = figure.data[0]
    scale.name = measure.title
    scale.colorbar.update(
        title={"text": measure.title, "side": "right", "font": {"size": 11, "color": colours.quiet}},
        tickmode="array",
        tickvals=[measure.above_neutral(value) for value, _ in measure.ticks],
        ticktext=[text for _, text in measure.ticks],
        len=0.48,
        y=0.76 if is_upper else 0.24,
        ticks="inside",
        ticklen=9,
        tickcolor=colours.ink,
    )
    return figure


def _cells(
    tasks: Sequence[str], measure: Triangle, hover: Sequence[Sequence[str]], *, is_upper: bool
) -> Cells:
    """The cells of one triangle; those outside it are empty, those inside without a value hatched."""
    n = len(tasks)
    is_in = [[(column > row) if is_upper else (column < row) for column in range(n)] for row in range(n)]
    shown: list[list[float | None]] = [
        [
            None if value is None or not inside else measure.above_neutral(value)
            for value, inside in zip(values, row, strict=True)
        ]
        for values, row in zip(measure.values, is_in, strict=True)
    ]
    hatched = [
        [inside and value is None for value, inside in zip(values, row, strict=True)]
        for values, row in zip(measure.values, is_in, strict=True)
    ]
    return Cells(tasks, tasks, shown, measure.text, hover, hatched)


def _note(figure: go.Figure, tasks: Sequence[str], measure: Triangle, colours: Palette) -> None:
    if measure.notes is None or len(tasks) > _NOTED:
        return
    for row in range(len(tasks)):
        for column in range(row):
            if measure.notes[row][column]:
                ground = _ground(measure, measure.values[row][column], colours)
                figure.add_annotation(
                    text=measure.notes[row][column],
                    x=column,
                    y=row,
                    yshift=-13,
                    showarrow=False,
                    font={"size": 9, "color": readable_on(ground, colours.text)},
                )


def _ground(measure: Triangle, value: float | None, colours: Palette) -> str:
    if value is None:
        return colours.paper
    return between(colours.diverging, 0.5 + measure.above_neutral(value) / (2 * measure.reach))


def _cell(
    tasks: Sequence[str], pair: tuple[str, str] | None, *, is_upper: bool
) -> tuple[str | None, str | None]:
    if pair is None:
        return None, None
    first, last = sorted(pair, key=list(tasks).index)
    return (first, last) if is_upper else (last, first)
