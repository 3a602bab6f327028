"""The first paint of every page under Diagnose, in a new tab of a server that knows the demo zoo."""

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from streamlit.testing.v1 import AppTest

from app import resources
from app.registry import pages
from benchmarks.table import Line

_DEMO = Path(__file__).parents[1] / "zoos" / "demo"
_REPEATS = 5
_PATIENCE = 600
"""Seconds in which a page must be there at all, on a busy machine."""


def lines(folder: Path) -> Iterator[Line]:
    """Paint page after page; results are kept in the folder. What has to be measured is not waited for."""
    os.environ |= {"TAUSCOPE_CACHE": str(folder), "TAUSCOPE_ZOO": str(_DEMO), "TAUSCOPE_DEVICE": "cpu"}
    for title in [page.title for page in pages() if page.section == "Diagnose"]:
        _settled(_new_tab(title))
        seconds = []
        for _ in range(_REPEATS):
            page = _new_tab(title)
            begin = perf_counter()
            page.run()
            seconds.append(perf_counter() - begin)
            _settled(page)
        yield Line(path=f"first paint, {title}", measured=median(seconds), target=0.5)
    resources.worker().stop(_PATIENCE)
    resources.store().close()


def _new_tab(title: str) -> AppTest:
    return AppTest.from_function(_page, default_timeout=_PATIENCE, args=(title,))


def _page(title: str) -> None:
    from app.registry import pages

    next(page for page in pages() if page.title == title).render()


def _settled(page: AppTest) -> None:
    page.run()
    while queue := resources.worker().queue():
        for job in queue:
            job.wait(_PATIENCE)
        page.run()
