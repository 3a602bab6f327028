"""Ways to lay points out on a plane, and how much their positions mean."""

from app.words.numbers import percent

LAYOUTS = ("PCA", "UMAP")

UMAP_SETTINGS = "15 neighbours, minimum distance 0.1, seed 0"


def axis_titles(explained: tuple[float, float] | None) -> tuple[str, str]:
    r"""Titles of both axes: what PCA explains along each, or that those of UMAP have no meaning.

    >>> axis_titles((0.5, 0.25))
    ('first axis: 50\xa0% of the variance', 'second axis: 25\xa0% of the variance')
    """
    if explained is None:
        return f"UMAP: {UMAP_SETTINGS}", "neighbours count, distances do not"
    first, second = explained
    return f"first axis: {percent(first)} of the variance", f"second axis: {percent(second)} of the variance"


def kept_by_chance(n_points: int) -> float:
    """Share of five nearest neighbours that points placed at random keep.

    >>> kept_by_chance(11), kept_by_chance(3)
    (0.5, 1.0)
    """
    return min(5 / max(n_points - 1, 1), 1.0)


def laying_out(what: str, layout: str) -> str:
    """What the worker does, for a person who waits."""
    return f"Laying out {what}" + (" (the first UMAP takes half a minute)" if layout == "UMAP" else "")
