from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from app import resources
from app.bench.workbench import Workbench
from app.bench.workbenches import Workbenches
from app.widgets import drawing
from app.work.jobs import Job, JobContext, Lane
from app.work.worker import Worker
from cache.store import Store
from tests.zoo_on_disk import write_zoo

LONG = 240
"""Seconds: the first call of a loop compiles it, in two processes at once."""


FOLDED = ("TALL masks", "LiNeS")
"""Pages with sections that fold."""
EVERY_SECTION = "remove,overlap,parts,ramp,alone"
"""Those closed at first: a test opens all of them unless its address says otherwise."""


@pytest.fixture(scope="session", autouse=True)
def packages_scanned_once() -> Iterator[None]:
    """Streamlit reads for every AppTest what each installed package declares; meanwhile none is installed."""
    with pytest.MonkeyPatch.context() as patch:
        found = manifest_scanner.scan_component_manifests()
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        yield


@pytest.fixture(autouse=True)
def no_page_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page's run ends when it has drawn; what it waits for comes in before the next."""
    monkeypatch.setattr(drawing, "STAY", 0.0)
    monkeypatch.setattr(drawing, "STAY_BUSY", 0.0)


@pytest.fixture(scope="session")
def tiny_zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zoo to be read only."""
    return write_zoo(tmp_path_factory.mktemp("tiny"), controls=["letters"])


@pytest.fixture(scope="session")
def zoo(tiny_zoo: Path) -> Path:
    """The same, for those who need no page."""
    return tiny_zoo


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def benches(store: Store) -> Workbenches:
    return Workbenches(store)


@pytest.fixture
def bench(benches: Workbenches, zoo: Path) -> Workbench:
    return benches.open(zoo, JobContext(), device="cpu")


@pytest.fixture(autouse=True)
def _own_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever draws a part of the app opens results: here, not a person's own, and until the test ends."""
    monkeypatch.setenv("TAUSCOPE_CACHE", str(tmp_path / "store"))
    opened, open_store = [], Store.open

    def noted(folder: Path | None = None) -> Store:
        store = open_store(folder)
        if folder is None:
            opened.append(store)
        return store

    monkeypatch.setattr(Store, "open", noted)
    yield
    if opened:
        resources.worker().stop(LONG)
        for store in opened:
            store.close()
        st.cache_resource.clear()


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a page: in a new browser tab of an app started on a zoo, or without one in the tab there is."""
    monkeypatch.setenv("TAUSCOPE_DEVICE", "cpu")
    monkeypatch.setenv("TAUSCOPE_ROOTS", str(tmp_path))
    monkeypatch.setenv("TAUSCOPE_SAVE_TO", str(tmp_path / "merged"))
    monkeypatch.delenv("TAUSCOPE_DATA", raising=False)
    st.cache_resource.clear()

    def opened(title: str, zoo: Path | None = None, /, **address: str) -> AppTest:
        if zoo is not None:
            AppTest.from_function(_close_tab).run()  # all AppTests are one tab to Streamlit
            monkeypatch.setenv("TAUSCOPE_ZOO", str(zoo))
        page = AppTest.from_function(_page, default_timeout=LONG, args=(title,))
        page.query_params.update({"sections": EVERY_SECTION} if title in FOLDED else {})
        page.query_params.update(address)
        return page.run()

    return opened


def _close_tab() -> None:
    from app.resources import session

    session.clear()


def _page(title: str) -> None:
    from app.registry import pages

    next(page for page in pages() if page.title == title).render()


@pytest.fixture
def settle(monkeypatch: pytest.MonkeyPatch) -> Callable[[AppTest], AppTest]:
    """Run a page again and again until a run asks for nothing more that a person waits for."""
    asked: list[Job[Any]] = []
    submit = Worker.submit

    def noted(worker: Worker, *args: Any, **options: Any) -> Job[Any]:
        job = submit(worker, *args, **options)
        if job.lane is not Lane.IDLE:
            asked.append(job)
        return job

    monkeypatch.setattr(Worker, "submit", noted)

    def settled(page: AppTest) -> AppTest:
        while True:
            assert all(job.wait(LONG) for job in asked)
            asked.clear()
            page.run()
            if not asked:
                return page

    return settled
