"""Images of a task among its classes: before fine-tuning, after it, and in a merge."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from analysis.arrays import Numbers
from analysis.merge.recipe import Recipe, anchor_recipe
from analysis.weights.projection import FEW, Plane, neighbours_kept, pca, umap
from app.bench.workbench import Workbench
from app.views.map.layouts import UMAP_SETTINGS, kept_by_chance
from app.words.numbers import percent
from app.work.jobs import JobContext
from app.zoo.head import Head

BASE, FINE_TUNED, PINNED, MERGED = "base", "fine-tuned", "pinned", "this merge"
"""Models whose features are compared, in this order; the second last only while a run is pinned."""


@dataclass(frozen=True, eq=False, slots=True)
class ImageFeatures:
    """One plane for the images under all models and for the classes."""

    task: str
    classes: tuple[str, ...]
    labels: NDArray[np.int64]
    """True class of each image, (n,)."""
    images: NDArray[np.uint8]
    """(n, 3, H, W)."""
    points: Mapping[str, NDArray[np.float64]]
    """By model, (n, 2)."""
    prototypes: NDArray[np.float64]
    """The classes' own embeddings on the same plane, (C, 2)."""
    correct: Mapping[str, NDArray[np.bool_]]
    """By model: whether the nearest class is the true one, (n,)."""
    explained: tuple[float, float] | None
    """Share of the variance along each axis of PCA; None for UMAP."""
    kept: float
    """Share of 5 nearest neighbours that the plane keeps, in [0, 1]."""

    @property
    def kept_by_chance(self) -> float:
        """What points placed at random keep."""
        return kept_by_chance(sum(map(len, self.points.values())) + len(self.prototypes))


def image_features(
    bench: Workbench,
    task: str,
    recipe: Recipe,
    context: JobContext,
    *,
    n_images: int,
    method: str,
    pinned: Recipe | None = None,
) -> ImageFeatures:
    """A task's first validation images under base, fine-tuned model and merges, in one projection.

    The coordinates before projecting are cosines to the task's classes: what the head sees, and nothing
    else of the features.

    Args:
        bench: Its weights are overwritten.
        task: One of the zoo's tasks, with images and head.
        recipe: The merge.
        context: Where to report, and whether to stop.
        n_images: Images at most.
        method: `pca` or `umap`; few points are laid out by PCA in any case.
        pinned: A second merge, if there is one to compare with.
    """
    eval_set = bench.setup.eval_sets["val"][task]
    models = {
        BASE: anchor_recipe(bench.tasks),
        FINE_TUNED: anchor_recipe(bench.tasks, task),
        **({} if pinned is None else {PINNED: pinned}),
        MERGED: recipe,
    }
    cosines = {}
    for done, (model, its_recipe) in enumerate(models.items()):
        context.report(done / (len(models) + 1), f"Images of '{task}' under {model}")
        cosines[model] = bench.class_cosines(its_recipe, task, context, n_images=n_images)
    head = bench.setup.heads[task].to(torch.device("cpu"))
    every = np.concatenate([*cosines.values(), prototypes(head, cosines[BASE])])
    context.report(len(models) / (len(models) + 1), "Projecting the images")
    context.check()
    plane: Plane = umap(every) if method == "umap" and len(every) >= FEW else pca(every)
    n = len(cosines[BASE])
    labels = eval_set.labels[:n].cpu().numpy()
    return ImageFeatures(
        task=task,
        classes=eval_set.classes,
        labels=labels,
        images=eval_set.images(n, check=context.check).cpu().numpy(),
        points={model: plane.points[k * n : (k + 1) * n] for k, model in enumerate(cosines)},
        prototypes=plane.points[len(cosines) * n :],
        correct={
            model: head.answers(torch.from_numpy(found)).numpy() == labels for model, found in cosines.items()
        },
        explained=plane.explained,
        kept=neighbours_kept(every, plane.points),
    )


def prototypes(head: Head, products: NDArray[np.float32]) -> Numbers:
    """What an image that lies on each row of a head gives, (C, C).

    Args:
        head: Of C classes, in main memory.
        products: Of images, (n, C): where features keep their length, prototypes get what is usual.
    """
    rows = head.rows.double().numpy()
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    found: Numbers = units @ rows.T
    if not head.normalises:
        found *= np.linalg.norm(products, axis=1).mean() / np.linalg.norm(found, axis=1).mean()
    return found


class Flips(StrEnum):
    """Images by what becomes of their answer from one model to another."""

    ALL = "all"
    FLIPPED = "flipped"
    CORRECTED = "corrected"
    LOST = "lost"


def flipping(features: ImageFeatures, ends: tuple[str, str], which: Flips) -> ImageFeatures:
    """The same plane with some of its images.

    Args:
        features: What is shown.
        ends: Models from which and to which answers are compared.
        which: Images that stay.
    """
    before, after = (features.correct[model] for model in ends)
    stays = {
        Flips.ALL: np.ones(len(features.labels), bool),
        Flips.FLIPPED: before != after,
        Flips.CORRECTED: after & ~before,
        Flips.LOST: before & ~after,
    }[which]
    return replace(
        features,
        labels=features.labels[stays],
        images=features.images[stays],
        points={model: points[stays] for model, points in features.points.items()},
        correct={model: correct[stays] for model, correct in features.correct.items()},
    )


def features_takeaway(features: ImageFeatures) -> str:
    """How many images the merge corrects and loses, and how many each model gets right."""
    before, after = features.correct[BASE], features.correct[MERGED]
    corrected, lost = int((after & ~before).sum()), int((before & ~after).sum())
    return (
        f"Compared with the base, the merge corrects {corrected} of {len(features.labels)} images of "
        f"'{features.task}' and loses {lost}: {int(after.sum())} are right (base {int(before.sum())}, "
        f"fine-tuned {int(features.correct[FINE_TUNED].sum())})."
    )


def layout_note(features: ImageFeatures) -> str:
    """How the positions came about, and how much they mean."""
    if features.explained is None:
        laid_out = f"UMAP ({UMAP_SETTINGS}): neighbours count, distances do not."
    else:
        first, second = features.explained
        laid_out = f"The axes explain {percent(first)} and {percent(second)} of the variance."
    return (
        f"{laid_out} The plane keeps {percent(features.kept)} of each point's five nearest neighbours; "
        f"random positions would keep {percent(features.kept_by_chance)}."
    )


def image_rows(features: ImageFeatures) -> list[dict[str, Any]]:
    """Every image under every model, as a table."""
    return [
        {
            "image": k,
            "class": features.classes[label],
            "model": model,
            "x": float(features.points[model][k, 0]),
            "y": float(features.points[model][k, 1]),
            "right": bool(features.correct[model][k]),
        }
        for model in features.points
        for k, label in enumerate(features.labels)
    ]
