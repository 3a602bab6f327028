import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import MismatchError
from analysis.merge.scaling import Constant, Curve, Lines, layer_factors

numbers = st.floats(-4, 4)


def test_constant_scales_every_layer_and_the_rest_alike() -> None:
    factors = layer_factors(Constant(0.4), {"visual": 2, "text": 1}, auto_alpha=None)

    assert factors.outside == 0.4
    assert factors.blocks == {"visual": (0.4, 0.4), "text": (0.4,)}


def test_lines_rises_from_alpha_to_alpha_plus_beta() -> None:
    factors = layer_factors(Lines(alpha=0.25, beta=1.0), {"visual": 5}, auto_alpha=None)

    assert factors.blocks["visual"] == (0.25, 0.5, 0.75, 1.0, 1.25)


def test_lines_gives_alpha_to_everything_outside_the_blocks() -> None:
    factors = layer_factors(Lines(alpha=0.25, beta=1.0), {"visual": 5}, auto_alpha=None)

    assert factors.of("visual", None) == 0.25


def test_lines_counts_each_tower_by_its_own_depth() -> None:
    factors = layer_factors(Lines(alpha=0.0, beta=1.0), {"visual": 3, "text": 2}, auto_alpha=None)

    assert factors.of("visual", 1) == 0.5
    assert factors.of("text", 1) == 1.0


def test_tower_of_one_block_gets_alpha() -> None:
    assert layer_factors(Lines(0.25, 1.0), {"visual": 1}, auto_alpha=None).of("visual", 0) == 0.25


def test_open_alpha_takes_the_rule() -> None:
    factors = layer_factors(Lines(alpha=None, beta=0.5), {"visual": 2}, auto_alpha=0.125)

    assert factors.outside == 0.125
    assert factors.blocks["visual"] == (0.125, 0.625)


def test_given_alpha_is_not_replaced_by_the_rule() -> None:
    assert layer_factors(Lines(alpha=0.0, beta=0.5), {"visual": 2}, auto_alpha=9.0).outside == 0.0


def test_open_alpha_without_a_rule_value_is_refused() -> None:
    with pytest.raises(MismatchError, match=r"LiNeS needs α"):
        layer_factors(Lines(), {"visual": 2}, auto_alpha=None)


@given(alpha=numbers, depth=st.integers(1, 40))
def test_lines_without_slope_is_plain_scaling(alpha: float, depth: int) -> None:
    lines = layer_factors(Lines(alpha, beta=0.0), {"visual": depth}, auto_alpha=None)

    assert lines == layer_factors(Constant(alpha), {"visual": depth}, auto_alpha=None)


@given(alpha=numbers, beta=numbers, depth=st.integers(2, 40))
def test_last_block_gets_alpha_plus_beta(alpha: float, beta: float, depth: int) -> None:
    blocks = layer_factors(Lines(alpha, beta), {"visual": depth}, auto_alpha=None).blocks["visual"]

    assert len(blocks) == depth
    assert blocks[0] == alpha
    assert blocks[-1] == pytest.approx(alpha + beta, abs=1e-12)


def test_curve_is_taken_as_it_stands() -> None:
    factors = layer_factors(Curve(outside=0.5, blocks=(1.0, -1.0)), {"visual": 2}, auto_alpha=None)

    assert [factors.of("visual", layer) for layer in (None, 0, 1)] == [0.5, 1.0, -1.0]


@pytest.mark.parametrize("blocks", [(1.0,), (1.0, 1.0, 1.0)])
def test_curve_of_another_length_is_refused(blocks: tuple[float, ...]) -> None:
    with pytest.raises(
        MismatchError, match=rf"The curve has {len(blocks)} blocks, the visual tower has 2\. Give one factor"
    ):
        layer_factors(Curve(0.5, blocks), {"visual": 2}, auto_alpha=None)


def test_curve_must_fit_every_tower() -> None:
    with pytest.raises(MismatchError, match=r"the text tower has 3"):
        layer_factors(Curve(0.5, (1.0, 1.0)), {"visual": 2, "text": 3}, auto_alpha=None)
