"""Figures that are built once for equal data: any tab that asks again gets the one there is."""

import pickle
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from threading import Lock
from typing import ParamSpec

import plotly.graph_objects as go
from cachetools import LRUCache

from app.figures.hovering import with_short_lines
from app.figures.magnified import magnified
from app.figures.palette import Palette
from app.figures.plain_data import with_plain_texts

P = ParamSpec("P")

KEPT = 128
"""Figures kept; a page has about a dozen."""

_figures: LRUCache[bytes, go.Figure] = LRUCache(KEPT)
_lock = Lock()


def built_once(build: Callable[P, go.Figure]) -> Callable[P, go.Figure]:
    """Keep what a figure function returns, by its name and the content of its arguments.

    Plotly takes tens of milliseconds to build a figure, and a page is drawn again whenever anything on it
    has changed. The figure belongs to every page that asks for it: draw it, or copy it, never change it.

    Texts in the data are shown as they stand; what Plotly shall obey is written by the function.

    Args:
        build: Draws plain data, which can be pickled; the palette among it, so each theme has its own.
    """
    name = f"{build.__module__}.{build.__qualname__}"

    @wraps(build)
    def find(*args: P.args, **kwargs: P.kwargs) -> go.Figure:
        key = blake2b(pickle.dumps((name, args, kwargs)), digest_size=16).digest()
        with _lock:
            figure = _figures.get(key)
        if figure is None:
            # Outside the lock: two tabs may build two different ones.
            figure = with_short_lines(build(*with_plain_texts(args), **with_plain_texts(kwargs)))
            by = next((one.magnification for one in [*args, *kwargs.values()] if isinstance(one, Palette)), 1)
            figure = figure if by == 1 else magnified(figure, by)
            with _lock:
                figure = _figures.setdefault(key, figure)
        return figure

    return find
