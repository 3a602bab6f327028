"""Confusion matrix of a model: what it takes each class for."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.contrast import stops
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette

_CELL = 26
_MOST_LABELLED = 12
"""Classes up to which every cell carries its number."""


@built_once
def confusion_figure(
    counts: Sequence[Sequence[int]],
    classes: Sequence[str],
    colours: Palette,
    *,
    is_difference: bool,
    baseline_name: str = "",
) -> go.Figure:
    """Draw a confusion matrix, or the difference of two: true classes downwards, chosen ones across.

    Args:
        counts: Images, (C, C); a difference is the merge's minus the baseline's.
        classes: Names, (C,).
        colours: The theme's.
        is_difference: Centre the colours on 0: blue is more than the baseline, orange less.
        baseline_name: What the difference is against.
    """
    largest = max((abs(value) for row in counts for value in row), default=0) or 1
    what = f"images more than {baseline_name}" if is_difference else "images"
    return go.Figure(
        go.Heatmap(
            z=counts,
            x=list(classes),
            y=list(classes),
            zmin=-largest if is_difference else 0,
            zmax=largest,
            colorscale=_scale(colours, is_difference=is_difference),
            showscale=False,
            xgap=1,
            ygap=1,
            hovertemplate=f"%{{y}} taken for %{{x}}: %{{z}} {what}<extra></extra>",
        ),
        layout=plain_layout(
            colours,
            height=_CELL * len(classes) + 60,
            margin={"l": 4, "r": 4, "t": 4, "b": 30},
            xaxis=plain_axis(colours, type="category", showgrid=False),
            yaxis=plain_axis(colours, type="category", showgrid=False, autorange="reversed"),
            annotations=_labels(counts, classes, colours, largest, is_difference=is_difference)
            if len(classes) <= _MOST_LABELLED
            else [],
        ),
    )


def _scale(colours: Palette, *, is_difference: bool) -> list[tuple[float, str]]:
    if is_difference:
        return stops((colours.pinned, colours.paper, colours.merge))
    return stops((colours.sequential[0], colours.sequential[-2]))


def _labels(
    counts: Sequence[Sequence[int]],
    classes: Sequence[str],
    colours: Palette,
    largest: int,
    *,
    is_difference: bool,
) -> list[go.layout.Annotation]:
    # Plotly picks the text colour badly on dark cards, so it is set here: paper on strong cells, else ink.
    return [
        go.layout.Annotation(
            x=classes[chosen],
            y=classes[true],
            text=f"{count:+d}" if is_difference else str(count),
            showarrow=False,
            font={"size": 11, "color": colours.paper if abs(count) > 0.55 * largest else colours.ink},
        )
        for true, row in enumerate(counts)
        for chosen, count in enumerate(row)
        if count
    ]
