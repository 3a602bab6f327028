"""Weight averaging: the mean of the task vectors, so scaling 1 is the uniform soup.

Source: Wortsman et al., ICML 2022, arXiv:2203.05482.
"""

from torch import Tensor

from analysis.merge.registry import linear_merge_method


@linear_merge_method(
    name="average",
    title="Weight averaging",
    source="arXiv:2203.05482",
    formula=r"\frac{1}{T}\sum_t w_t\,\tau_t",
    usual_scaling=lambda _: 1.0,  # the uniform soup
)
def average(weights: Tensor) -> Tensor:
    """The weights over the number of tasks that remain, (T,); they are not normalised by their sum."""
    return weights / len(weights)
