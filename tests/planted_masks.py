"""Tasks whose TALL masks are known weight by weight, at λ = 0.4 for the sum; and independent ones."""

from pathlib import Path

import torch
from safetensors.torch import save_file

from analysis.masks.counts import MaskCounts
from analysis.masks.multi_task_vector import MaskInputs
from analysis.masks.tall import tall_counts
from analysis.model.layout import Layout
from analysis.model.scope import Scope, scope_ranges
from analysis.model.task_vectors import TaskVectors
from tests.vectors_of_weights import vectors_of_weights

TASKS = ("a", "b", "c", "d")
LAMBDA = 0.4

# What each task adds to a weight. A task keeps it where it moves it more than 0.4 times what the others add.
ONLY_A = (1.0, 0.01, 0.01, 0.01)
ONLY_B = (0.01, 1.0, 0.01, 0.01)
ONLY_C = (0.01, 0.01, 1.0, 0.01)
A_AND_B = (1.0, -1.0, 0.0, 0.0)
ALL_FOUR = (1.0, -1.0, 1.0, -1.0)
NOBODY = (1.0, 1.0, 1.0, 1.0)
UNTOUCHED = (0.0, 0.0, 0.0, 0.0)

PLANTED = {
    "visual.conv1.weight": [ALL_FOUR] * 4,
    "visual.transformer.resblocks.0.mlp.c_fc.weight": [ONLY_A] * 4
    + [ONLY_B] * 2
    + [A_AND_B] * 2
    + [ALL_FOUR] * 2,
    "visual.transformer.resblocks.1.mlp.c_proj.weight": [NOBODY] * 6 + [ONLY_C] + [UNTOUCHED] * 3,
    "token_embedding.weight": [UNTOUCHED] * 5,
}
"""21 of 24 weights in scope were moved: 6 kept by none, 7 by one (a 4, b 2, c 1), 2 by two, 6 by all."""


def planted_vectors() -> TaskVectors:
    """The task vectors."""
    layout = Layout.from_shapes({name: (len(rows),) for name, rows in PLANTED.items()})
    theta_0 = torch.zeros(layout.n_weights)
    weights = torch.zeros(len(TASKS), layout.n_weights)
    for name, rows in PLANTED.items():
        for task in range(len(TASKS)):
            layout.view(weights[task], name).copy_(torch.tensor([row[task] for row in rows]))
    return vectors_of_weights(theta_0, weights, tasks=TASKS, layout=layout)


def planted_counts(sign_seed: int | None = None) -> MaskCounts:
    """Counts of their masks, or of the null."""
    vectors = planted_vectors()
    ranges = scope_ranges(vectors, Scope.CHANGED)
    return tall_counts(MaskInputs(vectors, ranges, sign_seed=sign_seed), (LAMBDA,) * 4)


def independent_counts(n_tasks: int, sign_seed: int | None = None) -> MaskCounts:
    """Counts of tasks that moved 4000 weights independently of one another."""
    layout = Layout.from_shapes({"visual.transformer.resblocks.0.mlp.c_fc.weight": (4000,)})
    weights = torch.randn(n_tasks, 4000, generator=torch.Generator().manual_seed(0))
    tasks = tuple(f"task {number}" for number in range(n_tasks))
    vectors = vectors_of_weights(torch.zeros(4000), weights, tasks=tasks, layout=layout)
    return tall_counts(MaskInputs(vectors, ((0, 4000),), sign_seed=sign_seed), (LAMBDA,) * n_tasks)


def write_planted_zoo(folder: Path) -> Path:
    """Write them as a zoo without encoder and images."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, model in enumerate(("base", *TASKS)):
        weights = {
            name: torch.tensor([0.0 if model == "base" else row[number - 1] for row in rows])
            for name, rows in PLANTED.items()
        }
        save_file(weights, folder / f"{model}.safetensors")
    tasks = "".join(f"[[tasks]]\nname = '{task}'\ncheckpoint = '{task}.safetensors'\n" for task in TASKS)
    text = f"name = 'Planted'\n[base]\ncheckpoint = 'base.safetensors'\n{tasks}"
    (folder / "zoo.toml").write_text(text, encoding="utf-8")
    return folder


CHANGED = [row for rows in PLANTED.values() for row in rows if any(row)]


def keepers(row):
    """Tasks whose mask keeps a weight with these updates."""
    return {task for task, one in zip(TASKS, row, strict=True) if abs(one) > LAMBDA * abs(sum(row) - one)}
