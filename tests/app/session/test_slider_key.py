import pytest

from app.session.slider_key import ALPHA, BETA, OUTSIDE, SCALING, block_key, param_key, weight_key


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (SCALING, "scaling"),
        (ALPHA, "alpha"),
        (BETA, "beta"),
        (OUTSIDE, "outside"),
        (block_key(0), "block:0"),
        (weight_key("digits"), "weight:digits"),
        (param_key("density"), "param:density"),
    ],
)
def test_key_is_written_as_the_slider_on_screen_is_called(key, text):
    assert str(key) == text


def test_task_and_setting_of_one_name_are_two_numbers():
    assert weight_key("density") != param_key("density")


def test_task_named_like_a_scale_or_with_a_colon_is_its_own_number():
    keys = {SCALING, weight_key("scaling"), weight_key("a"), weight_key("a:b"), weight_key("set:a")}

    assert len(keys) == len({str(key) for key in keys}) == 5


def test_keys_of_one_number_are_equal():
    assert weight_key("digits") == weight_key("digits")
    assert len({block_key(3), block_key(3)}) == 1
