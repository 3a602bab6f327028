from app.figures.palette import LIGHT
from app.views.sign_conflicts.magnitude_figure import BandCurve, magnitude_figure

BANDS = ["100–50 %", "largest 50 %"]


def drawn(lines, by_chance=(0.01, 0.02), **others):
    return magnitude_figure(BANDS, lines, LIGHT, chance=0.5, by_chance=by_chance, title="rank", **others)


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


def test_lines_stand_beside_chance_with_its_interval_and_the_one_in_focus_on_top():
    figure = drawn({"pair": BandCurve([0.4, None]), "all pairs": BandCurve([0.5, 0.45], is_focus=False)})

    null = trace(figure, "null")
    assert (list(null.y), list(null.error_y.array)) == ([0.5, 0.5], [0.01, 0.02])
    assert [one.name for one in figure.data] == ["null", "all pairs", "pair"]
    assert trace(figure, "pair").line.color == LIGHT.merge


def test_bands_that_trimming_keeps_are_shaded():
    figure = drawn({"pair": BandCurve([0.4, 0.4])}, kept_from=0.5, kept_text="kept at 50 %")

    (shade,) = figure.layout.shapes
    assert (shade.x0, shade.x1) == (0.5, 1.5)
    assert figure.layout.annotations[0].text == "kept at 50 %"
    assert not drawn({"pair": BandCurve([0.4, 0.4])}).layout.shapes


def test_a_band_of_few_weights_does_not_stretch_the_axis():
    low, high = drawn({"pair": BandCurve([0.48, 0.5])}, by_chance=(0.01, 0.9)).layout.yaxis.range

    assert 0.4 < low < 0.48
    assert 0.5 < high < 0.6


def test_a_far_band_does_stretch_the_axis():
    low, _ = drawn({"pair": BandCurve([0.5, 0.1])}).layout.yaxis.range

    assert low < 0.1
