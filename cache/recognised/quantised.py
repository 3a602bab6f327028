"""Quantised weights: codes that mean numbers only together with their scales."""

import re
from collections.abc import Mapping
from pathlib import Path

import torch

from cache.contents import Span
from cache.recognised.beside import description

_CODES = re.compile(
    r"(?:^|[._])(qweight|qzeros|SCB|absmax|quant_map|quant_state|quant_absmax|weight_packed|weight_scale_inv|"
    r"scale_inv|zero_points?|weight_zero_point|W_q|packed_params|codebooks|scaled_fp8)(?:[._]|$)"
)
"""Names that only quantised weights have."""
_WHOLE = (torch.int8, torch.uint8, torch.int16, torch.int32, torch.uint16, torch.uint32)
_FEW_BITS = (torch.float8_e4m3fn, torch.float8_e5m2, *_WHOLE)


def quantised(path: Path, spans: Mapping[str, Span]) -> str | None:
    """How weights are quantised, and what to do; None if every tensor means what it holds.

    Args:
        path: The file; a model's config.json beside it may state how it is quantised.
        spans: Its tensors by name.
    """
    stated = description(path.with_name("config.json")).get("quantization_config")
    reason = None
    if isinstance(stated, dict) and stated:
        method = stated.get("quant_method")
        reason = f"by {method}, as config.json beside it states" if isinstance(method, str) else None
        reason = reason or "as config.json beside it states"
    elif example := _code(spans):
        reason = f"'{example}' is one of their codes or scales"
    if reason is None:
        return None
    return (
        f"holds quantised weights ({reason}); codes cannot be added up, so load the model that was "
        "quantised, in float16, bfloat16 or float32"
    )


def _code(spans: Mapping[str, Span]) -> str | None:
    for name, span in spans.items():
        is_weight = name.rpartition(".")[2] == "weight"
        if _CODES.search(name) or (is_weight and span.dtype in _WHOLE):
            return name
    return _scale(spans)


def _scale(spans: Mapping[str, Span]) -> str | None:
    """A scale that belongs to a tensor of few bits, such as 'a.weight_scale' beside 'a.weight'."""
    small = [name for name, span in spans.items() if span.dtype in _FEW_BITS]
    owners = {*small, *(name.rpartition(".")[0] for name in small)} - {""}
    for name in spans if owners else ():
        owner, _, last = name.rpartition(".")
        is_beside = owner in owners or last.partition("_scale")[0] in owners  # the second where no owner is
        if is_beside and "scale" in last and not last.startswith(("logit", "layer")):
            return name
    return None
