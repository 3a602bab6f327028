"""Families about surfaces: textures, colours, and the direction and period of stripes.

Every function takes labels (n,), conditions and a generator, and gives images in [0, 1], (n, 32, 32, 3).
"""

import numpy as np
from rendering import Conditions, X, Y, column, covered, local_coordinates, random_pose, tinted, uniform

CYCLES = (1.5, 2.3, 3.4, 5.0, 7.4)
"""The five frequencies, in periods to half an image."""


def textures(labels: np.ndarray, how: Conditions, rng: np.random.Generator) -> np.ndarray:
    """Checkers, dots, grid, rings, spokes or zigzag; strange ones are finer and inverted."""
    n = len(labels)
    pose = random_pose(rng, how.severity, size=0.5, turn=np.pi, drift=0.6)
    u, v = local_coordinates(pose._replace(scale=pose.scale * np.where(how.strange, 0.66, 1)))
    u, v = u + column(uniform(rng, -1, 1, n)), v + column(uniform(rng, -1, 1, n))
    turn = 2 * np.pi * 0.9
    waves = np.stack(
        [
            np.sin(turn * u) * np.sin(turn * v) * 2,
            np.cos(turn * u) + np.cos(turn * v) - 0.8,
            np.maximum(np.cos(turn * u), np.cos(turn * v)) * 2 - 1.4,
            np.sin(turn * np.hypot(u, v)),
            np.sin(6 * np.arctan2(v, u)),
            np.sin(turn * u + 2.2 * np.sin(turn * v)),
        ]
    )
    mine = waves[labels, np.arange(n)]
    return tinted(rng, how.severity, np.clip(0.5 + 2 * mine, 0, 1), inverted=how.strange)


def colours(labels: np.ndarray, how: Conditions, rng: np.random.Generator) -> np.ndarray:
    """A disc or square of one of six hues, in the dark; strange ones stand on a bright other hue."""
    n, strange, severity = len(labels), how.strange, how.severity
    dull = 0.9 - 0.4 * severity
    hue = labels / 6 + severity * uniform(rng, -0.05, 0.05, n)
    front = _paint(hue, uniform(rng, dull, 1.0, n), uniform(rng, dull, 1.0, n))
    tint = np.where(strange, 1, 0.3 * severity) * uniform(rng, 0.3, 1.0, n)
    light = uniform(rng, np.where(strange, 0.5, 0.1), np.where(strange, 0.9, 0.3), n)
    behind = _paint(rng.random(n), tint, light)
    pose = random_pose(rng, severity, size=0.55, turn=np.pi, drift=0.6)
    u, v = local_coordinates(pose)
    square = column(rng.random(n) < 0.5)
    distance = np.where(square, np.maximum(np.abs(u), np.abs(v)), np.hypot(u, v)) - 0.9
    share = covered(distance * column(pose.scale))[..., None]
    painted: np.ndarray = behind[:, None, None] * (1 - share) + front[:, None, None] * share
    return painted


def _paint(hue: np.ndarray, saturation: np.ndarray, value: np.ndarray) -> np.ndarray:
    """RGB (n, 3) of hues in turns."""
    wheel = np.clip(np.abs((hue[:, None] * 6 + np.array([0, 4, 2])) % 6 - 3) - 1, 0, 1)
    rgb: np.ndarray = value[:, None] * (1 - saturation[:, None] * (1 - wheel))
    return rgb.astype(np.float32)


def orientation(labels: np.ndarray, how: Conditions, rng: np.random.Generator) -> np.ndarray:
    """Stripes in one of six directions, wide ones; strange ones are narrow."""
    n = len(labels)
    angle = (labels / 6 + how.severity * uniform(rng, -0.04, 0.04, n)) * np.pi
    cycles = uniform(rng, np.where(how.strange, 3.5, 1.3), np.where(how.strange, 6.0, 2.5), n)
    return _stripes(rng, how.severity, angle, cycles)


def frequency(labels: np.ndarray, how: Conditions, rng: np.random.Generator) -> np.ndarray:
    """Stripes of one of five periods, within 30 degrees of upright; strange ones of level."""
    n = len(labels)
    cycles = np.array(CYCLES)[labels] * (1 + how.severity * uniform(rng, -0.1, 0.1, n))
    angle = uniform(rng, -0.5, 0.5, n) + np.where(how.strange, np.pi / 2, 0)
    return _stripes(rng, how.severity, angle, cycles)


def _stripes(
    rng: np.random.Generator, severity: np.ndarray, angle: np.ndarray, cycles: np.ndarray
) -> np.ndarray:
    n = len(angle)
    cos, sin = column(np.cos(angle)), column(np.sin(angle))
    along, across = cos * X + sin * Y, cos * Y - sin * X
    bend = column(severity * uniform(rng, -0.15, 0.15, n)) * np.square(across)
    wave = np.sin(2 * np.pi * (column(cycles) * (along + bend) + column(rng.random(n))))
    sharpness = column(uniform(rng, 0.5, 0.5 + 2 * severity, n))
    ink = np.clip(0.5 + sharpness * wave, 0, 1)
    return tinted(rng, severity, ink, inverted=rng.random(n) < 0.5)
