"""Values of a model that are not finite: where they appear first, and why, in words.

Looked for only once a result is not finite; a result that is costs no more than that look.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from analysis.model.layout import Layout
from app.words.numbers import count
from app.zoo.encoder_weights import TOWER


class NotFiniteError(Exception):
    """Outputs of a model are no numbers; the message is a clause on why, without a full stop."""


def largest_of(dtype: torch.dtype) -> str:
    """The largest number of a type, with the type's name: what a value that overflows exceeds."""
    return f"{torch.finfo(dtype).max:.4g}, the largest {str(dtype).removeprefix('torch.')}"


def require_finite_weights(theta: Tensor, layout: Layout) -> None:
    """Refuse merged weights that overflowed: a running statistic that did may hide from every output.

    Args:
        theta: All weights, (P,).
        layout: Where each parameter lies in them.

    Raises:
        NotFiniteError: A weight is not finite.
    """
    if bool(theta.sum().isfinite()):  # one read: a sum with an infinity or a NaN in it is not finite
        return
    for name in layout.by_name:
        if not bool(layout.view(theta, name).isfinite().all()):
            raise NotFiniteError(f"weights of '{name}' exceed {largest_of(theta.dtype)}")


def why_not_finite(tower: nn.Module, pixels: Tensor, *, images: int) -> str:
    """Why some images have no finite logits, as a clause.

    Args:
        tower: The image encoder's, with the weights that gave them.
        pixels: The same batch, normalised, (N, 3, H, W).
        images: Images at the batch's beginning; what follows only pads it.
    """
    watch = _Watch(tower)
    features = watch.run(pixels)
    if watch.found is None:
        return _without_direction(features[:images])
    name, module = watch.found
    return f"NaN or infinity appears first in '{TOWER}{name}', {_cause(name, module, pixels.dtype)}"


def _without_direction(features: Tensor) -> str:
    lengths = features.float().norm(dim=-1)
    without = int((~((lengths > 0) & lengths.isfinite())).sum())
    zero = int((lengths == 0).sum())
    what = "are 0" if zero == without else "are too large to have a length in float32"
    return f"the features of {count(without)} of {count(len(features))} images {what}"


def _cause(name: str, module: nn.Module, dtype: torch.dtype) -> str:
    variance = getattr(module, "running_var", None)
    if isinstance(variance, Tensor) and bool((variance < 0).any()):
        negative = int((variance < 0).sum())
        return (
            f"where '{TOWER}{name}.running_var', the running variance of a BatchNorm, is negative in "
            f"{count(negative)} of {count(len(variance))} channels (lowest {_written(variance.min())}), "
            "which no variance can be"
        )
    return f"where values exceed {largest_of(dtype)}"


def _written(value: Tensor) -> str:
    return f"{float(value):.3g}".replace("-", "−")


class _FoundError(Exception):
    """Ends a forward pass: nothing behind the first such value is of interest."""


class _Watch:
    """One forward pass that looks at what every module of a tower takes and gives."""

    def __init__(self, tower: nn.Module) -> None:
        self.found: tuple[str, nn.Module] | None = None
        """Name and module of the smallest one in which values that are not finite appear first."""
        self._tower = tower
        self._names = {module: name for name, module in tower.named_modules()}
        self._running: list[nn.Module] = []

    def run(self, pixels: Tensor) -> Tensor:
        """Features of the tower, (N, d); those before the end where it was ended early."""
        features = pixels[:, 0, 0]
        handles = [
            handle
            for module in self._names
            for handle in (
                module.register_forward_pre_hook(self._enter),
                module.register_forward_hook(self._leave),
            )
        ]
        try:
            features = self._tower(pixels)
        except _FoundError:
            pass
        finally:
            for handle in handles:
                handle.remove()
        return features

    def _enter(self, module: nn.Module, taken: object) -> None:
        # What a module takes in was made between modules, by the one that runs it.
        if self._running and not _is_finite(taken):
            self._end_in(self._running[-1])
        self._running.append(module)

    def _leave(self, module: nn.Module, _: object, given: object) -> None:
        self._running.pop()
        if not _is_finite(given):
            self._end_in(module)

    def _end_in(self, module: nn.Module) -> None:
        self.found = self._names[module], module
        raise _FoundError


def _is_finite(values: object) -> bool:
    return all(bool(one.isfinite().all()) for one in _tensors(values))


def _tensors(values: Any) -> Iterator[Tensor]:
    if isinstance(values, Tensor):
        yield values
    elif isinstance(values, tuple | list):
        for one in values:
            yield from _tensors(one)
