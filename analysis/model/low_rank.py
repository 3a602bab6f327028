"""Updates of low rank: the product of two small factors, added to a weight.

Source: Hu et al., LoRA, ICLR 2022, arXiv:2106.09685.
"""

from torch import Tensor

from analysis.errors import MismatchError


def add_low_rank(
    target: Tensor, up: Tensor, down: Tensor, *, scaling: float, is_transposed: bool, what: str
) -> None:
    """Add scaling · B A to a weight's update, in place.

    Args:
        target: Update of the weight, (out, in, …), or (in, out) where it is transposed; float32.
        up: B, (out, r, …) with ones for the size of a convolution.
        down: A, (r, in, …).
        scaling: Factor of the product.
        is_transposed: Whether the weight is stored as its transpose.
        what: The weight, for messages.

    Raises:
        MismatchError: The product has another shape than the weight.
    """
    product = (up.float().flatten(1) @ down.float().flatten(1)).reshape(up.shape[0], *down.shape[1:])
    if is_transposed:
        product = product.T
    if product.shape != target.shape:
        raise MismatchError(
            f"The update of '{what}' has shape {tuple(product.shape)}, the weight has {tuple(target.shape)}."
        )
    target.add_(product, alpha=scaling)
