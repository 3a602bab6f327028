"""Models of first order around the base, which tangent task arithmetic merges and evaluates.

Source: Ortiz-Jiménez et al., Task arithmetic in the tangent space, NeurIPS 2023, arXiv:2305.12827.
"""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.func import functional_call, jvp
from torch.nn.attention import SDPBackend, sdpa_kernel


def first_order(tower: nn.Module, base: Mapping[str, Tensor], images: Tensor) -> Tensor:
    """Features of the linearised tower: f(x; θ_0) + J(x; θ_0) (θ − θ_0).

    Args:
        tower: Has the weights θ.
        base: θ_0, by the tower's names; running statistics among it stay as they are.
        images: (N, 3, H, W).

    Returns:
        (N, d).
    """
    own = dict(tower.named_parameters())
    start = {name: value for name, value in base.items() if name in own}
    constant = {name: value for name, value in base.items() if name not in own}
    # Tensors made for inference alone have no derivatives, and the images may be such.
    with torch.inference_mode(False), torch.no_grad(), _differentiable_attention():
        pixels = images.clone()
        tangents = {name: own[name] - value for name, value in start.items()}
        both: tuple[Tensor, ...] = jvp(
            lambda weights: functional_call(tower, {**weights, **constant}, (pixels,)), (start,), (tangents,)
        )
    return both[0] + both[1]


@contextmanager
def _differentiable_attention() -> Iterator[None]:
    """Attention by plain products: the fused kernels have no forward derivative.

    torch itself warns of its own deprecated scripts when it first derives forwards.
    """
    is_fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with sdpa_kernel(SDPBackend.MATH), warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=FutureWarning, module="torch")
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(is_fast)
