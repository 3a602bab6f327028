"""Accuracy of a merge on each task, on a track from zero-shot to fine-tuned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import inked, plain_axis, row_axis
from app.figures.clicks import unseen
from app.figures.focus import pinned_marker, tick_marker
from app.figures.intervals import interval
from app.figures.layout import plain_layout
from app.figures.notes import row_note
from app.figures.once import built_once
from app.figures.palette import Palette

ROW_HEIGHT = 38


@dataclass(frozen=True, slots=True)
class DumbbellRow:
    """One task; accuracies in 0 … 1, None where not known yet."""

    task: str
    zero_shot: float | None = None
    fine_tuned: float | None = None
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    """Ends of the accuracy's 95 % Wilson interval."""
    pinned: float | None = None
    difference: float | None = None
    """Accuracy minus the pinned run's, on the same images."""
    difference_low: float | None = None
    difference_high: float | None = None
    """Ends of the difference's own paired 95 % interval."""
    is_clear: bool = False
    """Whether the difference stands after correcting for the number of tasks."""
    is_control: bool = False
    """Whether the row is evaluated only, never merged."""
    is_stale: bool = False
    """Whether the accuracy belongs to the recipe before this one."""


@built_once
def dumbbells(
    rows: Sequence[DumbbellRow],
    colours: Palette,
    *,
    chosen: str | None = None,
    recipe: str = "",
    baseline: str = "pinned",
) -> go.Figure:
    """Draw one row per task: a track from zero-shot to fine-tuned, and the merge upon it.

    Args:
        rows: In the order drawn, from the top.
        colours: The theme's.
        chosen: Task whose name is drawn bold.
        recipe: Digest of the recipe drawn, kept in the figure's metadata.
        baseline: Name of the pinned run, under the mouse.
    """
    tasks = [row.task for row in rows]
    figure = go.Figure(layout=_layout(rows, colours, chosen) | {"meta": recipe})
    between = [row for row in rows if row.zero_shot is not None and row.fine_tuned is not None]
    if between:
        figure.add_scatter(
            name="tracks",
            x=[x for row in between for x in (row.zero_shot, row.fine_tuned, None)],
            y=[task for row in between for task in (row.task, row.task, None)],
            mode="lines",
            line={"width": 7, "color": colours.track},
            hoverinfo="skip",
        )
    _ticks(figure, tasks, [row.zero_shot for row in rows], colours.zero_shot, "zero-shot")
    _ticks(figure, tasks, [row.fine_tuned for row in rows], colours.fine_tuned, "fine-tuned")
    figure.add_scatter(
        name="pinned",
        x=[row.pinned for row in rows],
        y=tasks,
        mode="markers",
        marker=pinned_marker(colours),
        hovertemplate=f"%{{y}}: {baseline} %{{x:.1%}}<extra></extra>",
    )
    _merge(figure, rows, colours)
    # A click anywhere on a row chooses its task.
    figure.add_bar(name="rows", orientation="h", x=[2.0] * len(tasks), base=-0.5, y=tasks, **unseen())
    return figure


def _layout(rows: Sequence[DumbbellRow], colours: Palette, chosen: str | None) -> dict[str, Any]:
    known = [
        value
        for row in rows
        for value in (row.zero_shot, row.fine_tuned, row.low, row.high, row.pinned)
        if value is not None
    ]
    left = max(0.0, min(known, default=0.0) - 0.04)
    called = colours.called([row.task for row in rows])
    labels = [_label(row, name, is_chosen=row.task == chosen) for row, name in zip(rows, called, strict=True)]
    return plain_layout(
        colours,
        height=ROW_HEIGHT * len(rows) + 40,
        margin={"l": 8, "r": 122 if any(row.difference is not None for row in rows) else 56, "t": 4, "b": 24},
        xaxis=plain_axis(colours, range=[left, 1.03], tickformat=".0%", nticks=6, tickangle=0),
        yaxis=row_axis(
            [row.task for row in rows],
            colours,
            range=[len(rows) - 0.4, -0.6],
            ticktext=labels,
            tickfont=inked(colours),
        ),
        annotations=[note for row in rows for note in _numbers(row, colours)],
        uirevision="dumbbells",
    )


def _label(row: DumbbellRow, called: str, *, is_chosen: bool) -> str:
    name = f"<i>{called}, control</i>" if row.is_control else called
    return f"<b>{name}</b>" if is_chosen else name


def _numbers(row: DumbbellRow, colours: Palette) -> list[dict[str, Any]]:
    """The accuracy and the difference, right-aligned in two columns beside the row."""
    if row.accuracy is None:
        return []
    ink = colours.quiet if row.is_stale else colours.ink
    notes = [_note(row.task, 50, f"<b>{100 * row.accuracy:.1f}</b>", ink)]
    if row.difference is not None:
        colour = colours.quiet
        if row.is_clear:
            colour = colours.better if row.difference > 0 else colours.worse
        text = f"{_signed(row.difference, 1)}{'*' if row.is_clear else ''}"
        if row.difference_low is not None and row.difference_high is not None:
            ends = f"{_signed(row.difference_low, 0)} to {_signed(row.difference_high, 0)}"
            text += f"<br><span style='font-size:10px'>{ends}</span>"
        notes.append(_note(row.task, 118, text, colour))
    return notes


def _signed(value: float, digits: int) -> str:
    return f"{100 * value:+.{digits}f}".replace("-", "−")


def _note(task: str, shift: int, text: str, colour: str) -> dict[str, Any]:
    font = {"color": colour, "size": 14}
    return row_note(task, text, shift=shift, xanchor="right", align="right", font=font)


def _ticks(
    figure: go.Figure, tasks: Sequence[str], values: Sequence[float | None], colour: str, name: str
) -> None:
    figure.add_scatter(
        name=name,
        x=values,
        y=tasks,
        mode="markers",
        marker=tick_marker(colour),
        hovertemplate=f"%{{y}}: {name} %{{x:.1%}}<extra></extra>",
    )


def _merge(figure: go.Figure, rows: Sequence[DumbbellRow], colours: Palette) -> None:
    accuracies = [row.accuracy for row in rows]
    figure.add_scatter(
        name="merge",
        x=accuracies,
        y=[row.task for row in rows],
        mode="markers",
        marker={
            "size": 11,
            "color": colours.merge,
            "opacity": [0.35 if row.is_stale else 1.0 for row in rows],
        },
        error_x=interval(accuracies, [row.low for row in rows], [row.high for row in rows], colours.merge),
        hovertemplate="%{y}: %{x:.1%}<extra></extra>",
    )
