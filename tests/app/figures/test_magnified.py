import plotly.graph_objects as go
import pytest

from app.figures.dumbbells import DumbbellRow, dumbbells
from app.figures.magnified import magnified
from app.figures.palette import palette

ROW = DumbbellRow(task="digits", zero_shot=0.4, fine_tuned=0.97, accuracy=0.7, low=0.6, high=0.8)


@pytest.fixture
def figure():
    figure = go.Figure(
        layout={"height": 300, "margin": {"l": 10}, "font": {"size": 13}, "xaxis": {"tickfont": {"size": 11}}}
    )
    figure.add_scatter(
        x=[1, 2],
        y=[3, 4],
        marker={"size": [8, 10], "line": {"width": 2}},
        error_x={"array": [1, 1], "width": 4},
    )
    figure.add_bar(x=[1], y=[2], width=0.5, marker={"line": {"width": 1}}, textfont={"size": 12})
    figure.add_annotation(x=1, y=1, text="a", yshift=6, font={"size": 10})
    figure.add_shape(type="line", x0=0, x1=1, y0=0, y1=1, line={"width": 3})
    return figure


def test_pixels_grow_and_places_stay(figure):
    got = magnified(figure, 2.0)

    layout, dots, bars = got.layout, got.data[0], got.data[1]
    assert (layout.height, layout.margin.l, layout.font.size, layout.xaxis.tickfont.size) == (600, 20, 26, 22)
    assert (tuple(dots.marker.size), dots.marker.line.width, dots.error_x.width) == ((16, 20), 4, 8)
    assert (tuple(dots.x), tuple(dots.y), tuple(dots.error_x.array)) == ((1, 2), (3, 4), (1, 1))
    assert (bars.width, bars.marker.line.width, bars.textfont.size) == (0.5, 2, 24)
    assert (layout.annotations[0].yshift, layout.annotations[0].font.size, layout.annotations[0].x) == (
        12,
        20,
        1,
    )
    assert (layout.shapes[0].line.width, layout.shapes[0].x1) == (6, 1)


def test_figure_that_was_magnified_is_left_as_it_is(figure):
    before = figure.to_json()

    magnified(figure, 1.5)

    assert figure.to_json() == before


def test_presented_palette_draws_every_figure_larger():
    desk, wall = dumbbells([ROW], palette("light")), dumbbells([ROW], palette("light", magnification=1.5))

    assert wall.layout.height == round(1.5 * desk.layout.height)
    assert wall.layout.font.size == round(1.5 * desk.layout.font.size)
    assert [trace.name for trace in wall.data] == [trace.name for trace in desk.data]
