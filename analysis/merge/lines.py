"""LiNeS's rule for α, the factor of the shallowest block.

Source: Wang et al., ICLR 2025, arXiv:2410.17146.
"""

import math
from collections.abc import Sequence

from analysis.errors import ParameterRangeError


def auto_alpha(weights: Sequence[float], *, l1_of_sum: float, l1_of_tau_mtl: float) -> float:
    """α by the paper's rule: as large as an average of the tasks, however sparse the merge is.

        α = (‖Σ_t w_t τ_t‖₁ / ‖τ_MTL‖₁) / T

    A method that drops most of the mass makes the ratio, and α with it, large.

    Args:
        weights: w_t of the T tasks that take part, none 0, unitless.
        l1_of_sum: ‖Σ_t w_t τ_t‖₁ over the weights in scope, ≥ 0.
        l1_of_tau_mtl: ‖τ_MTL‖₁ over the same weights, ≥ 0.

    Raises:
        ParameterRangeError: The tasks' weights differ in sign, or the multi-task vector is zero.

    >>> auto_alpha([1.0, 1.0], l1_of_sum=6.0, l1_of_tau_mtl=3.0)
    1.0
    """
    if min(weights) < 0 < max(weights):
        raise ParameterRangeError(
            "LiNeS finds α only when all task weights have one sign; some are negative. Give α a number."
        )
    if l1_of_tau_mtl == 0 or not math.isfinite(l1_of_sum / l1_of_tau_mtl):
        raise ParameterRangeError(
            "LiNeS finds no α: the multi-task vector is zero everywhere. Give α a number."
        )
    return l1_of_sum / l1_of_tau_mtl / len(weights)
