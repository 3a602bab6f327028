"""How a shape becomes a 32 x 32 picture: pose, tint, clutter, light and noise, all scaled by severity.

Severity is 0 for a clean, centred, high-contrast picture and 1 for the hardest one a family draws.
Every function works on a batch; n images, H = W = 32 pixels, coordinates in [-1, 1] from the centre.
"""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import map_coordinates

SIZE = 32
PIXEL = 2 / SIZE
_AXIS = (np.arange(SIZE, dtype=np.float32) + 0.5) * PIXEL - 1
X, Y = np.meshgrid(_AXIS, _AXIS)


class Conditions(NamedTuple):
    """How each picture is taken: ``severity`` float32 (n,) in [0, 1], ``strange`` bool (n,).

    A strange picture shows its object in a way the encoder was not pre-trained on; each family defines which.
    """

    severity: np.ndarray
    strange: np.ndarray


class Pose(NamedTuple):
    """Where an object stands; every field is (n,), lengths in units of half the image, angles in radians."""

    x: np.ndarray
    y: np.ndarray
    scale: np.ndarray
    angle: np.ndarray
    shear: np.ndarray


def column(values: np.ndarray) -> np.ndarray:
    """Shape (n,) as (n, 1, 1), to meet images."""
    return values.astype(np.float32)[:, None, None]


def uniform(
    rng: np.random.Generator, low: np.ndarray | float, high: np.ndarray | float, n: int
) -> np.ndarray:
    """One draw an image between two bounds, each a number or (n,); float32 (n,)."""
    return (low + (np.asarray(high) - low) * rng.random(n)).astype(np.float32)


def random_pose(
    rng: np.random.Generator, severity: np.ndarray, *, size: float, turn: float, drift: float = 0.3
) -> Pose:
    """Poses that leave the centre, shrink, turn (up to ``turn`` radians) and lean as severity grows."""
    n = len(severity)
    return Pose(
        x=severity * uniform(rng, -drift, drift, n),
        y=severity * uniform(rng, -drift, drift, n),
        scale=size * (1 - severity * uniform(rng, 0.0, 0.4, n)),
        angle=severity * uniform(rng, -turn, turn, n),
        shear=severity * uniform(rng, -0.35, 0.35, n),
    )


def local_coordinates(pose: Pose) -> tuple[np.ndarray, np.ndarray]:
    """Image coordinates seen from the object, two arrays (n, H, W); the object spans [-1, 1]."""
    dx, dy = X - column(pose.x), Y - column(pose.y)
    cos, sin = column(np.cos(pose.angle)), column(np.sin(pose.angle))
    u, v = cos * dx + sin * dy, cos * dy - sin * dx
    return (u + column(pose.shear) * v) / column(pose.scale), v / column(pose.scale)


def stamp(bank: np.ndarray, which: np.ndarray, pose: Pose) -> np.ndarray:
    """Pictures from a bank (B, h, w), posed and resampled; coverage in [0, 1], (n, H, W)."""
    u, v = local_coordinates(pose)
    _, height, width = bank.shape
    page = np.broadcast_to(column(which), u.shape)
    rows, columns = (v + 1) * height / 2 - 0.5, (u + 1) * width / 2 - 0.5
    posed: np.ndarray = map_coordinates(
        bank, [page, rows, columns], order=1, mode="constant", output=np.float32
    )
    return posed


def covered(distance: np.ndarray) -> np.ndarray:
    """Share of each pixel inside a shape, from its signed distance (negative inside)."""
    return np.clip(0.5 - distance / PIXEL, 0, 1)


def strokes(rng: np.random.Generator, severity: np.ndarray, *, most: int) -> np.ndarray:
    """Short stray lines, up to ``most`` an image; coverage (n, H, W)."""
    n = len(severity)
    ink = np.zeros((n, SIZE, SIZE), np.float32)
    for _ in range(most):
        angle, half = uniform(rng, 0, np.pi, n), uniform(rng, 0.1, 0.3, n)
        dx = X - column(uniform(rng, -1, 1, n))
        dy = Y - column(uniform(rng, -1, 1, n))
        cos, sin = column(np.cos(angle)), column(np.sin(angle))
        along, across = cos * dx + sin * dy, cos * dy - sin * dx
        line = covered(np.maximum(np.abs(along) - column(half), np.abs(across) - 0.04))
        ink = np.maximum(ink, line * column(rng.random(n) < severity))
    return ink


def tinted(
    rng: np.random.Generator, severity: np.ndarray, ink: np.ndarray, *, inverted: np.ndarray
) -> np.ndarray:
    """Paint coverage (n, H, W) in a light tint on a dark one or, where ``inverted``, dark on light.

    Returns:
        float32 (n, H, W, 3), about [0, 1]; contrast shrinks as severity grows.
    """
    n = len(severity)
    dark = rng.uniform(0.0, 0.3, (n, 1)) + rng.uniform(-0.1, 0.1, (n, 3))
    light = dark + (0.6 - 0.3 * severity * rng.random(n))[:, None] + rng.uniform(-0.1, 0.1, (n, 3))
    swap = inverted[:, None]
    behind, front = np.where(swap, light, dark), np.where(swap, dark, light)
    share = ink[..., None]
    painted: np.ndarray = behind[:, None, None] * (1 - share) + front[:, None, None] * share
    return painted.astype(np.float32)


def photographed(rng: np.random.Generator, severity: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Add a slope of light and sensor noise, then quantise; uint8 (n, H, W, 3)."""
    n = len(severity)
    slope = X * column(uniform(rng, -0.25, 0.25, n)) + Y * column(uniform(rng, -0.25, 0.25, n))
    noise = rng.standard_normal(image.shape, dtype=np.float32)
    spread = column(0.02 + 0.12 * severity * rng.random(n))[..., None]
    lit: np.ndarray = image + (column(severity) * slope)[..., None] + spread * noise
    return np.clip(lit * 255 + 0.5, 0, 255).astype(np.uint8)
