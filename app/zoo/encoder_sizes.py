"""Sizes that an encoder's config states, held within bounds before anything is built of them.

A config is a stranger's file: a million layers would be built for minutes, and tables of positions of a huge
image would fill the memory. What is within these bounds is compared with the checkpoint, shape by shape.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.documents import shown
from app.errors import ZooError

_MOST_LAYERS = 128
"""Residual blocks; the largest encoders of today have 64, and each takes its time to build."""
_LARGEST_IMAGE = 4096
"""Pixels along a side."""
_LARGEST = 1_000_000
"""Of any number in a config: above the rows of the largest vocabulary."""
_LARGEST_TABLE = 100_000_000
"""Numbers in a table of positions: one row of the encoder's width per patch."""
_DEEPEST = 8
"""Levels of tables in tables."""
_WIDTH, _PATCH, _IMAGE = 768, 16, 224
"""open_clip's own, where a config states none."""


def require_sizes(vision: Mapping[str, Any], text: Mapping[str, Any] | None, *, name: str) -> None:
    """Refuse sizes that no encoder has.

    Args:
        vision: The config's `vision_cfg`.
        text: Its `text_cfg`, if it has one.
        name: Of the config, for messages.

    Raises:
        ZooError: A number is not finite or out of bounds, or a patch is larger than the image.
    """
    for table, config in (("vision_cfg", vision), ("text_cfg", text or {})):
        if sum(_whole_numbers(config.get("layers"))) > _MOST_LAYERS:
            raise ZooError(
                f"'{name}': {table}.layers is {shown(config['layers'])}; at most {_MOST_LAYERS} are built."
            )
        for key, value in _numbers(config, table, 0, name):
            if not abs(value) <= _LARGEST:  # nor is NaN
                raise ZooError(f"'{name}': {key} is {shown(value)}; its size must be at most {_LARGEST}.")
    _require_image(vision, name)


def _require_image(vision: Mapping[str, Any], name: str) -> None:
    sides = _whole_numbers(vision.get("image_size", _IMAGE))
    for side in sides:
        if not 1 <= side <= _LARGEST_IMAGE:
            raise ZooError(
                f"'{name}': vision_cfg.image_size is {shown(vision['image_size'])}; each side must have 1 to "
                f"{_LARGEST_IMAGE} pixels."
            )
    if vision.get("timm_model_name") or isinstance(vision.get("layers"), list):
        return  # timm's models bring their patches, a ResNet has none
    patches = _whole_numbers(vision.get("patch_size", _PATCH))
    if sides and patches:
        width = sum(_whole_numbers(vision.get("width", _WIDTH)))
        _require_patches(max(patches), min(patches), sides, width, name)


def _require_patches(largest: int, smallest: int, sides: Sequence[int], width: int, name: str) -> None:
    if smallest < 1:
        raise ZooError(f"'{name}': vision_cfg.patch_size is {shown(smallest)}; it must be at least 1.")
    if largest > min(sides):
        raise ZooError(
            f"'{name}': vision_cfg.patch_size is {shown(largest)}, larger than the image of {min(sides)} "
            "pixels; make it smaller, or image_size larger."
        )
    if (max(sides) // smallest) ** 2 * width > _LARGEST_TABLE:
        raise ZooError(
            f"'{name}': patches of {smallest} pixels in an image of {max(sides)} are too many for a width of "
            f"{shown(width)}; at most {_LARGEST_TABLE} numbers are made for positions. Make "
            "vision_cfg.patch_size larger."
        )


def _whole_numbers(value: Any) -> tuple[int, ...]:
    """A size, or those of a list; nothing for what open_clip itself will refuse."""
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(one for one in values if isinstance(one, int))


def _numbers(value: Any, key: str, depth: int, name: str) -> Iterator[tuple[str, float]]:
    """Every number in a table, with the key that it stands under."""
    if depth > _DEEPEST:
        raise ZooError(f"'{name}': {key} is nested too deeply; open_clip's configs have two levels.")
    if isinstance(value, Mapping):
        for inner, one in value.items():
            yield from _numbers(one, f"{key}.{inner}" if depth == 0 else key, depth + 1, name)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _numbers(one, key, depth + 1, name)
    elif isinstance(value, int | float):
        yield key, value
