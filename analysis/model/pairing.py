"""Pairing of two models' parameters: which one of a fine-tuned model stands for which one of the base."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from analysis.errors import MismatchError
from analysis.listing import difference, few
from analysis.model.names import convention, name_parts

Shapes = Mapping[str, tuple[int, ...]]
"""Shape of every float parameter, by name."""

_LEAST_SHARED = 0.5
"""Share of the smaller model's weights that must stand for weights of the other."""
_LONGEST_PREFIX = 4
"""Parts of a name that wrappers may have put in front of it."""
_LEAST_COMMON = 0.25
"""Share of the names that a prefix must stand in front of."""
_HEAD = re.compile(
    r"(?:^|\.)(?:classifier|classification_head|head|heads|fc|score|qa_outputs|cls|lm_head)(?:\.|$)"
)
_IN_A_BLOCK = re.compile(r"\.\d+\.")


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which parameters of a model and its base stand for one another."""

    names: Mapping[str, str]
    """The model's name of each parameter that both have, by the base's."""
    missing: tuple[str, ...]
    """Parameters that the base alone has."""
    unexpected: tuple[str, ...]
    """Parameters that the model alone has, by its own names."""
    other_heads: tuple[str, ...]
    """Heads that both have, in different shapes, by the base's name."""
    resized: Mapping[str, str] = field(default_factory=dict)
    """Tables with one row per token, of another length, whose first rows both have: as in `names`."""


def pairing(model: Shapes, base: Shapes, *, where: str, shares_rows: bool = False) -> Pairing:
    """Pair the parameters of a model with those of its base by name and shape.

    A prefix that one of them has in front of its names is no difference; of all prefixes, those are taken
    off and put on by which most weights meet.

    Args:
        model: Of the fine-tuned model.
        base: Of the base.
        where: Whose model, to begin a sentence: "Task 'digits'".
        shares_rows: Whether vocabularies of two sizes are merged on the rows that both have.

    Raises:
        MismatchError: The two share less than half of the smaller one's weights, differ in the shape of a
            parameter that is no head, or could be paired in two ways.
    """
    same_names = model.keys() == base.keys()
    names = {name: name for name in base} if same_names else _best_names(model, base, where=where)
    other_shape = [name for name, own in names.items() if tuple(model[own]) != tuple(base[name])]
    resized = {
        name: names[name]
        for name in other_shape
        if _is_vocabulary(name, tuple(model[names[name]]), tuple(base[name]))
    }
    if resized and not shares_rows:
        name, own = next(iter(resized.items()))
        listed = few([f"'{one}'" for one in resized])
        raise MismatchError(
            f"{where}: {listed} has {model[own][0]} rows, the base has "
            f"{base[name][0]}: tokens were added or left out. Merge the rows that both have with "
            'vocabulary = "shared" in zoo.toml, or leave this task out.'
        )
    for name in other_shape:
        if not is_head(name) and name not in resized:
            raise MismatchError(
                f"{where}: '{name}' has shape {tuple(model[names[name]])}, the base has {tuple(base[name])}."
            )
    shared = {name: own for name, own in names.items() if name not in set(other_shape)}
    _require_enough(shared, model, base, where=where)
    met = set(names.values())
    return Pairing(
        names=shared,
        missing=tuple(name for name in base if name not in names),
        unexpected=tuple(name for name in model if name not in met),
        other_heads=tuple(name for name in other_shape if name not in resized),
        resized=resized,
    )


def is_head(name: str) -> bool:
    """Whether a parameter belongs to what is put on top of a model for one task.

    >>> is_head("classifier.1.weight"), is_head("visual.proj"), is_head("blocks.0.attn.head.weight")
    (True, False, False)
    """
    found = _HEAD.search(name)
    return found is not None and _IN_A_BLOCK.search(name[: found.start() + 1]) is None


def _is_vocabulary(name: str, shape: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether a tensor has one row per token: an embedding, or the head that is its counterpart."""
    if len(shape) != 2 or len(other) != 2 or shape[1] != other[1]:
        return False
    is_table = name_parts(name).component == "embedding" and "position" not in name
    return is_table or "lm_head" in name or "embed_out" in name


def _best_names(model: Shapes, base: Shapes, *, where: str) -> Mapping[str, str]:
    best: dict[str, str] = {}
    ways: list[tuple[str, str]] = []
    most, chosen = -1, ("", "")
    for taken_off, put_on in _prefixes(model, base):
        names = _renamed(model, base, taken_off, put_on)
        n_shared = _n_weights(base, _of_one_shape(names, model, base))
        if n_shared > most:
            best, most, chosen, ways = names, n_shared, (taken_off, put_on), []
        elif n_shared == most and n_shared and names != best:
            ways.append((taken_off, put_on))
    # As the names stand is no guess, even where towers of equal shapes could change places.
    if ways and any(chosen) and _are_enough(most, model, base):
        first, second = (put_on or taken_off for taken_off, put_on in (chosen, ways[0]))
        raise MismatchError(
            f"{where} can be paired with the base in two ways, under '{first}' and under '{second}', "
            "and both fit equally well; save one of the two alone."
        )
    return best


def _prefixes(model: Shapes, base: Shapes) -> Iterator[tuple[str, str]]:
    """Prefixes to take off the model's names and to put on instead, the shortest first."""
    pairs = [(own, other) for own in _common_prefixes(model) for other in _common_prefixes(base)]
    return iter(sorted(pairs, key=lambda pair: len(pair[0]) + len(pair[1])))


def _common_prefixes(names: Iterable[str]) -> list[str]:
    names = list(names)
    counts: Counter[str] = Counter()
    for name in names:
        parts = name.split(".")[:-1][:_LONGEST_PREFIX]
        counts.update(".".join(parts[: k + 1]) + "." for k in range(len(parts)))
    return ["", *(prefix for prefix, count in counts.items() if count >= _LEAST_COMMON * len(names))]


def _renamed(model: Shapes, base: Shapes, taken_off: str, put_on: str) -> dict[str, str]:
    """The model's name by the base's, for names that meet; the base's order."""
    renamed: dict[str, str] = {}
    for own in model:
        name = put_on + own[len(taken_off) :] if own.startswith(taken_off) else own
        if name in base:
            renamed.setdefault(name, own)
    return {name: renamed[name] for name in base if name in renamed}


def _of_one_shape(names: Mapping[str, str], model: Shapes, base: Shapes) -> list[str]:
    return [name for name, own in names.items() if tuple(model[own]) == tuple(base[name])]


def _require_enough(names: Mapping[str, str], model: Shapes, base: Shapes, *, where: str) -> None:
    if _are_enough(_n_weights(base, names), model, base):
        return
    own, other = convention(model), convention(base)
    if own != other:
        raise MismatchError(
            f"{where} has {own}, the base has {other}: {difference(model, base, 1)}. "
            "Convert one of them, so that equal weights have equal names."
        )
    raise MismatchError(
        f"{where} names other parameters than the base: {difference(model, base, 1)}. "
        "Were both saved from the same architecture?"
    )


def _are_enough(n_shared: int, model: Shapes, base: Shapes) -> bool:
    return n_shared >= _LEAST_SHARED * min(_n_weights(base, base), _n_weights(model, model))


def _n_weights(shapes: Shapes, names: Iterable[str]) -> int:
    return sum(math.prod(shapes[name]) for name in names)
