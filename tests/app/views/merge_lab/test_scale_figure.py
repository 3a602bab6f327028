from app.figures.palette import LIGHT
from app.views.merge_lab.scale_figure import scale_figure


def test_bar_of_each_layer_is_as_high_as_its_factor():
    (bar,) = scale_figure(0.25, [0.5, 0.75, 1.0], LIGHT).data

    assert dict(zip(bar.x, bar.y, strict=True)) == {"out": 0.25, "0": 0.5, "1": 0.75, "2": 1.0}


def test_what_lies_outside_the_blocks_stands_apart_in_grey():
    (bar,) = scale_figure(0.25, [0.5, 0.75], LIGHT).data

    assert bar.marker.color == (LIGHT.quiet, LIGHT.merge, LIGHT.merge)


def test_large_alpha_is_drawn_in_the_warning_colour():
    (bar,) = scale_figure(1.5, [1.5, 2.0], LIGHT, alpha_is_large=True).data

    assert bar.marker.color[0] == LIGHT.worse


def test_deep_tower_names_only_some_of_its_layers():
    figure = scale_figure(0.5, [0.5] * 24, LIGHT)

    assert figure.layout.xaxis.tickvals[:4] == ("out", "0", "2", "4")
    assert len(figure.data[0].x) == 25


def test_factors_below_zero_keep_the_axis_at_zero():
    assert scale_figure(-0.5, [-0.5, 0.0], LIGHT).layout.yaxis.rangemode == "tozero"


def test_model_without_blocks_has_one_bar():
    (bar,) = scale_figure(0.5, [], LIGHT).data

    assert (bar.x, bar.y) == (("out",), (0.5,))
