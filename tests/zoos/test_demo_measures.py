import numpy as np
import pytest
import torch


@pytest.fixture
def measures(demo_module):
    return demo_module("measures")


def weights(**values):
    names = {"first": "transformer.resblocks.0.w", "middle": "transformer.resblocks.1.w"}
    names |= {"last": "transformer.resblocks.2.w", "outside": "proj"}
    return {names[key]: torch.tensor([value]) for key, value in values.items()}


def test_scale_climbs_from_alpha_to_alpha_plus_beta_and_is_alpha_outside_the_blocks(measures):
    theta_0 = weights(first=1.0, middle=1.0, last=1.0, outside=1.0)
    tau_mtl = weights(first=8.0, middle=8.0, last=8.0, outside=8.0)

    merged = measures.merged(theta_0, tau_mtl, 0.125, 0.5)

    assert [value.item() for value in merged.values()] == [2.0, 4.0, 6.0, 2.0]


def test_multi_task_vector_is_the_sum_of_the_updates(measures):
    summed = measures.added_up(weights(first=1.0), [weights(first=4.0), weights(first=-1.0)])

    assert [value.item() for value in summed.values()] == [1.0]


@pytest.mark.parametrize(("deep", "expected"), [(True, [1.0, 1.0, 0.0, 1.0]), (False, [0.0, 0.0, 1.0, 1.0])])
def test_resetting_one_half_of_the_blocks_leaves_the_rest_fine_tuned(measures, deep, expected):
    theta_0 = weights(first=0.0, middle=0.0, last=0.0, outside=0.0)
    theta_t = weights(first=1.0, middle=1.0, last=1.0, outside=1.0)

    assert [value.item() for value in measures.half_reset(theta_0, theta_t, deep=deep).values()] == expected


def test_mcnemar_counts_only_the_images_on_which_two_models_disagree(measures):
    first = {"one": np.array([True] * 7), "other": np.array([True, False])}
    second = {"one": np.array([True] + [False] * 6), "other": np.array([True, True])}

    # six against one of seven fair coins, two-sided: 2 * (1 + 7) / 128
    assert measures.mcnemar(first, second) == pytest.approx(0.125)


def test_of_two_equal_scores_the_smaller_coefficient_wins(measures):
    assert measures.best((0.1, 0.2, 0.3), lambda value: min(value, 0.2)) == 0.2
