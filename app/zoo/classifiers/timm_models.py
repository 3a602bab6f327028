"""Classifiers of timm, described by the `config.json` that timm writes, or by the name of an architecture."""

from collections.abc import Callable, Mapping
from typing import Any

import timm
import torch
from PIL.Image import Image
from timm.data.config import resolve_data_config
from timm.data.transforms_factory import create_transform
from torch import nn
from torchvision.transforms import Compose

from analysis.documents import shown
from app.errors import ZooError
from app.zoo.encoder_sizes import require_sizes
from app.zoo.open_clip_errors import in_one_sentence

PREFIX = "timm:"
"""Begins an encoder's name that is one of timm's architectures."""

_NOT_ARCHITECTURE = frozenset(
    {
        *("pretrained", "pretrained_cfg", "pretrained_cfg_overlay", "checkpoint_path", "cache_dir"),
        *("num_classes", "in_chans", "scriptable", "exportable", "no_jit"),
    }
)
"""Arguments that name files or weights, or the last layer, which is not built."""
_PLAIN = (int, float, bool, str, type(None))


def is_timm_config(config: object) -> bool:
    """Whether a JSON object is timm's description of a model."""
    return isinstance(config, dict) and isinstance(config.get("architecture"), str)


def timm_architecture(config: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """Architecture and arguments of a config, checked.

    Args:
        config: Of `is_timm_config`.
        name: Of the file or the model, for messages.

    Raises:
        ZooError: timm has no such architecture, or an argument is of a kind or a size that none has.
    """
    architecture, stated = config["architecture"], config.get("model_args") or {}
    if not timm.is_model(architecture):
        raise ZooError(f"'{name}': timm has no architecture {shown(architecture)}.")
    if not isinstance(stated, dict) or not all(map(_is_plain, stated.values())):
        raise ZooError(f"'{name}': model_args must map names to numbers, texts and lists of them.")
    args = {key: value for key, value in stated.items() if key not in _NOT_ARCHITECTURE}
    depths = args.get("depth", args.get("depths", 1))
    require_sizes({**args, "layers": depths, "timm_model_name": architecture}, None, name=name)
    usual = config.get("pretrained_cfg")
    return {"architecture": architecture, "model_args": args, "images": _prepared(architecture, usual)}


def build_timm(described: Mapping[str, Any], *, name: str, device: str) -> nn.Module:
    """Build a model without its last layer: images (N, 3, H, W) to features (N, d).

    Args:
        described: Of `timm_architecture`.
        name: For messages.
        device: Where it gets random weights; on "meta" it has none.

    Raises:
        ZooError: timm cannot build it.
    """
    with in_one_sentence(f"timm cannot build '{name}'"), torch.device(device):
        args = described["model_args"]
        model: nn.Module = timm.create_model(
            described["architecture"], pretrained=False, num_classes=0, **args
        )
    model.image_size = tuple(described["images"]["input_size"][1:])  # type: ignore[assignment]
    model.num_features = getattr(model, "head_hidden_size", model.num_features)
    return model.eval()


def timm_resize(images: Mapping[str, Any]) -> Callable[[Image], Image]:
    """Resize and crop as timm does when it evaluates, to RGB.

    Args:
        images: What `timm_architecture` gives as "images".
    """
    steps = create_transform(**images, is_training=False).transforms
    resize: Callable[[Image], Image] = Compose([lambda image: image.convert("RGB"), *steps[:-2]])
    return resize


def _prepared(architecture: str, stated: object) -> dict[str, Any]:
    """How images are prepared: as the config states it, and else as timm does for the architecture."""
    own: Any = timm.get_pretrained_cfg(architecture)
    usual = own.to_dict() if own is not None else {}
    resolved: Any = resolve_data_config
    found: dict[str, Any] = resolved(pretrained_cfg=usual | (stated if isinstance(stated, dict) else {}))
    keys = ("input_size", "interpolation", "mean", "std", "crop_pct", "crop_mode")
    return {key: found[key] for key in keys if key in found}


def _is_plain(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, _PLAIN) for item in items)
