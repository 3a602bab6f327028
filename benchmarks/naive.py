"""What most merging code does: walk state dicts, one fresh tensor after another."""

import torch
from torch import Tensor

from analysis.kernels.fused import Buffers

_LAYERS, _WIDTH = 12, 768


def state_dict_shapes(n_weights: int) -> list[int]:
    """Sizes of a ViT-B/32 tower's parameters, cut off or filled up to n_weights."""
    block = [_WIDTH, _WIDTH, 3 * _WIDTH * _WIDTH, 3 * _WIDTH, _WIDTH * _WIDTH, _WIDTH, _WIDTH, _WIDTH]
    block += [4 * _WIDTH * _WIDTH, 4 * _WIDTH, 4 * _WIDTH * _WIDTH, _WIDTH]
    sizes, left = [], n_weights
    for size in [_WIDTH, 50 * _WIDTH, 3072 * _WIDTH, _WIDTH, _WIDTH, *block * _LAYERS, n_weights]:
        sizes.append(min(size, left))
        left -= sizes[-1]
    return [size for size in sizes if size]


def naive_linear(buffers: Buffers, weights: Tensor, scaling: float) -> dict[str, Tensor]:
    """theta_0 + scaling * sum of w_t tau_t as a new state dict, tensor by tensor and task by task."""
    sizes = state_dict_shapes(buffers.theta.numel())
    base = _state_dict(buffers.theta_0, sizes)
    task_vectors = [_state_dict(tau_t, sizes) for tau_t in buffers.deltas]
    total = {key: torch.zeros_like(value) for key, value in base.items()}
    for task_vector, weight in zip(task_vectors, weights.tolist(), strict=True):
        total = {key: total[key] + weight * task_vector[key] for key in total}
    return {key: base[key] + scaling * total[key] for key in base}


def _state_dict(flat: Tensor, sizes: list[int]) -> dict[str, Tensor]:
    return {str(i): part for i, part in enumerate(torch.split(flat, sizes))}


def naive_ties(buffers: Buffers, weights: Tensor, scaling: float, density: float = 0.2) -> dict[str, Tensor]:
    """TIES with merge "mean" as a new state dict: thresholds by kthvalue, then tensor by tensor."""
    sizes = state_dict_shapes(buffers.theta.numel())
    base = _state_dict(buffers.theta_0, sizes)
    rank = buffers.theta.numel() - int(density * buffers.theta.numel())
    thresholds = [tau_t.abs().kthvalue(rank).values for tau_t in buffers.deltas]
    task_vectors = [_state_dict(tau_t, sizes) for tau_t in buffers.deltas]
    merged = {}
    for key, value in base.items():
        trimmed = torch.stack(
            [
                weight * torch.where(task_vector[key].abs() >= threshold, task_vector[key], 0)
                for task_vector, weight, threshold in zip(task_vectors, weights, thresholds, strict=True)
            ]
        )
        sign = trimmed.sum(dim=0).sign()
        agrees = (trimmed.sign() == sign) & (trimmed != 0)
        tau = torch.where(agrees, trimmed, 0).sum(dim=0) / agrees.sum(dim=0).clamp(min=1)
        merged[key] = value + scaling * tau
    return merged


def naive_statistics(deltas: Tensor) -> dict[str, Tensor]:
    """Norms of every task and products, agreement and conflict of every pair, tensor by tensor."""
    sizes = state_dict_shapes(deltas.shape[1])
    task_vectors = [_state_dict(tau_t, sizes) for tau_t in deltas]
    found = {}
    for key in task_vectors[0]:
        rows = [task_vector[key] for task_vector in task_vectors]
        found[key] = torch.stack(
            [torch.stack([tau.norm(), tau.abs().sum(), tau.abs().max(), (tau == 0).sum()]) for tau in rows]
        )
        for i, tau_i in enumerate(rows):
            for j, tau_j in enumerate(rows[:i]):
                product = tau_i * tau_j
                opposed = product < 0
                found[f"{key}.{i}.{j}"] = torch.stack(
                    [product.sum(), opposed.sum(), (product > 0).sum(), product.abs()[opposed].sum()]
                )
    return found
