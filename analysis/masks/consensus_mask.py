"""The consensus mask: weights that enough TALL masks keep.

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from torch import Tensor


def consensus_mask(deltas: Tensor, tau_mtl: Tensor, tall_lambda: Tensor, *, min_tasks: float) -> Tensor:
    """Weights that at least so many masks keep, bool (n,).

        Σ_t 1[ |τ_t| > λ_t · |τ_MTL − τ_t| ] ≥ min_tasks

    Args:
        deltas: Unweighted task vectors, (T, n), weight units.
        tau_mtl: Their multi-task vector, (n,), unscaled.
        tall_lambda: λ of each task, (T,), or one for all, unitless.
        min_tasks: 0 keeps all, 2 drops catastrophic and selfish weights, more than T keeps none.

    >>> import torch
    >>> deltas = torch.tensor([[1.0, 1.0], [0.1, -1.0]])
    >>> consensus_mask(deltas, deltas.sum(dim=0), torch.tensor(0.4), min_tasks=2)
    tensor([False,  True])
    """
    masks = deltas.abs() > tall_lambda.reshape(-1, 1) * (tau_mtl - deltas).abs()
    return masks.sum(dim=0) >= min_tasks
