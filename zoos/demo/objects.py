"""Families about things: digits, letters, shapes and how many. Strange pictures are dark on light.

Every function takes labels (n,), conditions and a generator, and gives images in [0, 1], (n, 32, 32, 3).
"""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rendering import (
    SIZE,
    Conditions,
    X,
    Y,
    column,
    covered,
    local_coordinates,
    random_pose,
    stamp,
    strokes,
    tinted,
    uniform,
)
from sklearn.datasets import load_digits

LETTERS = "AEHKSTXO"


@cache
def handwriting() -> tuple[np.ndarray, np.ndarray]:
    """scikit-learn's scanned digits: ink in [0, 1], (1797, 8, 8), and which digit each is, (1797,)."""
    scans = load_digits()
    return (scans.images / 16).astype(np.float32), scans.target


def digits(scans: np.ndarray, how: Conditions, rng: np.random.Generator) -> np.ndarray:
    """Handwritten digits; ``scans`` are rows of `handwriting`, not labels."""
    pose = random_pose(rng, how.severity, size=0.85, turn=np.radians(30))
    return _scene(rng, how, stamp(handwriting()[0], scans, pose))


def letters(labels: np.ndarray, how: Conditions, rng: np.random.Generator) -> np.ndarray:
    """Printed capitals."""
    pose = random_pose(rng, how.severity, size=0.95, turn=np.radians(30))
    return _scene(rng, how, stamp(_glyphs(), labels, pose))


@cache
def _glyphs() -> np.ndarray:
    font = ImageFont.load_default(size=60)
    pages = []
    for letter in LETTERS:
        page = Image.new("L", (64, 64))
        ImageDraw.Draw(page).text((32, 32), letter, fill=255, font=font, anchor="mm")
        pages.append(np.asarray(page, np.float32) / 255)
    return np.stack(pages)


def shapes(labels: np.ndarray, how: Conditions, rng: np.random.Generator) -> np.ndarray:
    """Disc, ring, triangle, square, star or cross, filled."""
    pose = random_pose(rng, how.severity, size=0.8, turn=np.pi)
    u, v = local_coordinates(pose)
    radius, angle = np.hypot(u, v), np.arctan2(u, -v)
    shorter, longer = np.minimum(np.abs(u), np.abs(v)), np.maximum(np.abs(u), np.abs(v))
    distances = np.stack(
        [
            radius - 0.85,
            np.abs(radius - 0.7) - 0.2,
            _polygon(radius, angle, 3) - 0.5,
            _polygon(radius, angle, 4) - 0.68,
            radius - (0.62 + 0.3 * np.cos(5 * angle)),
            np.maximum(shorter - 0.25, longer - 0.85),
        ]
    )
    mine = distances[labels, np.arange(len(labels))]
    return _scene(rng, how, covered(mine * column(pose.scale)))


def _polygon(radius: np.ndarray, angle: np.ndarray, sides: int) -> np.ndarray:
    sector = 2 * np.pi / sides
    return radius * np.cos((angle + np.pi) % sector - sector / 2)


def counting(labels: np.ndarray, how: Conditions, rng: np.random.Generator) -> np.ndarray:
    """One to five discs and squares, of sizes that keep their area from telling their number."""
    n = len(labels)
    cells = rng.random((n, 9)).argsort(axis=1)  # the first ones of nine cells are filled
    ink = np.zeros((n, SIZE, SIZE), np.float32)
    for nth in range(5):
        row, col = np.divmod(cells[:, nth], 3)
        dx = X - column((col - 1) * 0.6 + uniform(rng, -0.08, 0.08, n))
        dy = Y - column((row - 1) * 0.6 + uniform(rng, -0.08, 0.08, n))
        radius = 0.22 - how.severity * uniform(rng, -0.03, 0.1, n)
        square = column(rng.random(n) < 0.5 * how.severity)
        distance = np.where(square, np.maximum(np.abs(dx), np.abs(dy)) * 1.1, np.hypot(dx, dy))
        ink = np.maximum(ink, covered(distance - column(radius)) * column(labels >= nth))
    clutter = 0.6 * strokes(rng, how.severity, most=2)
    return tinted(rng, how.severity, np.maximum(ink, clutter), inverted=how.strange)


def _scene(rng: np.random.Generator, how: Conditions, ink: np.ndarray) -> np.ndarray:
    cluttered = np.maximum(ink, strokes(rng, how.severity, most=3))
    return tinted(rng, how.severity, cluttered, inverted=how.strange)
