"""Weights that a task and its base do not share: what they are, and what becomes of them."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.listing import few
from analysis.model.buffers import is_table
from analysis.model.names import name_parts
from analysis.model.pairing import Pairing, Shapes, is_head
from app.words.numbers import count
from cache.checkpoints import Entry

Tensors = Mapping[str, Entry]
"""What a file holds, by name."""

_STATISTICS = re.compile(r"(?:^|\.)running_(?:mean|var)$")
_VISION = "visual."
_TEXT = re.compile(
    r"(?:text\.)?(?:transformer\.|token_embedding\.|positional_embedding|ln_final\.|text_projection|logit_scale)"
)
"""open_clip keeps the text tower's names bare beside `visual.…`."""
_TOWERS = {"visual": "vision tower", "text": "text tower"}
_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Difference:
    """One way in which a task can differ from its base."""

    names: Callable[[Pairing], tuple[str, ...]]
    one: str
    """What is said of one task: how many tensors, of which kind, by which names."""
    many: str
    """The same of several."""
    where: str
    """Who has such a tensor, and which tasks do not, or the other way round."""
    fate: str
    """What becomes of it in a merge."""
    is_of_base: bool = True
    """Whether the tensors are the base's."""


@dataclass(frozen=True, slots=True)
class UnsharedTensor:
    """A tensor that is not merged."""

    name: str
    """As the file calls it that has it."""
    kind: str
    """What it belongs to, such as "head" or "text tower"."""
    shape: tuple[int, ...]
    n_bytes: int
    where: str
    """Who has it, or lacks it."""
    fate: str
    """What becomes of it in a merge."""


_DIFFERENCES = (
    _Difference(
        lambda pairing: pairing.missing,
        "lacks {n} of the base ({names}); they count as unchanged",
        "lack {n} of the base ({names}); they count as unchanged",
        "the base, not in {tasks}",
        "counts as unchanged there",
    ),
    _Difference(
        lambda pairing: pairing.unexpected,
        "has {n} that the base lacks ({names}); they are left out",
        "have {n} that the base lacks ({names}); they are left out",
        "{tasks}, not in the base",
        "left out",
        is_of_base=False,
    ),
    _Difference(
        lambda pairing: pairing.other_heads,
        "has {n} of another shape than the base ({names}); the base's are kept",
        "have {n} of another shape than the base ({names}); the base's are kept",
        "the base, of another shape in {tasks}",
        "the base's is kept",
    ),
)


def unshared_weights(pairings: Mapping[str, Pairing], base: Shapes) -> tuple[str, ...]:
    """What only one side has, one sentence for all tasks in which it is the same.

    Args:
        pairings: By task.
        base: Shapes of the base's weights.

    >>> paired = Pairing(names={"a": "a"}, missing=("head.weight",), unexpected=(), other_heads=())
    >>> unshared_weights({"cars": paired, "digits": paired}, {"a": (2,), "head.weight": (2,)})
    ("Tasks 'cars', 'digits' lack 1 tensor of the base (head: head.weight); they count as unchanged.",)
    """
    return tuple(_sentences(pairings, has_vision=any(name.startswith(_VISION) for name in base)))


def unshared_tensors(models: Mapping[str, tuple[Pairing, Tensors]], base: Tensors) -> list[UnsharedTensor]:
    """Every tensor that only one side has, each once for all tasks in which it is the same.

    Args:
        models: By task: how it is paired with the base, and what its file holds.
        base: What the base's file holds.
    """
    has_vision = any(name.startswith(_VISION) for name in base)
    listed = []
    for difference in _DIFFERENCES:
        found: dict[tuple[str, Entry], list[str]] = {}
        for task, (pairing, own) in models.items():
            tensors = base if difference.is_of_base else own
            for name in difference.names(pairing):
                found.setdefault((name, tensors[name]), []).append(task)
        listed += [
            _listed(
                name,
                entry,
                difference.where.format(tasks=few(tasks, _NAMED)),
                difference.fate,
                has_vision=has_vision,
            )
            for (name, entry), tasks in found.items()
        ]
    return listed


def carried_tensors(names: Iterable[str], base: Tensors) -> list[UnsharedTensor]:
    """Tensors of the base that are no weights, and stand in merged files as they are."""
    has_vision = any(name.startswith(_VISION) for name in base)
    return [
        _listed(name, base[name], "the base", "no weight: kept as it is", has_vision=has_vision)
        for name in names
    ]


def _listed(name: str, entry: Entry, where: str, fate: str, *, has_vision: bool) -> UnsharedTensor:
    n_bytes = math.prod(entry.shape) * entry.dtype.itemsize
    kind = _kind(name, has_vision=has_vision)
    return UnsharedTensor(name, kind, tuple(entry.shape), n_bytes, where, fate)


def _sentences(pairings: Mapping[str, Pairing], *, has_vision: bool) -> Iterator[str]:
    for difference in _DIFFERENCES:
        alike: dict[tuple[str, ...], list[str]] = {}
        for task, pairing in pairings.items():
            if names := difference.names(pairing):
                alike.setdefault(names, []).append(task)
        for names, tasks in alike.items():
            who = few([f"'{task}'" for task in tasks], _NAMED)
            said = difference.one if len(tasks) == 1 else difference.many
            counted = f"{count(len(names))} tensor{'s' if len(names) > 1 else ''}"
            which = f"{_kinds(names, has_vision=has_vision)}: {few(names, _NAMED)}"
            yield f"Task{'s' if len(tasks) > 1 else ''} {who} {said.format(n=counted, names=which)}."


def _kinds(names: Sequence[str], *, has_vision: bool) -> str:
    """What the tensors are, such as "head and buffers"."""
    found = dict.fromkeys(_kind(name, has_vision=has_vision) for name in names)
    return " and ".join(found)


def _kind(name: str, *, has_vision: bool) -> str:
    if is_table(name) or _STATISTICS.search(name):
        return "buffers"
    if is_head(name):
        return "head"
    tower = name_parts(name).tower
    if has_vision and _TEXT.match(name):
        tower = "text"
    return _TOWERS.get(tower, "weights")
