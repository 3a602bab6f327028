"""Eight families of small images, each a question that no single pixel statistic answers."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from objects import LETTERS, counting, digits, handwriting, letters, shapes
from patterns import colours, frequency, orientation, textures
from rendering import SIZE, Conditions, photographed, uniform


class Family(NamedTuple):
    """One task: its class names, how to draw them, and what strange pictures of it look like."""

    classes: tuple[str, ...]
    draw: Callable[[np.ndarray, Conditions, np.random.Generator], np.ndarray]
    familiar: str
    strange: str


_INK = ("light on dark", "dark on light")

FAMILIES = {
    "digits": Family(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), digits, *_INK
    ),
    "letters": Family(tuple(LETTERS), letters, *_INK),
    "shapes": Family(("disc", "ring", "triangle", "square", "star", "cross"), shapes, *_INK),
    "counting": Family(("one", "two", "three", "four", "five"), counting, *_INK),
    "textures": Family(
        ("checkers", "dots", "grid", "rings", "spokes", "zigzag"),
        textures,
        "coarse, light on dark",
        "fine, dark on light",
    ),
    "colours": Family(
        ("red", "yellow", "green", "cyan", "blue", "magenta"),
        colours,
        "on a dark grey ground",
        "on a bright ground of another hue",
    ),
    "orientation": Family(
        ("0°", "30°", "60°", "90°", "120°", "150°"), orientation, "wide stripes", "narrow stripes"
    ),
    "frequency": Family(
        ("very low", "low", "middle", "high", "very high"),
        frequency,
        "nearly upright stripes",
        "nearly level stripes",
    ),
}


def draw(
    task: str, split: str, n: int, *, severity: float, strangeness: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw n labelled images of a family.

    Args:
        task: A key of `FAMILIES`.
        split: "pretrain", "train", "val" or "test": which scans the digits come from; the other families
            are drawn afresh.
        n: How many; at most 256 (val) or 512 (test) distinct digits exist.
        severity: The highest, in [0, 1]; each image draws its own below it.
        strangeness: Probability of a strange image, in [0, 1].
        rng: Where every choice comes from.

    Returns:
        Images uint8 (n, 32, 32, 3) and labels int64 (n,), the classes as even as they can be.
    """
    family = FAMILIES[task]
    which = labels = rng.permutation(np.arange(n) % len(family.classes))
    if task == "digits":
        which = scans(split, n, rng)
        labels = handwriting()[1][which]
    images = np.empty((n, SIZE, SIZE, 3), np.uint8)
    for start in range(0, n, 1000):  # small enough for the processor's cache
        batch = which[start : start + 1000]
        how = Conditions(uniform(rng, 0, severity, len(batch)), rng.random(len(batch)) < strangeness)
        images[start : start + 1000] = photographed(rng, how.severity, family.draw(batch, how, rng))
    return images, labels.astype(np.int64)


def scans(split: str, n: int, rng: np.random.Generator) -> np.ndarray:
    """Rows of scikit-learn's digits: 256 for validation, 512 for test, the rest, repeated, for training."""
    val, test, rest = np.split(np.random.default_rng(0).permutation(len(handwriting()[1])), [256, 768])
    held_out = {"val": val, "test": test}
    return held_out[split][:n] if split in held_out else rng.choice(rest, n)
