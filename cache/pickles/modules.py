"""Whole modules in a pickle: their parameters and buffers by the names that a state dict would have."""

import re
from collections.abc import Mapping
from typing import TypeGuard

from cache.pickles.inert import Made, Named, PickleError, kind_of
from cache.pickles.tensors import is_tensor

_DEEPEST, _MOST_CHARACTERS = 100, 20_000_000
_PACKED = re.compile(r"^__torch__\.torch\.classes\.|^torch\..*\.quantized\.")
"""Classes whose weights are no tensors of the module."""
_PARTS = ("_parameters", "_buffers", "_modules")


def is_module(value: object) -> TypeGuard[Made]:
    """Whether an object of a pickle is a torch module, plain or TorchScript's."""
    return _is_plain(value) or _is_script(value)


def module_tensors(root: object) -> dict[str, Made]:
    """The tensors of a module and of those inside it, as `state_dict()` names and orders them.

    TorchScript keeps tensors and inner modules as attributes alike, so that all tensors count.

    Raises:
        PickleError: Modules nest too deep, are too many, or hold packed weights.
    """
    found: dict[str, Made] = {}
    waiting: list[tuple[str, object, int]] = [("", root, 0)]
    n_characters = 0
    while waiting:
        prefix, module, depth = waiting.pop()
        _require_unpacked(prefix.removesuffix("."), module)
        tensors, children = _own_tensors(module), _children(module)
        n_characters += sum(len(prefix) + len(name) + 1 for name, _ in (*tensors, *children))
        if depth > _DEEPEST or n_characters > _MOST_CHARACTERS:
            raise PickleError(
                f"holds modules nested deeper than {_DEEPEST}, or with names of more than {_MOST_CHARACTERS} "
                "characters together, which are the limits"
            )
        found |= {prefix + name: tensor for name, tensor in tensors}
        waiting += [(f"{prefix}{name}.", child, depth + 1) for name, child in reversed(children)]
    return found


def _state(value: object) -> Mapping[object, object] | None:
    return value.state if isinstance(value, Made) and isinstance(value.state, dict) else None


def _is_plain(value: object) -> bool:
    state = _state(value)
    return state is not None and all(isinstance(state.get(part), dict) for part in _PARTS)


def _is_script(value: object) -> bool:
    if not isinstance(value, Made) or not isinstance(value.kind, Named):
        return False
    return value.kind.module.startswith("__torch__")


def _own_tensors(module: object) -> list[tuple[str, Made]]:
    state = _state(module) or {}
    if _is_plain(module):
        skipped = _texts(state.get("_non_persistent_buffers_set"))
        parameters, buffers = (_text_items(state[part]) for part in _PARTS[:2])
        kept = [*parameters, *((name, value) for name, value in buffers if name not in skipped)]
    else:
        kept = _text_items(state)
    return [(name, value) for name, value in kept if is_tensor(value)]


def _children(module: object) -> list[tuple[str, object]]:
    state = _state(module) or {}
    if _is_plain(module):
        return [(name, child) for name, child in _text_items(state["_modules"]) if child is not None]
    return [(name, child) for name, child in _text_items(state) if _is_script(child)]


def _require_unpacked(name: str, module: object) -> None:
    if not is_module(module) or _PACKED.search(str(module.kind)):
        raise PickleError(
            f"holds a module '{name}' of class {kind_of(module)}, which packs its weights; save "
            "model.state_dict() of the model before it was packed"
        )


def _text_items(value: object) -> list[tuple[str, object]]:
    items = value.items() if isinstance(value, dict) else ()
    return [(name, part) for name, part in items if isinstance(name, str)]


def _texts(value: object) -> set[str]:
    """The texts in a saved set: a list, or a call of `set` with one."""
    lists = value.args if isinstance(value, Made) and isinstance(value.args, tuple) else (value,)
    return {
        text for texts in lists if isinstance(texts, list | tuple) for text in texts if isinstance(text, str)
    }
