"""Hugging Face's config of a CLIP model as open_clip's: the same sizes under other names."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.documents import shown
from app.errors import ZooError
from cache.errors import FileError
from cache.regular_files import read_text

_MOST_BYTES = 1_000_000
_WHOLE, _VISION = "clip", "clip_vision_model"
_PROJECTION = 512
_VISION_SIZES = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "image_size": 224,
    "patch_size": 32,
}
_TEXT_SIZES = {
    "hidden_size": 512,
    "intermediate_size": 2048,
    "num_hidden_layers": 12,
    "num_attention_heads": 8,
    "max_position_embeddings": 77,
    "vocab_size": 49408,
}
"""Sizes that transformers takes where a config states none: old ones hold only what differs."""
_QUICK_GELU, _GELU = "quick_gelu", "gelu"
_EPSILON = 1e-5
_INTERPOLATIONS = {2: "bilinear", 3: "bicubic"}
"""Pillow's numbers of the ways to resize that open_clip has too."""


def is_hugging_face_clip(config: object) -> bool:
    """Whether a JSON object is transformers' config of a CLIP model or of its vision tower."""
    return isinstance(config, dict) and config.get("model_type") in (_WHOLE, _VISION)


def as_open_clip_config(config: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """The config as open_clip writes it.

    Args:
        config: Of `is_hugging_face_clip`.
        name: Of the file, for messages.

    Raises:
        ZooError: A size is no whole number, or the model has a part that open_clip builds otherwise.
    """
    is_whole = config["model_type"] == _WHOLE
    vision = _sizes(config.get("vision_config") if is_whole else config, _VISION_SIZES, name)
    text = _sizes(config.get("text_config"), _TEXT_SIZES, name) if is_whole else None
    activations = {part["hidden_act"] for part in (vision, text) if part is not None}
    if not activations <= {_QUICK_GELU, _GELU} or len(activations) > 1:
        listed = " and ".join(sorted(map(str, activations)))
        raise ZooError(
            f"'{name}': hidden_act is {listed}; open_clip builds models whose parts all have quick_gelu or "
            "all have gelu."
        )
    return {
        "embed_dim": config.get("projection_dim", _PROJECTION),
        "quick_gelu": activations == {_QUICK_GELU},
        "vision_cfg": _tower(vision)
        | {
            "head_width": vision["hidden_size"] // max(1, vision["num_attention_heads"]),
            "image_size": vision["image_size"],
            "patch_size": vision["patch_size"],
        },
        "text_cfg": None
        if text is None
        else _tower(text)
        | {
            "heads": text["num_attention_heads"],
            "context_length": text["max_position_embeddings"],
            "vocab_size": text["vocab_size"],
        },
    }


def preprocessing_beside(path: Path) -> dict[str, Any]:
    """How images are prepared, from the `preprocessor_config.json` beside a config, as open_clip states it.

    Args:
        path: The config.

    Returns:
        Empty where there is no such file, or none that can be read.
    """
    stated = processor_beside(path)
    if not stated:
        return {}
    found = {"mean": stated.get("image_mean"), "std": stated.get("image_std")}
    found["interpolation"] = _INTERPOLATIONS.get(stated.get("resample", 3))
    return {key: value for key, value in found.items() if value is not None}


def processor_beside(path: Path) -> dict[str, Any]:
    """The `preprocessor_config.json` beside a config; empty where there is none that can be read."""
    try:
        stated = json.loads(read_text(path.with_name("preprocessor_config.json"), limit=_MOST_BYTES))
    except (FileError, ValueError, RecursionError):
        return {}
    return stated if isinstance(stated, dict) else {}


def _tower(sizes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "width": sizes["hidden_size"],
        "layers": sizes["num_hidden_layers"],
        "mlp_ratio": sizes["intermediate_size"] / max(1, sizes["hidden_size"]),
    }


def _sizes(table: object, usual: Mapping[str, int], name: str) -> dict[str, Any]:
    stated = table if isinstance(table, Mapping) else {}
    found: dict[str, Any] = {key: stated.get(key, size) for key, size in usual.items()}
    for key, size in found.items():
        if type(size) is not int or size < 1:
            raise ZooError(f"'{name}': {key} is {shown(size)}; it must be a whole number of at least 1.")
    if stated.get("layer_norm_eps", _EPSILON) != _EPSILON:
        raise ZooError(
            f"'{name}': layer_norm_eps is {shown(stated['layer_norm_eps'])}; open_clip builds models with "
            f"{_EPSILON:g}."
        )
    return found | {"hidden_act": stated.get("hidden_act", _QUICK_GELU)}
