"""One name for one tensor: open_clip's own, whatever a wrapper put in front of it."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

_WRAPPER = re.compile(r"(?:(?<=\.)|^)(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.")
"""What torch's wrappers put into a name, in front or anywhere inside."""
_OLD_NORM = {"LayerNorm.gamma": "LayerNorm.weight", "LayerNorm.beta": "LayerNorm.bias"}
"""Names that norms of BERT have in files from TensorFlow, and those that transformers gives them."""
_PARALLEL = "module."
_VISION = re.compile(r"(?:(?<=\.)|^)visual\.")


def canonical_names(names: Collection[str]) -> list[str]:
    """Give every tensor open_clip's full name, in the order given.

    What torch's wrappers add (`module.`, `_orig_mod.`, …) is taken off, and so is whatever stands before
    `visual.…` or before a vision tower saved on its own (`conv1.weight`, `class_embedding`, …), which gains
    `visual.`. Every other file, a language model with its own `model.` for instance, keeps its names.

    >>> canonical_names(["module.model.visual.proj", "module.model.token_embedding.weight"])
    ['visual.proj', 'token_embedding.weight']
    >>> canonical_names(["model.layers.0.mlp.up_proj.weight"])
    ['model.layers.0.mlp.up_proj.weight']
    """
    bare = [_WRAPPER.sub("", name) for name in names]
    while all(name.startswith(_PARALLEL) for name in bare if "." in name) and any("." in n for n in bare):
        # A counter of batches or of averaged steps lies beside the model, without a dot.
        bare = [name.removeprefix(_PARALLEL) for name in bare]
    return _as_open_clip([_with_new_norm(name) for name in bare])


def _with_new_norm(name: str) -> str:
    for old, new in _OLD_NORM.items():
        if name.endswith(old):
            return name.removesuffix(old) + new
    return name


def _as_open_clip(names: Sequence[str]) -> list[str]:
    prefixes = Counter(name[: found.start()] for name in names if (found := _VISION.search(name)))
    if prefixes:
        ((prefix, _),) = prefixes.most_common(1)
        return [name.removeprefix(prefix) for name in names]
    known = set(names)
    for name in names:
        prefix = name.removesuffix("class_embedding")
        if prefix != name and _is_vision_tower(prefix, known):
            return [f"visual.{one.removeprefix(prefix)}" if one.startswith(prefix) else one for one in names]
    return list(names)


def _is_vision_tower(prefix: str, names: Collection[str]) -> bool:
    return (
        f"{prefix}conv1.weight" in names
        and any(name.startswith(f"{prefix}transformer.resblocks.0.") for name in names)
        and not any(name.startswith(f"{prefix}token_embedding.") for name in names)
    )
