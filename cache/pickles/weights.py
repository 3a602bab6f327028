"""Weights of a model inside what a training script saved: which part they are, and what lies beside them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cache.listing import few_quoted
from cache.pickles.inert import SAVE_AGAIN, Made, Nameless, PickleError, an_object, kind_of
from cache.pickles.modules import is_module, module_tensors
from cache.pickles.tensors import is_tensor

_KEYS = (
    *("state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "weights"),
    *("model_weights", "net_state_dict", "params", "parameters", "teacher", "student", "generator"),
    *(
        "state_dict_ema",
        "model_ema",
        "ema_state_dict",
        "model_ema_state_dict",
        "ema_model",
        "params_ema",
        "ema",
    ),
)
"""Keys under which scripts save a model's weights, the first one present being taken: raw before averaged."""
_NO_MODEL = re.compile(
    r".*(optim|sched|scaler|rng_|_extra_state).*|lr_.*|callbacks?|loops|random_state|amp|args|metrics?|hyper_parameters",
    re.IGNORECASE,
)
"""Keys under which scripts keep tensors that are no model's."""
_DEEPEST, _MOST_LOOKS, _MOST_NAMED = 8, 10_000_000, 6


@dataclass(frozen=True, slots=True)
class Weights:
    """The tensors to read, and what else there is."""

    tensors: Mapping[str, Made]
    """By name, in the file's order."""
    metadata: Mapping[str, str]
    """Texts and numbers beside them."""
    notes: tuple[str, ...]
    """Where they were found, and what beside them is no weights, as sentences."""
    doubts: tuple[str, ...]
    """Which other weights may be meant, as sentences."""


def find_weights(saved: object, key: str = "") -> Weights:
    """Find a model's weights: the object itself, or what lies under a key that scripts use.

    Args:
        saved: What `cache.pickles.machine.read_pickle` gave.
        key: Where to look, such as "state_dict_ema" or "ema.model"; "" for wherever weights usually lie.

    Raises:
        PickleError: There are none, or several sets of them and nothing that says which.
    """
    search = _Search()
    taken = search.path(saved, key) if key else []
    for name in taken:
        saved = (search.mapping(saved) or {})[name]
    others: list[str] = []
    aside: list[str] = []
    metadata: dict[str, str] = {}
    value = saved
    for _ in range(_DEEPEST):
        level = None if is_module(value) else search.mapping(value)
        if level is None:
            break
        below, tensors = search.key(level), _tensors(level)
        if below is None and not tensors:
            break
        for name, item in level.items():
            place = ".".join([*taken, name])
            if _is_plain(item):
                metadata[name] = str(item)
            elif below is not None and name != below and search.holds_weights(name, item):
                others.append(place)
            elif item is not None and name != below and (below is not None or name not in tensors):
                aside.append(place)
        if below is None:
            _require_names(value)
            return _found(tensors, metadata, taken, others, aside)
        taken.append(below)
        value = level[below]
    if is_module(value):
        return _found(module_tensors(value), metadata, taken, others, aside, kind_of(value))
    raise PickleError(f"{_nothing(value, search.mapping(value), taken)}; {SAVE_AGAIN}")


class _Search:
    """One look through what was saved, each object once; the whole is bounded."""

    def __init__(self) -> None:
        self._holding: dict[int, bool] = {}
        self._looks = 0

    def mapping(self, value: object) -> dict[str, Any] | None:
        """A mapping by text, or a list of (name, value) pairs as one; None for anything else.

        Tensors in a tuple, as sets of images are often saved, are called "0", "1", and so on.
        """
        if isinstance(value, Made):
            args = value.args if isinstance(value.args, tuple) else ()
            listed = next((arg for arg in args if isinstance(arg, list | dict)), None)
            return {**(self.mapping(listed) or {}), **self._named(value.items.items())} or None
        if isinstance(value, dict):
            return self._named(value.items()) or None
        if isinstance(value, list) and all(
            isinstance(pair, list | tuple) and len(pair) == 2 for pair in value
        ):
            return self._named(value) or None
        if isinstance(value, tuple) and len(value) > 1 and all(map(is_tensor, value)):
            return self._named((str(number), item) for number, item in enumerate(value))
        return None

    def _named(self, pairs: Iterable[Any]) -> dict[str, Any]:
        named = {name: item for name, item in pairs if isinstance(name, str)}
        self._looks += 1 + len(named)
        if self._looks > _MOST_LOOKS:
            raise PickleError(f"holds more than {_MOST_LOOKS} objects, which is the limit; {SAVE_AGAIN}")
        return named

    def path(self, value: object, key: str) -> list[str]:
        """Names that lead from an object to what a person called by a key, with a dot between two levels."""
        names: list[str] = []
        rest = key
        while rest:
            level = self.mapping(value) or {}
            fitting = [name for name in level if rest == name or rest.startswith(f"{name}.")]
            if not fitting:
                holding = [name for name, item in level.items() if self.holds_weights(name, item)]
                where = f" under '{'.'.join(names)}'" if names else ""
                found = f"weights lie under {few_quoted(holding)}" if holding else "it is one set of weights"
                raise PickleError(f"holds nothing under '{key}'; {found}{where}")
            names.append(max(fitting, key=len))
            value, rest = level[names[-1]], rest[len(names[-1]) + 1 :]
        return names

    def holds_weights(self, name: str, value: object, depth: int = 0) -> bool:
        """Whether a model's tensors lie in an object or below it."""
        if _NO_MODEL.fullmatch(name) or is_tensor(value) or depth == _DEEPEST:
            return False
        if id(value) not in self._holding:
            self._holding[id(value)] = False  # until it is known: an object may hold itself
            self._holding[id(value)] = self._looked_into(value, depth)
        return self._holding[id(value)]

    def _looked_into(self, value: object, depth: int) -> bool:
        if is_module(value):
            return True
        level = self.mapping(value)
        if level is None or "param_groups" in level:
            return False
        return bool(_tensors(level)) or any(
            self.holds_weights(name, item, depth + 1) for name, item in level.items()
        )

    def key(self, level: Mapping[str, object]) -> str | None:
        """The key under which weights lie; None if they lie on this level, or nowhere below."""
        holding = [name for name, item in level.items() if self.holds_weights(name, item)]
        known = next((key for key in _KEYS if key in holding), None)
        has_tensors = any(not _NO_MODEL.fullmatch(name) for name in _tensors(level))
        if known is None and len(holding) + has_tensors > 1:
            raise PickleError(
                f"holds several sets of weights (under {few_quoted(holding)}) and none under a name such as "
                "'state_dict'; save the one to merge in a file of its own"
            )
        return known or next(iter(holding), None)


def _require_names(value: object) -> None:
    items = value.items() if isinstance(value, dict) else ()
    if any(isinstance(name, Nameless) and is_tensor(item) for name, item in items):
        raise PickleError("holds a tensor whose name is no text; give each a name and save again")


def _is_plain(item: object) -> bool:
    return isinstance(item, str | float) or (isinstance(item, int) and item.bit_length() < 64)


def _tensors(level: Mapping[str, object]) -> dict[str, Made]:
    return {name: item for name, item in level.items() if is_tensor(item)}


def _found(
    tensors: Mapping[str, Made],
    metadata: Mapping[str, str],
    taken: list[str],
    others: list[str],
    aside: list[str],
    module: str | None = None,
) -> Weights:
    origin = [_whole(module)] if module else []
    origin += [f"'{'.'.join(taken)}'"] if taken else []
    source = f"Weights were taken from {' under '.join(origin)}"
    if others:
        doubt = (
            f"{source}; other weights lie under {few_quoted(others)}. If those are meant, write "
            f"'#{others[0]}' behind the file's name."
        )
        return Weights(tensors, metadata, (), (doubt,))
    left = f"{few_quoted(aside)} beside them are no weights and were left aside"
    text = "; ".join([*([source] if origin else []), *([left] if aside else [])])
    return Weights(tensors, metadata, (f"{text}.",) if text else (), ())


def _whole(module: str) -> str:
    if module.startswith("__torch__."):
        return "a TorchScript archive (where buffers and weights look alike)"
    return f"a pickled {module}"


def _nothing(value: object, level: Mapping[str, object] | None, taken: list[str]) -> str:
    where = f" under '{'.'.join(taken)}'" if taken else ""
    if value in ({}, []):
        return "holds no tensors"
    if level is None:
        return f"holds {'a tensor' if is_tensor(value) else an_object(value)} without names{where}"
    if any(isinstance(item, dict) and "param_groups" in item for item in (level, *level.values())):
        return f"holds the state of an optimiser{where}, and no weights"
    inside = {where: level} | {
        f" under '{name}'": item for name, item in level.items() if isinstance(item, dict)
    }
    for place, items in inside.items():
        arrays = [str(name) for name, item in items.items() if kind_of(item).startswith("numpy.")]
        if len(arrays) > len(items) / 2:
            return f"holds NumPy arrays{place} ({few_quoted(arrays)}), which torch.from_numpy makes tensors"
    objects = [f"'{name}' is {an_object(item)}" for name, item in level.items() if isinstance(item, Made)]
    return f"holds no tensors{where}" + (f" ({', '.join(objects[:_MOST_NAMED])})" if objects else "")
