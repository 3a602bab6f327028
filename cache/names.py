"""One name for one tensor: open_clip's own, whatever a wrapper put in front of it."""

from collections.abc import Collection


def canonical_names(names: Collection[str]) -> list[str]:
    """Give every tensor open_clip's full name, in the order given.

    A wrapped model (`model.visual.…`, as the task-vector papers save it) loses its `model.`, and a
    vision tower saved on its own (`conv1.weight`, `class_embedding`, …) gains `visual.`. Every other
    file, a language model with its own `model.` for instance, keeps its names.

    >>> canonical_names(["model.visual.proj", "model.token_embedding.weight"])
    ['visual.proj', 'token_embedding.weight']
    >>> canonical_names(["model.layers.0.mlp.up_proj.weight"])
    ['model.layers.0.mlp.up_proj.weight']
    """
    bare = [name.removeprefix("model.") for name in names]
    wraps_open_clip = any(name.startswith("model.visual.") for name in names)
    wraps_tower = all(name.startswith("model.") for name in names) and _is_vision_tower(bare)
    found = bare if wraps_open_clip or wraps_tower else list(names)
    return [f"visual.{name}" for name in found] if _is_vision_tower(found) else found


def _is_vision_tower(names: Collection[str]) -> bool:
    return (
        {"conv1.weight", "class_embedding"} <= set(names)
        and any(name.startswith("transformer.resblocks.0.") for name in names)
        and not any(name.startswith(("visual.", "token_embedding.")) for name in names)
    )
