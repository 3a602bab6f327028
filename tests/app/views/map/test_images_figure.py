import base64
import io

import numpy as np
import pytest
from PIL import Image

from app.figures.palette import DARK, LIGHT
from app.views.map.images_figure import FRAME, ImageDots, as_address, images_figure


def drawn(n_classes, colours=LIGHT):
    dots = [ImageDots(model, [0.0, 1.0], [0.0, 1.0], [True, False]) for model in ("base", "this merge")]
    classes = [f"class {k}" for k in range(n_classes)]
    return images_figure(
        dots,
        classes,
        [0, 1],
        [(0.0, 0.0)] * n_classes,
        ["data:image/png;base64,AA", "data:image/png;base64,BB"],
        colours,
        strokes=("base", "this merge"),
    ).to_dict()


def hues(n_classes, colours=LIGHT):
    return drawn(n_classes, colours)["layer"][1]["encoding"]["color"]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("n_classes", [2, 8, 10, 16])
def test_no_two_classes_share_a_hue(n_classes, colours):
    assert len(set(hues(n_classes, colours)["scale"]["range"])) == n_classes


def test_more_classes_than_hues_are_named_under_the_mouse_alone():
    colour = hues(17)

    assert len(set(colour["scale"]["range"])) == 1
    assert colour["legend"] is None


def test_every_mark_carries_its_picture():
    found = drawn(2)
    rows = found["datasets"][found["layer"][1]["data"]["name"]]

    assert [row["image"][-2:] for row in rows] == ["AA", "BB", "AA", "BB"]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_the_key_of_the_models_can_be_read_in_either_theme(colours):
    key = drawn(4, colours)["layer"][1]["encoding"]["shape"]["legend"]

    assert (key["symbolFillColor"], key["labelColor"]) == (colours.ink, colours.ink)


def test_strokes_do_not_answer_the_mouse():
    assert drawn(2)["layer"][0]["mark"]["tooltip"] is None


@pytest.mark.parametrize(("side", "shown"), [(32, 128), (50, 100), (128, 128), (224, 128)])
def test_pictures_are_large_enough_to_be_seen(side, shown):
    pixels = np.random.default_rng(0).integers(0, 256, (3, side, side), np.uint8)

    content = base64.b64decode(as_address(pixels).partition(",")[2])

    assert Image.open(io.BytesIO(content)).size == (shown, shown)


def test_enlarged_picture_has_the_pixels_of_the_small_one():
    pixels = np.random.default_rng(0).integers(0, 256, (3, 32, 32), np.uint8)

    picture = Image.open(io.BytesIO(base64.b64decode(as_address(pixels).partition(",")[2])))

    np.testing.assert_array_equal(np.asarray(picture)[::4, ::4], pixels.transpose(1, 2, 0))


def test_a_frame_gives_both_its_ends_on_each_axis():
    frames = [one for one in drawn(2)["params"] if one["name"] == FRAME]

    assert [one["select"]["encodings"] for one in frames] == [["x", "y"]]


def test_a_model_keeps_its_shape_whichever_others_are_drawn():
    shape = drawn(2)["layer"][1]["encoding"]["shape"]["scale"]

    assert (shape["domain"], shape["range"]) == (["base", "this merge"], ["cross", "circle"])
