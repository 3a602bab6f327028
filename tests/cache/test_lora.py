import math
import time

import pytest
import torch

from cache.checkpoints import open_checkpoint
from cache.errors import CheckpointError
from cache.lora import is_adapter, open_adapter
from tests.lora_on_disk import write_adapter

A, B = torch.ones(2, 5), torch.ones(3, 2)
FACTORS = {"layers.0.q_proj.lora_A.weight": A, "layers.0.q_proj.lora_B.weight": B}


def opened(folder, tensors=FACTORS, **settings):
    return open_adapter(write_adapter(folder, tensors, **settings))


def test_a_layer_has_two_factors_and_a_scale(tmp_path):
    (update,) = opened(tmp_path).low_rank

    assert update.module == "layers.0.q_proj"
    assert (update.scaling, update.is_transposed) == (8 / 2, False)


@pytest.mark.parametrize(
    ("settings", "scaling"),
    [
        ({"r": 64}, 8 / 2),  # the rank is that of the factors
        ({"use_rslora": True}, 8 / math.sqrt(2)),
        ({"alpha_pattern": {"q_proj": 3}}, 3 / 2),
        ({"alpha_pattern": {"layers.0.q_proj": 3}}, 3 / 2),
        ({"alpha_pattern": {r"layers\.\d+\.q_proj": 3, "q_proj": 5}}, 3 / 2),
        ({"alpha_pattern": {"proj": 3}}, 8 / 2),
        ({"alpha_pattern": {"layers": 3}}, 8 / 2),
    ],
)
def test_the_scale_is_that_of_peft(tmp_path, settings, scaling):
    (update,) = opened(tmp_path, **settings).low_rank

    assert update.scaling == pytest.approx(scaling)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"peft_type": "IA3"}, "IA3"),
        ({"use_dora": True}, "DoRA"),
        ({"init_lora_weights": "pissa_niter_16"}, "begun with pissa_niter_16"),
        ({"init_lora_weights": "olora"}, "begun with olora"),
        ({"layer_replication": [[0, 4], [2, 5]]}, "layers used more than once"),
        ({"trainable_token_indices": [3]}, "single tokens trained apart"),
        ({"lora_bias": True}, "a bias of its own"),
    ],
)
def test_an_update_that_is_no_plain_sum_is_refused_by_name(tmp_path, settings, name):
    with pytest.raises(CheckpointError, match=rf"is an adapter \({name}.*merge_and_unload"):
        opened(tmp_path, **settings)


@pytest.mark.parametrize("start", [True, False, "gaussian", "eva", "orthogonal"])
def test_a_start_that_leaves_the_base_alone_is_plain(tmp_path, start):
    assert len(opened(tmp_path, init_lora_weights=start).low_rank) == 1


def test_what_peft_puts_into_names_is_taken_out(tmp_path):
    adapter = opened(
        tmp_path,
        {
            "layers.0.q_proj.base_layer.bias": torch.ones(3),
            "layers.0.q_proj.lora_A.default.weight": A,
            "layers.0.q_proj.lora_B.default.weight": B,
            "embed.lora_embedding_A": torch.ones(2, 9),
            "embed.lora_embedding_B": torch.ones(4, 2),
            "score.modules_to_save.default.weight": torch.ones(2),
            "lm_head.weight": torch.ones(2),
        },
    )

    assert sorted(adapter.whole) == ["layers.0.q_proj.bias", "lm_head.weight", "score.weight"]
    assert {one.module: one.is_transposed for one in adapter.low_rank} == {
        "layers.0.q_proj": False,
        "embed": True,
    }


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"alpha_pattern": [1]}, r"alpha_pattern \[1\]; it must be a table"),
        ({"auto_mapping": "CLIP"}, "auto_mapping 'CLIP'; it must be a table"),
        ({"lora_alpha": "8"}, "lora_alpha '8'; it must be a number"),
        ({"lora_alpha": True}, "lora_alpha True; it must be a number"),
        ({"lora_alpha": math.inf}, "lora_alpha inf; it must be a number"),
        ({"lora_alpha": math.nan}, "lora_alpha nan; it must be a number"),
        ({"alpha_pattern": {"q_proj": None}}, "lora_alpha None; it must be a number"),
    ],
)
def test_settings_of_another_kind_are_refused(tmp_path, settings, message):
    with pytest.raises(CheckpointError, match=message):
        opened(tmp_path, **settings)


def test_a_lonely_factor_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"has lora_A of 'layers\.0\.q_proj' and lacks lora_B"):
        opened(tmp_path, {"layers.0.q_proj.lora_A.weight": A})


def test_factors_of_two_ranks_are_refused(tmp_path):
    with pytest.raises(CheckpointError, match="which cannot be multiplied"):
        opened(tmp_path, {**FACTORS, "layers.0.q_proj.lora_B.weight": torch.ones(3, 4)})


@pytest.mark.parametrize("pattern", ["(a+)+", "(.*a){20}", ".*.*.*.*=", "x" * 201, "(", "[z"])
def test_a_pattern_that_never_ends_or_is_none_is_refused(tmp_path, pattern):
    started = time.monotonic()

    with pytest.raises(CheckpointError, match="alpha_pattern"):
        opened(
            tmp_path,
            {name.replace("q_proj", "a" * 60): one for name, one in FACTORS.items()},
            alpha_pattern={pattern: 2},
        )
    assert time.monotonic() - started < 30


def test_a_model_beside_settings_of_an_adapter_is_a_model(tmp_path):
    folder = write_adapter(tmp_path, FACTORS)
    assert is_adapter(folder)
    assert is_adapter(folder / "adapter_model.safetensors")

    (folder / "model.safetensors").touch()

    assert not is_adapter(folder)
    assert not is_adapter(folder / "model.safetensors")


def test_an_adapter_given_as_a_model_says_where_it_belongs(tmp_path):
    with pytest.raises(CheckpointError, match="no model by itself; give a task the folder"):
        open_checkpoint(write_adapter(tmp_path, FACTORS))
