import json

import pytest
import torch

from cache.contents import Span
from cache.recognised.quantised import quantised


def spans(**dtypes):
    return {name: Span(dtype, (2, 2), 0) for name, dtype in dtypes.items()}


FLOATS = {"a.weight": torch.float16, "a.bias": torch.float32, "logit_scale": torch.float32}


@pytest.mark.parametrize(
    "more",
    [
        {"b.qweight": torch.int32},
        {"b.qzeros": torch.int32},
        {"b.zero_point": torch.int64, "b.scale": torch.float32},
        {"b.SCB": torch.float32},
        {"b.weight.absmax": torch.float32},
        {"b.weight.quant_state.bitsandbytes__nf4": torch.uint8},
        {"b.weight_scale_inv": torch.float32},
        {"b.weight_packed": torch.int32},
        {"b.weight": torch.int8},
        {"b.weight": torch.uint8},
        {"b.W_q": torch.uint8},
        {"b.gate_up_proj_blocks": torch.uint8, "b.gate_up_proj_scales": torch.uint8},
        {"b.weight._data": torch.int8, "b.weight._scale": torch.float16},
        {"b.weight": torch.float8_e4m3fn, "b.weight_scale": torch.float32},
        {"b.weight": torch.float8_e5m2, "b.scale_weight": torch.float32},
        {"b.weight": torch.float8_e4m3fn, "b.input_scale": torch.float32},
        {"b.x": torch.float8_e4m3fn, "b.x_scale": torch.float32},
    ],
    ids=lambda more: " ".join(more),
)
def test_codes_and_scales_are_known_by_name_and_type(tmp_path, more):
    found = quantised(tmp_path / "a.safetensors", spans(**FLOATS, **more))

    assert found.startswith("holds quantised weights ('b.")


def test_scale_of_a_tensor_without_a_module_is_known_too(tmp_path):
    alone = spans(x=torch.float8_e4m3fn, logit_scale=torch.float32, my_scale=torch.float32)

    assert quantised(tmp_path / "a.pt", alone) is None
    assert "('x_scale'" in quantised(tmp_path / "a.pt", alone | spans(x_scale=torch.float32))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"a.position_ids": torch.int64, "a.num_batches_tracked": torch.int64},
        {"attn.relative_position_index": torch.int32, "attn.logit_scale": torch.float32},
        {"h.0.attn.bias": torch.uint8, "h.0.layer_scale": torch.float32},
        {"mask": torch.bool},
        {"text_projection": torch.float8_e4m3fn, "b.weight": torch.float8_e4m3fn},
        {"norm.scale": torch.float32},
    ],
    ids=lambda more: " ".join(more),
)
def test_weights_that_mean_what_they_hold_are_none(tmp_path, more):
    assert quantised(tmp_path / "a.safetensors", spans(**FLOATS | more)) is None


def test_settings_beside_it_name_the_method(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"quantization_config": {"quant_method": "gptq"}}))

    assert "(by gptq, as config.json beside it states)" in quantised(tmp_path / "a.pt", spans(**FLOATS))


@pytest.mark.parametrize("value", [None, {}, "gptq"])
def test_settings_without_a_method_state_nothing(tmp_path, value):
    (tmp_path / "config.json").write_text(json.dumps({"quantization_config": value}))

    assert quantised(tmp_path / "a.pt", spans(**FLOATS)) is None
