"""Heads: what turns an image's features into one logit per class."""

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import normalize

_HALF = 0.5
"""Square of a length between those of a direction, 1, and of none, 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A frozen linear layer on features, or on their direction alone."""

    rows: Tensor
    """One per class, (C, d), float32."""
    bias: Tensor | None
    """Added to the logits, (C,); None for none."""
    normalises: bool
    """Whether it sees features of length 1, as the class embeddings of CLIP do."""
    scale: float
    """What the products of features and rows are multiplied by."""

    def __len__(self) -> int:
        return len(self.rows)

    def to(self, device: torch.device) -> "Head":
        """The same head on a device."""
        bias = None if self.bias is None else self.bias.to(device)
        return Head(self.rows.to(device), bias, self.normalises, self.scale)

    def products(self, features: Tensor) -> Tensor:
        """Features times rows, (N, d) -> (N, C): cosines, where rows have length 1 and features get it.

        Features of 0, or too large for a length, have no direction, and no product that is finite.
        """
        if not self.normalises:
            return features @ self.rows.T
        units = normalize(features, dim=-1)
        has_direction = units.square().sum(dim=-1, keepdim=True) > _HALF
        return units.where(has_direction, torch.nan) @ self.rows.T

    def logits(self, products: Tensor) -> Tensor:
        """Logits of products, (N, C)."""
        logits = self.scale * products
        return logits if self.bias is None else logits + self.bias

    def answers(self, products: Tensor) -> Tensor:
        """The class of the largest logit, (N,)."""
        return self.logits(products).argmax(dim=1)

    @property
    def digest(self) -> str:
        """Fingerprint of the rows and, where there is more than cosines, of the rest."""
        rows = hashlib.sha256(self.rows.numpy().tobytes()).hexdigest()
        if self.normalises and self.bias is None:
            return rows  # its scale is the encoder's
        bias = b"" if self.bias is None else self.bias.numpy().tobytes()
        rest = f"{self.normalises} {self.scale} ".encode() + bias
        return rows + hashlib.sha256(rest).hexdigest()
