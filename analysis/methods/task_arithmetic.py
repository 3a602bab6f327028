"""Task arithmetic: add the task vectors up, each with its weight; a negative weight forgets.

Source: Ilharco et al., ICLR 2023, arXiv:2212.04089.
"""

from torch import Tensor

from analysis.merge.registry import linear_merge_method


@linear_merge_method(
    name="task_arithmetic",
    title="Task arithmetic",
    source="arXiv:2212.04089",
    formula=r"\sum_t w_t\,\tau_t",
)
def task_arithmetic(weights: Tensor) -> Tensor:
    """The weights themselves, (T,): each task vector enters as it is weighted."""
    return weights
