import math

import pytest

from app.errors import ZooError
from app.zoo.normalisation import require_deviation, require_logit_scale, require_mean


@pytest.mark.parametrize("mean", [[0, 0, 0], [0.48, 0.46, 0.41], (0.5, 0.5, 1)])
@pytest.mark.parametrize("deviation", [[0.27, 0.26, 0.28], [1, 1, 1], (0.001, 0.5, 0.5)])
def test_numbers_of_images_in_0_to_1_pass(mean, deviation):
    require_mean(mean, where="mean")
    require_deviation(deviation, where="std")


@pytest.mark.parametrize("values", ["abc", 0.5, None, [0.5], [0.5] * 4, [0.5, "x", 0.5], [True] * 3, {0: 1}])
def test_what_is_not_three_numbers_is_refused(values):
    for require in (require_mean, require_deviation):
        with pytest.raises(ZooError, match=r"^here is .*; it must be three numbers, one per"):
            require(values, where="here")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_no_number(value):
    with pytest.raises(ZooError, match="it must be three numbers"):
        require_mean([0.5, value, 0.5], where="mean")


@pytest.mark.parametrize(
    ("require", "values", "message"),
    [
        (
            require_mean,
            [122.77, 116.75, 104.09],
            r"each must lie in \[0, 1\]\. Divide by 255: pixels",
        ),
        (require_deviation, [68.5, 66.6, 70.3], r"each must lie in \[0\.001, 1\]\. Divide by 255"),
        (require_mean, [-0.1, 0.5, 0.5], r"each must lie in \[0, 1\]\.$"),
        (require_deviation, [0, 0, 0], r"each must lie in \[0\.001, 1\]\.$"),
        (require_deviation, [0.2, -0.2, 0.2], r"each must lie in \[0\.001, 1\]\.$"),
        (require_deviation, [10**400] * 3, r"each must lie in \[0\.001, 1\]\. Divide"),
    ],
)
def test_numbers_that_no_images_have_are_refused_with_what_to_do(require, values, message):
    with pytest.raises(ZooError, match=message):
        require(values, where="here")


@pytest.mark.parametrize("scale", [0.001, 1, 4.6052, 14.3, 100, 117.3, 10_000])
def test_scales_that_tell_classes_apart_pass(scale):
    require_logit_scale(scale, where="here")


@pytest.mark.parametrize("scale", [0, -5, 1e-300, 1e300, math.nan, math.inf])
def test_other_scales_are_refused(scale):
    with pytest.raises(ZooError, match=r"^here is .*; it must lie in \[0\.001, 10000\], and is 100"):
        require_logit_scale(scale, where="here")
