"""Image classifiers of Hugging Face transformers, which is needed for these encoders alone."""

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor, nn

from analysis.documents import shown
from app.errors import ZooError
from app.zoo.encoder_sizes import require_sizes
from app.zoo.normalisation import require_deviation, require_mean
from app.zoo.open_clip_errors import in_one_sentence

_KINDS = ("vit", "deit", "beit", "dinov2", "swin", "convnext", "convnextv2", "resnet")
"""Models whose classifier is one linear layer on features."""
_NO_ARCHITECTURE = re.compile(
    r"_.*|.*implementation.*|auto_map|quantization_config|architectures|transformers_version|.*2.*|.*dtype"
)
"""Keys that name classes, kernels or other code to fetch, or what no weight depends on."""
_MODEL = "model"
_USUAL_SIZE, _NOT_CROPPED, _CROPPED = 224, 384, 224 / 256
"""Side of an image, the side from which on nothing is cropped, and the share that is kept below it."""
_HALF = (0.5, 0.5, 0.5)
_INTERPOLATIONS = {0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic"}
"""Pillow's numbers of the ways to resize."""


def is_image_classifier(config: object) -> bool:
    """Whether a JSON object is transformers' config of an image classifier or of its backbone."""
    return isinstance(config, dict) and config.get("model_type") in _KINDS


def classifier_architecture(
    config: Mapping[str, Any], processor: Mapping[str, Any], *, name: str
) -> dict[str, Any]:
    """A model's config, checked, and how its images are prepared.

    Args:
        config: Of `is_image_classifier`.
        processor: Its `preprocessor_config.json`; empty where there is none.
        name: Of the file, for messages.

    Raises:
        ZooError: A number is out of bounds, or transformers is not installed.
    """
    if find_spec("transformers") is None:
        raise ZooError(
            f"'{name}' describes a model of Hugging Face transformers, which builds it and is not installed: "
            "pip install transformers."
        )
    depths = config.get("num_hidden_layers", config.get("depths", 1))
    sizes = {key: value for key, value in config.items() if isinstance(value, int | float | list)}
    require_sizes({**sizes, "layers": depths, "timm_model_name": name}, None, name=name)
    kept = {key: value for key, value in config.items() if not _NO_ARCHITECTURE.fullmatch(key)}
    return {"config": kept, "images": _prepared(config, processor, name)}


def build_classifier(described: Mapping[str, Any], *, name: str, device: str) -> nn.Module:
    """Build a model without its last layer: images (N, 3, H, W) to features (N, d).

    Args:
        described: Of `classifier_architecture`.
        name: For messages.
        device: Where it gets random weights; on "meta" it has none.

    Raises:
        ZooError: transformers cannot build it.
    """
    with in_one_sentence(f"transformers cannot build '{name}'"), torch.device(device):
        transformers = import_module("transformers")  # takes seconds, and most zoos need none of it
        config = dict(described["config"])
        built = transformers.AutoConfig.for_model(config.pop("model_type"), **config)
        model = transformers.AutoModelForImageClassification.from_config(built)
    return _Features(model, described["images"]["input_size"][1:]).eval()


def saved_names(tower: nn.Module) -> dict[str, str]:
    """The name under which transformers saves each weight that it builds; the same where it renames nothing.

    Args:
        tower: Of `build_classifier`.
    """
    names = list(tower.state_dict())
    revert = getattr(import_module("transformers"), "core_model_loading", None)
    revert = getattr(revert, "revert_weight_conversion", None)  # since transformers 5
    if revert is None:
        return {name: name for name in names}
    model = tower.get_submodule(_MODEL)
    found = {}
    for name in names:
        own = name.removeprefix(f"{_MODEL}.")
        saved = revert(model, {own: torch.empty(0)})
        found[name] = f"{_MODEL}.{next(iter(saved))}" if len(saved) == 1 else name
    return found


class _Features(nn.Module):
    """A classifier whose last linear layer gives what it is given."""

    def __init__(self, model: nn.Module, image_size: Sequence[int]) -> None:
        super().__init__()
        self.model = model
        self.image_size = tuple(image_size)
        last = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)][-1]
        self.num_features = model.get_submodule(last).in_features
        owner, _, leaf = last.rpartition(".")
        setattr(model.get_submodule(owner), leaf, nn.Identity())

    def forward(self, images: Tensor) -> Tensor:
        """Features before the last layer, (N, d)."""
        features: Tensor = self.model(images).logits
        return features


def _prepared(config: Mapping[str, Any], processor: Mapping[str, Any], name: str) -> dict[str, Any]:
    """How images are prepared, in timm's words: squashed, or the shortest side resized and cropped."""
    size = processor.get("size")
    stated = size if isinstance(size, Mapping) else {}
    side = stated.get("height", stated.get("shortest_edge", config.get("image_size", _USUAL_SIZE)))
    if type(side) is not int:
        raise ZooError(f"'{name}': the side of its images is {shown(side)}; it must be a whole number.")
    is_cropped = "shortest_edge" in stated
    found = {
        "input_size": (3, side, side),
        "mean": processor.get("image_mean", _HALF),
        "std": processor.get("image_std", _HALF),
        "interpolation": _INTERPOLATIONS.get(processor.get("resample", 2), "bilinear"),
        "crop_pct": (processor.get("crop_pct") or _CROPPED) if is_cropped and side < _NOT_CROPPED else 1.0,
        "crop_mode": "center" if is_cropped else "squash",
    }
    require_mean(found["mean"], where=f"'{name}': image_mean")
    require_deviation(found["std"], where=f"'{name}': image_std")
    return found
