"""Zoos made up for counting claims: independent tasks of many kinds, and tasks with a planted effect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from analysis.arrays import Numbers
from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors

Draw = Callable[[np.random.Generator, int, Layout], Numbers]
"""Makes the updates of so many tasks, (T, P), from a generator and the layout of the weights."""

WIDTHS = (32,) * 6
"""Of the blocks."""

_SIZE = 1e-3
"""Of an update, weight units."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Zoos of one kind."""

    name: str
    """A word or two, for the head of a column."""
    draw: Draw
    stretches: tuple[float, ...] = (1.0,)
    """Widths of the blocks relative to the usual one, repeated over the blocks."""
    holds_null: bool = True
    """Whether every sign is independent, as the null of the pages has it."""
    has_equal_layers: bool = True
    """Whether the same is drawn in all layers."""


def zoo(kind: Kind, *, n_tasks: int, seed: int, widths: Sequence[int] = WIDTHS) -> TaskVectors:
    """One zoo of a kind; the same seed draws the same one."""
    rng = np.random.default_rng(seed)
    stretched = [
        max(int(width * kind.stretches[block % len(kind.stretches)]), 4) for block, width in enumerate(widths)
    ]
    layout = Layout.from_shapes(_shapes(stretched))
    deltas = torch.as_tensor(_SIZE * kind.draw(rng, n_tasks, layout), dtype=torch.float32).contiguous()
    theta_0 = torch.as_tensor(0.05 * rng.normal(size=layout.n_weights), dtype=torch.float32)
    changed = tuple(bool((deltas[:, one.start : one.stop] != 0).any()) for one in layout.parameters)
    return TaskVectors(layout, tuple(f"task {t}" for t in range(n_tasks)), theta_0, deltas, changed)


def _shapes(widths: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """A vision tower whose blocks have these widths."""
    first, last = widths[0], widths[-1]
    shapes: dict[str, tuple[int, ...]] = {
        "visual.conv1.weight": (first, 3, 4, 4),
        "visual.class_embedding": (first,),
        "visual.positional_embedding": (17, first),
        "visual.ln_pre.weight": (first,),
        "visual.ln_pre.bias": (first,),
    }
    for block, w in enumerate(widths):
        inside = {
            "ln_1.weight": (w,),
            "ln_1.bias": (w,),
            "attn.in_proj_weight": (3 * w, w),
            "attn.in_proj_bias": (3 * w,),
            "attn.out_proj.weight": (w, w),
            "attn.out_proj.bias": (w,),
            "ln_2.weight": (w,),
            "ln_2.bias": (w,),
            "mlp.c_fc.weight": (4 * w, w),
            "mlp.c_fc.bias": (4 * w,),
            "mlp.c_proj.weight": (w, 4 * w),
            "mlp.c_proj.bias": (w,),
        }
        shapes |= {f"visual.transformer.resblocks.{block}.{name}": shape for name, shape in inside.items()}
    return shapes | {
        "visual.ln_post.weight": (last,),
        "visual.ln_post.bias": (last,),
        "visual.proj": (last, last),
    }


def _gaussian(rng: np.random.Generator, n_tasks: int, layout: Layout) -> Numbers:
    return rng.normal(size=(n_tasks, layout.n_weights))


def _heavy(freedom: int) -> Draw:
    """Student's t: 1 degree of freedom is Cauchy's."""
    return lambda rng, n_tasks, layout: rng.standard_t(freedom, size=(n_tasks, layout.n_weights))


def _sparse(share: float) -> Draw:
    def draw(rng: np.random.Generator, n_tasks: int, layout: Layout) -> Numbers:
        return _gaussian(rng, n_tasks, layout) * (rng.random((n_tasks, layout.n_weights)) < share)

    return draw


def _one_scale(rng: np.random.Generator, n_tasks: int, layout: Layout) -> Numbers:
    """Weights that all tasks change much, or all little."""
    return np.asarray(_gaussian(rng, n_tasks, layout) * np.exp(1.5 * rng.normal(size=layout.n_weights)))


def _unequal_norms(rng: np.random.Generator, n_tasks: int, layout: Layout) -> Numbers:
    return _gaussian(rng, n_tasks, layout) * np.geomspace(1.0, 8.0, n_tasks)[:, None]


def _low_rank(rank: int) -> Draw:
    """Matrices that are sums of so many outer products."""

    def draw(rng: np.random.Generator, n_tasks: int, layout: Layout) -> Numbers:
        taus: Numbers = _gaussian(rng, n_tasks, layout)
        for one in layout.parameters:
            if len(one.shape) == 2:
                rows, columns = one.shape
                left = rng.normal(size=(n_tasks, rows, rank))
                right = rng.normal(size=(n_tasks, rank, columns))
                taus[:, one.start : one.stop] = (left @ right).reshape(n_tasks, -1) / np.sqrt(rank)
        return taus

    return draw


INDEPENDENT = (
    Kind("Gaussian", _gaussian),
    Kind("t2", _heavy(2)),
    Kind("Cauchy", _heavy(1)),
    Kind("5 %", _sparse(0.05)),
    Kind("1 %", _sparse(0.01)),
    Kind("one scale", _one_scale),
    Kind("norms 1:8", _unequal_norms),
    Kind("sizes", _gaussian, stretches=(0.25, 0.5, 0.75, 1.0, 1.25, 1.5)),
    Kind("rank 1", _low_rank(1), holds_null=False, has_equal_layers=False),
    Kind("rank 4", _low_rank(4), holds_null=False, has_equal_layers=False),
)
"""Tasks that have nothing in common but what the name says of their sizes."""


def _common(cosine: float) -> Draw:
    """A component that all tasks share."""

    def draw(rng: np.random.Generator, n_tasks: int, layout: Layout) -> Numbers:
        shared: Numbers = np.sqrt(cosine / (1 - cosine)) * rng.normal(size=layout.n_weights)
        return _gaussian(rng, n_tasks, layout) + shared

    return draw


def _opposed_block(rng: np.random.Generator, n_tasks: int, layout: Layout) -> Numbers:
    """Every second task is against the others in one block, by a cosine of −1/3 or less."""
    taus = _gaussian(rng, n_tasks, layout)
    against = np.where(np.arange(n_tasks) % 2, -1.0, 1.0)[:, None]
    for one in layout.parameters:
        if ".resblocks.2." in one.name:
            size = one.stop - one.start
            taus[:, one.start : one.stop] += 0.7 * against * rng.normal(size=size)
    return taus


def _large_agree(rng: np.random.Generator, n_tasks: int, layout: Layout) -> Numbers:
    """Tasks have one sign where both changes are among the largest tenth, in half of the weights."""
    taus = _gaussian(rng, n_tasks, layout)
    sign = rng.choice([-1.0, 1.0], size=layout.n_weights)
    follows = (np.abs(taus) > 1.64) & (rng.random(taus.shape) < 0.5)
    return np.where(follows, np.abs(taus) * sign, taus)


def _own_tails(rng: np.random.Generator, n_tasks: int, layout: Layout) -> Numbers:
    """Each task has tails of its own, from light ones to heavy ones."""
    taus = _gaussian(rng, n_tasks, layout)
    return np.asarray(np.sign(taus) * np.abs(taus) ** np.linspace(0.5, 2.0, n_tasks)[:, None])


def _growing(rng: np.random.Generator, n_tasks: int, layout: Layout) -> Numbers:
    """Updates of the last block are twice those of the first."""
    taus = _gaussian(rng, n_tasks, layout)
    last = max(one.layer or 0 for one in layout.parameters)
    for one in layout.parameters:
        taus[:, one.start : one.stop] *= 1 + (one.layer or 0) / max(last, 1)
    return taus


PLANTED = (
    Kind("cosine .02", _common(0.02)),
    Kind("cosine .1", _common(0.1)),
    Kind("block against", _opposed_block),
    Kind("large agree", _large_agree),
    Kind("own tails", _own_tails),
    Kind("growing", _growing),
)
"""Tasks with an effect that some of the sentences are about."""
