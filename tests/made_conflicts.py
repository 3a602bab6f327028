"""Zoos made up for tests of sign conflicts: independent, friendly and opposed tasks."""

import numpy as np

from analysis.model.places import places
from analysis.weights.statistics import statistics
from analysis.weights.trim import magnitude_trim
from app.views.sign_conflicts.look import Look, by_layer
from tests.made_vectors import big_updates, task_vectors_of, whole

N = 12_000
LAYERS = 3
SHAPES = {f"visual.transformer.resblocks.{layer}.mlp.c_fc.weight": (N // LAYERS,) for layer in range(LAYERS)}


def zoo_of(taus):
    """Task vectors of a model with three equal layers."""
    return task_vectors_of(np.asarray(taus, dtype=np.float32), SHAPES)


def statistics_of(vectors, density=None, sign_seed=None):
    """Statistics after trimming to a density, or with random signs."""
    rows = range(vectors.n_tasks)
    cut = density and magnitude_trim(vectors.deltas, rows, whole(vectors), density=density)
    return statistics(vectors, whole(vectors), cut=cut, sign_seed=sign_seed)


def independent(n_tasks=8):
    """Tasks that have nothing in common."""
    return big_updates(n_tasks, N)


def shared(n_tasks=4):
    """Tasks that share a direction."""
    return big_updates(n_tasks, N) + 0.7 * big_updates(1, N, seed=1)


def opposed():
    """Two tasks that pull one direction to opposite sides."""
    common = big_updates(1, N, seed=1)
    return np.concatenate([big_updates(1, N) + common, big_updates(1, N, seed=2) - common])


def look_at(vectors, density=0.2, **others):
    """All tasks, or a pair, of a zoo."""
    return Look(vectors.tasks, density, **others)


def layers_of(taus, density=0.2, **others):
    """A look at the layers of a zoo, and their sums."""
    vectors = zoo_of(taus)
    look = look_at(vectors, density, **others)
    return look, *by_layer(statistics_of(vectors, density), places(vectors.layout), None)


def one_layer_apart():
    """Independent but in block 1, where the two tasks are opposed."""
    taus = big_updates(2, N)
    taus[1, N // LAYERS : 2 * N // LAYERS] = -taus[0, N // LAYERS : 2 * N // LAYERS]
    return taus
