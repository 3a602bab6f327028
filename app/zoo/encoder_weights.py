"""Weights of the encoder as views of a flat buffer: writing there changes the encoder."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from analysis.listing import few
from analysis.model.layout import Layout
from analysis.model.names import convention
from app.errors import ZooError
from app.zoo.classifiers.hugging_face_classifiers import saved_names
from app.zoo.encoder import ImageEncoder, build_tower
from app.zoo.encoder_config import Library

TOWER = "visual."
"""Prefix of the encoder's weights among the canonical names of a checkpoint."""

_WRAPPERS = 2
"""Parts of a classifier's names that a checkpoint of its backbone alone lacks."""


def bind(encoder: ImageEncoder, flat: Tensor, layout: Layout, *, linear_at: Tensor | None = None) -> None:
    """Make every weight of the encoder a view of `flat`; nothing is copied.

    Args:
        encoder: From `build_encoder`; may have been bound before.
        flat: All float weights of a checkpoint, (P,), on the device that will evaluate.
        layout: Where each weight lies in `flat`, by canonical open_clip name.
        linear_at: θ_0, (P,), on the same device, to evaluate the model of first order around it.

    Raises:
        ZooError: The tower has a weight the checkpoint lacks, lacks one it has, or differs in a shape.
    """
    places = _places(encoder, layout)
    if any(True for _ in encoder.tower.buffers()):
        _restore_constants(encoder, flat.device)
    for built, name in places.items():
        owner, _, leaf = built.rpartition(".")
        module, view = encoder.tower.get_submodule(owner), layout.view(flat, name)
        if leaf in dict(module.named_buffers(recurse=False)):
            module.register_buffer(leaf, view)  # running statistics of a ResNet
        else:
            module.register_parameter(leaf, nn.Parameter(view, requires_grad=False))
    encoder.linear_at = (
        None if linear_at is None else {built: layout.view(linear_at, name) for built, name in places.items()}
    )


def _places(encoder: ImageEncoder, layout: Layout) -> dict[str, str]:
    """The checkpoint's name of each weight that the encoder builds."""
    built = {
        name: tuple(weight.shape)
        for name, weight in encoder.tower.state_dict().items()
        if weight.is_floating_point()
    }
    if encoder.config.library is not Library.OPEN_CLIP:
        return _places_in_classifier(encoder, built, layout)
    _require_same_weights(encoder, layout, {TOWER + name: shape for name, shape in built.items()})
    return {name: TOWER + name for name in built}


def _places_in_classifier(
    encoder: ImageEncoder, built: Mapping[str, tuple[int, ...]], layout: Layout
) -> dict[str, str]:
    """The same of a classifier, whose checkpoint may lack what stands before all names of the backbone."""
    known = [{name: name for name in built}]
    if encoder.config.library is Library.TRANSFORMERS:
        known.append(saved_names(encoder.tower))
    ways = [
        {name: names[name].split(".", n)[-1] for name in built}
        for names in known
        for n in range(_WRAPPERS + 1)
    ]
    places = max(ways, key=lambda way: sum(name in layout.by_name for name in way.values()))
    config = encoder.config.name
    for name, place in places.items():
        if place not in layout.by_name:
            raise ZooError(
                f"'{config}' builds '{place}', which the checkpoint lacks; the two do not belong together."
            )
        _require_shape(place, built[name], layout, config)
    spare = sorted(layout.by_name.keys() - set(places.values()))
    if any(layout.by_name[name].layer is not None for name in spare):
        raise ZooError(
            f"The checkpoint has {few(spare, 3)}, which '{config}' does not build; the two do not belong "
            "together."
        )
    return places


def _require_shape(name: str, shape: tuple[int, ...], layout: Layout, config: str) -> None:
    found = layout.by_name[name].shape
    if found != shape:
        raise ZooError(
            f"'{name}' has shape {found} in the checkpoint, but '{config}' builds {shape}; "
            "the two do not belong together."
        )


def _require_same_weights(
    encoder: ImageEncoder, layout: Layout, built: Mapping[str, tuple[int, ...]]
) -> None:
    config = encoder.config.name
    places = [place.name for place in layout.parameters if place.name.startswith(TOWER)]
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
        _require_shape(name, shape, layout, config)
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
