"""Papers that the methods and diagnostics come from, and how they are linked."""

from collections.abc import Mapping

PAPERS: Mapping[str, str] = {
    "arXiv:2212.04089": "Ilharco et al., Editing models with task arithmetic, ICLR 2023",
    "arXiv:2203.05482": "Wortsman et al., Model soups, ICML 2022",
    "arXiv:2306.01708": "Yadav et al., TIES-Merging, NeurIPS 2023",
    "arXiv:2405.07813": "Wang et al., Localizing task information for improved model merging and compression "
    "(TALL masks, consensus), ICML 2024",
    "arXiv:2410.17146": "Wang et al., LiNeS: post-training layer scaling, ICLR 2025",
    "arXiv:2305.12827": "Ortiz-Jimenez et al., Task arithmetic in the tangent space, NeurIPS 2023",
    "arXiv:1802.03426": "McInnes et al., UMAP, 2018",
}
"""By where they are found."""


def as_link(source: str) -> str:
    """A source as a Markdown link; as it is where it is no arXiv number.

    >>> as_link("arXiv:2212.04089")
    '[arXiv:2212.04089](https://arxiv.org/abs/2212.04089)'
    >>> as_link("")
    ''
    """
    number = source.removeprefix("arXiv:")
    return source if number == source else f"[{source}](https://arxiv.org/abs/{number})"
