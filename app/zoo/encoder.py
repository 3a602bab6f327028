"""The image encoder: open_clip's vision tower, or a classifier's, built without weights of its own."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from open_clip.model import _build_vision_tower
from open_clip.transform import PreprocessCfg, image_transform_v2, merge_preprocess_dict
from PIL.Image import Image
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.transforms import Compose

from analysis.documents import shown
from app.errors import ZooError
from app.zoo.classifiers.hugging_face_classifiers import build_classifier
from app.zoo.classifiers.timm_models import build_timm, timm_resize
from app.zoo.encoder_config import EncoderConfig, Library, read_encoder_config
from app.zoo.linearisation import first_order
from app.zoo.open_clip_errors import in_one_sentence
from app.zoo.zoo_file import EncoderEntry

_STACKS = {"resblocks", "blocks", "layer1", "layer2", "layer3", "layer4"}
"""Names of the containers of residual blocks in open_clip, timm and ResNet."""

_LISTS = {"layer", "layers"}
"""The same in transformers, where they are lists; a ResNet there calls what one block holds so too."""

_LARGEST_SCALE = 100.0
"""Ceiling of exp(logit_scale) in CLIP's training, which its released models reached."""


class ImageEncoder:
    """A vision tower with its preprocessing and what its evaluation costs.

    It is built on the meta device, where weights have shapes and no memory: `bind` gives it weights.
    """

    def __init__(self, config: EncoderConfig, entry: EncoderEntry) -> None:
        """Build the tower and run it once on shapes alone."""
        self.config = config
        self.tower = build_tower(config, device="meta")
        self.image_size = _height_and_width(self.tower)
        """Height and width in pixels."""
        with in_one_sentence(f"open_clip cannot prepare images as '{config.name}' describes"):
            preprocess = _preprocess(config, self.image_size)
            self.resize = _resize(config, preprocess)
            """Resize and crop as open_clip does, to RGB of `image_size`."""
        self.mean: tuple[float, ...] = entry.image_mean or tuple(preprocess["mean"])
        self.std: tuple[float, ...] = entry.image_std or tuple(preprocess["std"])
        self.logit_scale = _LARGEST_SCALE if entry.logit_scale is None else entry.logit_scale
        """Factor between cosine similarities and logits."""
        with in_one_sentence(f"The vision tower of '{config.name}' cannot take an image"):
            self.flops_per_image = _dry_run(self.tower, self.image_size, config)
            """Floating-point operations of one image, counted on matrix products."""
        self.linear_at: Mapping[str, Tensor] | None = None
        """θ_0 by the tower's names, where it is evaluated as the model of first order around it."""
        self._before_block = _BeforeBlock()
        blocks = _residual_blocks(self.tower)
        self.n_blocks = len(blocks)
        """Number of residual blocks, each of which can be stopped before."""
        for block in blocks:
            block.register_forward_pre_hook(self._before_block)

    @property
    def embed_dim(self) -> int:
        """Width d of the features."""
        return self.config.embed_dim

    @property
    def normalises(self) -> bool:
        """Whether heads are meant for features of length 1, as CLIP's are and a classifier's are not."""
        return self.config.library is Library.OPEN_CLIP

    @property
    def quick_gelu(self) -> bool:
        """Whether the activation is QuickGELU; OpenAI's weights lose accuracy without it, silently."""
        return self.config.quick_gelu

    def features(self, images: Tensor, *, check: Callable[[], None]) -> Tensor:
        """Features before normalisation, (N, 3, H, W) -> (N, d); `check` runs before every block.

        Args:
            images: Normalised by `mean` and `std`, on the device of the bound weights.
            check: Raises to stop here; what it raises reaches the caller.
        """
        self._before_block.check = check
        try:
            features: Tensor
            if self.linear_at is None:
                features = self.tower(images)
            else:
                features = first_order(self.tower, self.linear_at, images)
        finally:
            self._before_block.check = _carry_on
        return features


class _BeforeBlock:
    """A check that every block calls first.

    It refers to no module: a reference cycle through the encoder would keep a closed zoo's weights in
    memory until the next garbage collection.
    """

    def __init__(self) -> None:
        self.check: Callable[[], None] = _carry_on

    def __call__(self, *_: object) -> None:
        self.check()


def build_encoder(entry: EncoderEntry) -> ImageEncoder:
    """Build the encoder that a zoo describes, without weights and without a network.

    Raises:
        ZooError: The config cannot be read, or open_clip cannot build what it describes.
    """
    return ImageEncoder(read_encoder_config(entry.model), entry)


def build_tower(config: EncoderConfig, *, device: str) -> nn.Module:
    """Build the vision tower with random weights, or on "meta" with none.

    Raises:
        ZooError: open_clip cannot build what the config describes, or would need a network for it.
    """
    if config.library is Library.TIMM:
        return build_timm(config.vision_cfg, name=config.name, device=device)
    if config.library is Library.TRANSFORMERS:
        return build_classifier(config.vision_cfg, name=config.name, device=device)
    vision = {**config.vision_cfg, "output_tokens": False, "timm_model_pretrained": False}
    if ":" in str(vision.get("timm_model_name")):
        raise ZooError(f"'{config.name}': timm_model_name names a model on a hub; give one that timm ships.")
    with (
        in_one_sentence(f"open_clip cannot build the vision tower of '{config.name}'"),
        torch.device(device),
    ):
        tower: nn.Module = _build_vision_tower(config.embed_dim, vision, config.quick_gelu)
    return tower.eval()


def _dry_run(tower: nn.Module, image_size: tuple[int, int], config: EncoderConfig) -> int:
    with FlopCounterMode(display=False) as counter:
        features = tower(torch.empty(1, 3, *image_size, device="meta"))
    if features.shape != (1, config.embed_dim):
        raise ZooError(
            f"'{config.name}' gives features of shape {tuple(features.shape)} for one image, "
            f"expected {(1, config.embed_dim)}; use a pooling that gives one vector per image."
        )
    return int(counter.get_total_flops())


def _preprocess(config: EncoderConfig, image_size: tuple[int, int]) -> dict[str, Any]:
    found: dict[str, Any] = merge_preprocess_dict(PreprocessCfg(size=image_size), config.preprocess)
    size = found["size"]
    if (size, size) != image_size and size not in (image_size, list(image_size)):
        raise ZooError(
            f"'{config.name}': preprocess_cfg.size is {shown(size)}, but its tower takes images of "
            f"{image_size[0]} × {image_size[1]} pixels; leave size out."
        )
    return found


def _residual_blocks(tower: nn.Module) -> list[nn.Module]:
    stacks = [
        module
        for name, module in tower.named_modules()
        if (last := name.rpartition(".")[2]) in _STACKS
        or (last in _LISTS and isinstance(module, nn.ModuleList))
    ]
    return [block for stack in stacks for block in stack.children()]


def _resize(config: EncoderConfig, preprocess: dict[str, Any]) -> Callable[[Image], Image]:
    if config.library is not Library.OPEN_CLIP:
        return timm_resize(config.vision_cfg["images"])
    steps = image_transform_v2(PreprocessCfg(**preprocess), is_train=False).transforms
    resize: Callable[[Image], Image] = Compose(steps[:-2])  # without: to floats, normalise
    return resize


def _height_and_width(tower: nn.Module) -> tuple[int, int]:
    size: Any = tower.image_size  # a number in a ResNet
    return (size, size) if isinstance(size, int) else tuple(size)


def _carry_on() -> None:
    return None
