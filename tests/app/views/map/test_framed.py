from dataclasses import replace

import numpy as np
import pytest

from app.views.map.framed import framed, framed_sentence
from app.views.map.images import BASE, FINE_TUNED, MERGED, ImageFeatures

ENDS = (BASE, MERGED)


@pytest.fixture
def features():
    """Three images on a diagonal under the base, moved far to the right by the merge."""
    at = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
    return ImageFeatures(
        task="deep",
        classes=("a", "b"),
        labels=np.array([0, 1, 1]),
        images=np.arange(3 * 3 * 4, dtype=np.uint8).reshape(3, 3, 2, 2),
        points={BASE: at, FINE_TUNED: at + np.array([100, 0]), MERGED: at + np.array([10, 0])},
        prototypes=np.zeros((2, 2)),
        correct={
            BASE: np.array([True, True, False]),
            FINE_TUNED: np.array([True, True, True]),
            MERGED: np.array([True, False, True]),
        },
        explained=(0.5, 0.2),
        kept=0.5,
    )


def names(features, x, y):
    return [int(image.pixels[0, 0, 0]) // 12 for image in framed(features, ENDS, {"x": x, "y": y})]


def test_an_image_is_in_the_frame_where_any_model_puts_it(features):
    assert names(features, [-0.5, 0.5], [-0.5, 0.5]) == [0]
    assert names(features, [9.5, 10.5], [-0.5, 0.5]) == [0]
    assert names(features, [0.5, 2.5], [0.5, 2.5]) == [1, 2]
    assert names(features, [4, 5], [0, 5]) == []


def test_ends_of_a_frame_drawn_backwards_are_put_in_order(features):
    assert names(features, [2.5, 0.5], [2.5, 0.5]) == [1, 2]


def test_flipped_images_come_first(features):
    found = framed(features, ENDS, {"x": [-1, 3], "y": [-1, 3]})

    assert [image.is_flipped for image in found] == [True, True, False]
    assert [image.name for image in found] == ["b", "b", "a"]


def test_sentence_counts_what_the_frame_holds(features):
    found = framed(features, ENDS, {"x": [-1, 3], "y": [-1, 3]})

    assert framed_sentence(found, ENDS) == (
        "In the frame: 3 images. From base to this merge, 1 corrected and 1 lost."
    )
    assert framed_sentence(found[:1], ENDS).startswith("In the frame: 1 image. ")
    assert framed_sentence([], ENDS) == "No image has a point in the frame."
    assert framed_sentence([replace(found[0])] * 25, ENDS).endswith("25 lost; the first 24 are shown.")
