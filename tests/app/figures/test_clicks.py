import plotly.graph_objects as go

from app.figures.clicks import as_unclicked, click_targets


def test_targets_are_invisible_before_and_after_a_click():
    targets = go.Scatter(**click_targets([0.0, 1.0], ["digits", "signs"], size=22))

    assert targets.marker.opacity == 0.0
    assert (targets.selected.marker.opacity, targets.unselected.marker.opacity) == (0.0, 0.0)


def test_targets_take_clicks_also_without_a_text_under_the_mouse():
    assert click_targets([0.0], [0.0], size=9)["hoverinfo"] == "none"  # "skip" would let clicks pass


def test_targets_have_the_size_shape_and_text_that_a_figure_wants():
    targets = go.Scatter(
        **click_targets([0.0], [0.0], size=9, symbol="square", hovertext=["digits"], hoverinfo="text")
    )

    assert (targets.marker.size, targets.marker.symbol) == (9, "square")
    assert (targets.hovertext, targets.hoverinfo) == (("digits",), "text")


def test_a_click_leaves_marks_as_visible_as_they_were():
    bar = go.Bar(x=[1.0], opacity=0.7, **as_unclicked(0.7))

    assert (bar.selected.marker.opacity, bar.unselected.marker.opacity) == (0.7, 0.7)
    assert as_unclicked()["unselected"]["marker"]["opacity"] == 1.0
