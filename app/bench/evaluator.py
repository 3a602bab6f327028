"""Accuracy image by image: cached images through the encoder and a frozen head."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pad

from app.bench.not_finite import NotFiniteError, why_not_finite
from app.zoo.encoder import ImageEncoder
from app.zoo.eval_sets import EvalSet
from app.zoo.head import Head

_LARGEST_BATCH = 128
_FLOPS_BETWEEN_CHECKS = {"cpu": 8e9, "mps": 2e11, "cuda": 4e12}
"""What a slow device of its kind finishes in about 0.15 s, so that a stop is heard in time."""


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Predictions of a model for the first n images of an evaluation set, in its nested order."""

    task: str
    labels: NDArray[np.int64]
    """True classes, (n,)."""
    prediction: NDArray[np.int64]
    """Predicted classes, (n,)."""
    log_prob: NDArray[np.float32]
    """Log-probability of the true class, (n,), at most 0."""
    margin: NDArray[np.float32]
    """Logit of the true class minus the largest other one, (n,)."""


class Evaluator:
    """Runs evaluation sets through an encoder whose weights the merge engine keeps overwriting."""

    def __init__(self, encoder: ImageEncoder, heads: Mapping[str, Head], *, device: torch.device) -> None:
        """Put heads and normalisation on the device once.

        Args:
            encoder: Bound to weights on `device`.
            heads: By task or control.
            device: Where everything happens.
        """
        self._encoder = encoder
        self._device = device
        self._heads = {task: head.to(device) for task, head in heads.items()}
        self._mean = torch.tensor(encoder.mean, device=device).view(3, 1, 1)
        self._std = torch.tensor(encoder.std, device=device).view(3, 1, 1)
        self.batch_size = batch_size(encoder, device)

    def evaluate(self, eval_set: EvalSet, n: int, *, check: Callable[[], None]) -> Predictions:
        """Classify the first n images, or all where there are fewer.

        Every batch has the same size, padded where images run out, because matrix products of another
        shape round differently: an image's numbers do not depend on n, and repeat to the bit.

        Args:
            eval_set: Its task or control must have a head.
            n: At least 1.
            check: Called before every image decode, batch and block; raises to stop.

        Raises:
            NotFiniteError: An image has no finite logits.
        """
        images, labels = eval_set.images(n, check=check), eval_set.labels[:n]
        parts = []
        with torch.inference_mode():
            for start in range(0, len(labels), self.batch_size):
                batch = slice(start, start + self.batch_size)
                check()
                logits = self._logits(images[batch], self._heads[eval_set.task], check)
                parts.append([column.cpu().numpy() for column in _columns(logits, labels[batch])])
                self._require_finite(parts[-1][2], images[batch])
        columns: list[NDArray[Any]] = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return Predictions(eval_set.task, *columns)

    def products(self, eval_set: EvalSet, n: int, *, check: Callable[[], None]) -> NDArray[np.float32]:
        """Products of the first n images' features with the rows of their head, (n, C).

        They are cosines where the head sees features of length 1.

        Args:
            eval_set: Its task or control must have a head.
            n: At least 1.
            check: Called before every image decode, batch and block; raises to stop.

        Raises:
            NotFiniteError: An image has no finite products.
        """
        images, head = eval_set.images(n, check=check), self._heads[eval_set.task]
        with torch.inference_mode():
            parts = []
            for start in range(0, len(images), self.batch_size):
                check()
                batch = images[start : start + self.batch_size]
                parts.append(self._products(batch, head, check).cpu().numpy())
                self._require_finite(parts[-1], batch)
        found: NDArray[np.float32] = np.concatenate(parts)
        return found

    def _logits(self, images: Tensor, head: Head, check: Callable[[], None]) -> Tensor:
        return head.logits(self._products(images, head, check))

    def _products(self, images: Tensor, head: Head, check: Callable[[], None]) -> Tensor:
        with self._autocast():
            features = self._encoder.features(self._pixels(images), check=check)
        return head.products(features.float())[: len(images)]

    def _pixels(self, images: Tensor) -> Tensor:
        """A batch of the one size that all have, normalised."""
        missing = self.batch_size - len(images)
        pixels = pad(images, (0, 0, 0, 0, 0, 0, 0, missing)).float() / 255
        return (pixels - self._mean) / self._std

    def _autocast(self) -> torch.autocast:
        return torch.autocast("cuda", torch.bfloat16, enabled=self._device.type == "cuda")

    def _require_finite(self, results: NDArray[np.float32], images: Tensor) -> None:
        if np.isfinite(results).all():
            return
        with self._autocast():
            raise NotFiniteError(
                why_not_finite(self._encoder.tower, self._pixels(images), images=len(images))
            )


def batch_size(encoder: ImageEncoder, device: torch.device) -> int:
    """Images in a batch: a power of two that depends on encoder and kind of device alone."""
    # An accelerator runs a whole batch before it hears of a stop, a CPU one block.
    steps = max(encoder.n_blocks, 1) if device.type == "cpu" else 1
    fitting = int(_FLOPS_BETWEEN_CHECKS[device.type] * steps / encoder.flops_per_image)
    return min(_LARGEST_BATCH, 1 << max(fitting, 1).bit_length() - 1)


def _columns(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    at_truth = labels[:, None]
    log_prob = logits.log_softmax(dim=1).gather(1, at_truth)[:, 0]
    best_other = logits.scatter(1, at_truth, -torch.inf).amax(dim=1)
    margin = logits.gather(1, at_truth)[:, 0] - best_other
    return labels, logits.argmax(dim=1), log_prob, margin
