"""What the zoo must show: accuracies, the two merges, their paired test, and the pixel baseline."""

import re
from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from typing import NamedTuple

import numpy as np
import torch
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from training import Images, embed
from weights import Weights

Correct = dict[str, np.ndarray]
"""Which images of each task were named rightly, bool (N,)."""

SCALINGS = tuple(round(0.05 * step, 2) for step in range(1, 21))
BETAS = tuple(round(0.1 * step, 1) for step in range(1, 21))


class Judge(NamedTuple):
    """Measures weights on a split; the encoder is only a place to put them."""

    encoder: nn.Module
    heads: dict[str, Tensor]

    def correct(self, weights: Weights, data: dict[str, Images]) -> Correct:
        """Which images these weights name rightly, task by task."""
        self.encoder.load_state_dict(weights)
        self.encoder.eval()
        return {task: self._correct(self.heads[task], images) for task, images in data.items()}

    @torch.inference_mode()
    def _correct(self, head: Tensor, images: Images) -> np.ndarray:
        batches = images.pixels.to(head.device).split(256)
        named = torch.cat([(embed(self.encoder, batch) @ head.T).argmax(dim=1) for batch in batches])
        return (named.cpu() == images.labels).numpy()


def mean_accuracy(correct: Correct) -> float:
    """Mean over tasks of the share of correct images, in [0, 1]."""
    return float(np.mean([hits.mean() for hits in correct.values()]))


def added_up(theta_0: Weights, fine_tuned: Sequence[Weights]) -> Weights:
    """The sum of the task vectors, by parameter."""
    return {
        name: reduce(add, (theta_t[name] - base for theta_t in fine_tuned)) for name, base in theta_0.items()
    }


def merged(theta_0: Weights, tau_mtl: Weights, alpha: float, beta: float) -> Weights:
    """theta_0 + (alpha + beta * l / (L - 1)) * tau_mtl, alpha alone outside the blocks."""
    depth = relative_depth(theta_0)
    return {
        name: base + (alpha + beta * (depth[name] or 0.0)) * tau_mtl[name] for name, base in theta_0.items()
    }


def half_reset(theta_0: Weights, theta_t: Weights, *, deep: bool) -> Weights:
    """Fine-tuned weights with the deep, or else the shallow, half of the blocks set back to theta_0."""
    depth = relative_depth(theta_0)
    return {
        name: theta_0[name] if at is not None and (at > 0.5) == deep else theta_t[name]
        for name, at in depth.items()
    }


def relative_depth(weights: Weights) -> dict[str, float | None]:
    """Block index l / (L - 1) of each parameter, None outside the blocks."""
    layers = {name: re.search(r"resblocks\.(\d+)\.", name) for name in weights}
    last = max(int(found[1]) for found in layers.values() if found)
    return {name: int(found[1]) / last if found else None for name, found in layers.items()}


def best(grid: Sequence[float], score: Callable[[float], float]) -> float:
    """The value of the grid with the highest score, the smallest one of equals."""
    return max(grid, key=score)


def mcnemar(first: Correct, second: Correct) -> float:
    """Exact two-sided p over all images pooled: are the two equally often alone in being right?"""
    one, other = (np.concatenate(list(correct.values())) for correct in (first, second))
    only_first, only_second = int((one & ~other).sum()), int((other & ~one).sum())
    return float(binomtest(only_first, only_first + only_second).pvalue)


def pixel_accuracy(train: Images, test: Images) -> float:
    """Test accuracy of logistic regression on raw pixels, in [0, 1]."""
    flat = [images.pixels.flatten(1).numpy() / 255 - 0.5 for images in (train, test)]
    model = LogisticRegression(C=0.01, max_iter=500).fit(flat[0], train.labels.numpy())
    return float(model.score(flat[1], test.labels.numpy()))
