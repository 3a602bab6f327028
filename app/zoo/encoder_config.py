"""open_clip configs of encoders: a JSON file, or one of the names that open_clip ships."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import open_clip

from analysis.documents import shown
from app.errors import ZooError
from app.zoo.classifiers.hugging_face_classifiers import (
    build_classifier,
    classifier_architecture,
    is_image_classifier,
)
from app.zoo.classifiers.timm_models import PREFIX, build_timm, is_timm_config, timm_architecture
from app.zoo.encoder_sizes import require_sizes
from app.zoo.hugging_face_config import (
    as_open_clip_config,
    is_hugging_face_clip,
    preprocessing_beside,
    processor_beside,
)
from app.zoo.normalisation import require_deviation, require_mean
from cache.regular_files import read_text

MAX_BYTES = 1_000_000
"""Largest config file read; open_clip's own have about a thousand bytes."""

_WIDEST = 100_000
"""Largest width of features; open_clip's widest models have some thousand."""


class Library(StrEnum):
    """What an encoder is built by."""

    OPEN_CLIP = "open_clip"
    TIMM = "timm"
    TRANSFORMERS = "transformers"


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """An architecture; nothing is built yet."""

    name: str
    """Name of the file or of the open_clip model, for messages."""
    embed_dim: int
    """Width of the features that meet the head."""
    vision_cfg: Mapping[str, Any]
    """Arguments of open_clip's vision tower."""
    text_cfg: Mapping[str, Any] | None
    """Arguments of open_clip's text tower, if the config has one."""
    quick_gelu: bool
    """Whether the activation is x · sigmoid(1.702 x), which OpenAI's weights need, instead of GELU."""
    preprocess: Mapping[str, Any]
    """`preprocess_cfg` of a file that has one: mean, std, interpolation, resize_mode."""
    library: Library = field(default=Library.OPEN_CLIP, repr=False)  # vision_cfg tells them apart
    """What builds the tower. Of a classifier, `vision_cfg` is what `app.zoo.classifiers` describes."""


def read_encoder_config(model: str | Path) -> EncoderConfig:
    """Read a config file (a path) or look up one of open_clip's models (a name).

    A file holds ``{embed_dim, vision_cfg[, text_cfg][, quick_gelu]}``, or that under ``model_cfg``, or it is
    Hugging Face's config of a CLIP model or an image classifier, with its ``preprocessor_config.json`` beside
    it, or timm's. A name that begins with ``timm:`` is one of timm's architectures.

    Raises:
        FileError: The file cannot be read.
        ZooError: It is not JSON, a field is missing, or open_clip knows no such name.
    """
    if isinstance(model, str) and model.startswith(PREFIX):
        return _of_timm({"architecture": model.removeprefix(PREFIX)}, model)
    if isinstance(model, str):
        return _parsed(_shipped(model), name=model)
    try:
        config = json.loads(read_text(model, limit=MAX_BYTES))
    except (ValueError, RecursionError) as error:
        raise ZooError(f"'{model.name}' is not a JSON file: {error}.") from error
    if is_timm_config(config):
        return _of_timm(config, model.name)
    if is_image_classifier(config):
        return _of_transformers(config, processor_beside(model), model.name)
    if is_hugging_face_clip(config):
        architecture = as_open_clip_config(config, name=model.name)
        config = {"model_cfg": architecture, "preprocess_cfg": preprocessing_beside(model)}
    return _parsed(config, name=model.name)


def _shipped(name: str) -> Mapping[str, Any]:
    known = open_clip.list_models()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=3)
        hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
        raise ZooError(f"open_clip has no model named '{name}'.{hint} A config file's name ends in .json.")
    config: Mapping[str, Any] = open_clip.get_model_config(name)
    return config


def _of_timm(config: Mapping[str, Any], name: str) -> EncoderConfig:
    described = timm_architecture(config, name=name)
    width = build_timm(described, name=name, device="meta").num_features
    return _of_classifier(described, width, Library.TIMM, name)


def _of_transformers(config: Mapping[str, Any], processor: Mapping[str, Any], name: str) -> EncoderConfig:
    described = classifier_architecture(config, processor, name=name)
    width = build_classifier(described, name=name, device="meta").num_features
    return _of_classifier(described, width, Library.TRANSFORMERS, name)


def _of_classifier(described: Mapping[str, Any], width: Any, library: Library, name: str) -> EncoderConfig:
    images = described["images"]
    preprocess = {"mean": images["mean"], "std": images["std"]}
    return EncoderConfig(name, int(width), described, None, False, preprocess, library)


def _parsed(config: Any, *, name: str) -> EncoderConfig:
    architecture = config.get("model_cfg", config) if isinstance(config, dict) else None
    if not isinstance(architecture, dict):
        raise ZooError(f"'{name}' must hold an object with embed_dim and vision_cfg, as open_clip writes it.")
    embed_dim, vision_cfg = architecture.get("embed_dim"), architecture.get("vision_cfg")
    text_cfg, preprocess = architecture.get("text_cfg"), config.get("preprocess_cfg", {})
    if type(embed_dim) is not int or not 1 <= embed_dim <= _WIDEST:
        raise ZooError(
            f"'{name}': embed_dim is {shown(embed_dim)}; it must be a whole number of at least 1 and at most "
            f"{_WIDEST}."
        )
    if not isinstance(vision_cfg, dict):
        raise ZooError(
            f"'{name}': vision_cfg is {shown(vision_cfg)}; it must be an object, as open_clip writes it."
        )
    if not isinstance(text_cfg, dict | None) or not isinstance(preprocess, dict):
        raise ZooError(f"'{name}': text_cfg and preprocess_cfg must be objects, as open_clip writes them.")
    quick_gelu = architecture.get("quick_gelu", False)
    if not isinstance(quick_gelu, bool):
        raise ZooError(f"'{name}': quick_gelu is {shown(quick_gelu)}; it must be true or false.")
    require_sizes(vision_cfg, text_cfg, name=name)
    for key, require in (("mean", require_mean), ("std", require_deviation)):
        if preprocess.get(key) is not None:
            require(preprocess[key], where=f"'{name}': preprocess_cfg.{key}")
    return EncoderConfig(name, embed_dim, vision_cfg, text_cfg, quick_gelu, preprocess)
