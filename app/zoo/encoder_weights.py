"""Weights of the encoder as views of a flat buffer: writing there changes the encoder."""

import torch
from torch import Tensor, nn

from analysis.model.layout import Layout
from analysis.model.names import convention
from app.errors import ZooError
from app.zoo.encoder import ImageEncoder, build_tower

TOWER = "visual."
"""Prefix of the encoder's weights among the canonical names of a checkpoint."""


def bind(encoder: ImageEncoder, flat: Tensor, layout: Layout) -> None:
    """Make every weight of the encoder a view of `flat`; nothing is copied.

    Args:
        encoder: From `build_encoder`; may have been bound before.
        flat: All float weights of a checkpoint, (P,), on the device that will evaluate.
        layout: Where each weight lies in `flat`, by canonical open_clip name.

    Raises:
        ZooError: The tower has a weight the checkpoint lacks, lacks one it has, or differs in a shape.
    """
    places = [place.name for place in layout.parameters if place.name.startswith(TOWER)]
    _require_same_weights(encoder, layout, places)
    if any(True for _ in encoder.tower.buffers()):
        _restore_constants(encoder, flat.device)
    for name in places:
        owner, _, leaf = name.removeprefix(TOWER).rpartition(".")
        module, view = encoder.tower.get_submodule(owner), layout.view(flat, name)
        if leaf in dict(module.named_buffers(recurse=False)):
            module.register_buffer(leaf, view)  # running statistics of a ResNet
        else:
            module.register_parameter(leaf, nn.Parameter(view, requires_grad=False))


def _require_same_weights(encoder: ImageEncoder, layout: Layout, places: list[str]) -> None:
    config = encoder.config.name
    built = {
        TOWER + name: tuple(weight.shape)
        for name, weight in encoder.tower.state_dict().items()
        if weight.is_floating_point()
    }
    if not places:
        raise ZooError(
            f"'{config}' builds weights under open_clip's names, such as '{next(iter(built))}'; the "
            f"checkpoint has {convention(layout.by_name)}. Convert the checkpoints to open_clip's names."
        )
    for name, shape in built.items():
        if name not in layout.by_name:
            raise ZooError(
                f"'{config}' builds '{name}', which the checkpoint lacks; the two do not belong together."
            )
        found = layout.by_name[name].shape
        if found != shape:
            raise ZooError(
                f"'{name}' has shape {found} in the checkpoint, but '{config}' builds {shape}; "
                "the two do not belong together."
            )
    for name in places:
        if name not in built:
            raise ZooError(
                f"The checkpoint has '{name}', which '{config}' does not build; the two do not belong "
                "together."
            )


def _restore_constants(encoder: ImageEncoder, device: torch.device) -> None:
    # Position tables and counters are computed at construction, which the meta device skips.
    for name, constant in build_tower(encoder.config, device="cpu").named_buffers():
        owner, _, leaf = name.rpartition(".")
        kept = name in encoder.tower.state_dict()
        encoder.tower.get_submodule(owner).register_buffer(leaf, constant.to(device), persistent=kept)
