import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Literal, NamedTuple
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright
from safetensors.torch import load_file, save_file

from app.settings import DEMO_ZOO
from tests.zoo_on_disk import TASKS, write_zoo

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / ".test-artifacts"
SYSTEM_BROWSERS = ("chromium", "google-chrome", "chromium-browser", "google-chrome-stable")
OPTIONS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb")

PATIENCE = 90
"""Seconds to wait for anything on a busy machine."""

N_MANY = 24_000
"""Validation images a task of the slow zoo: seconds to evaluate, time enough to press Stop."""


_FAILED = pytest.StashKey[list[bool]]()
"""Of a test: whether its setting up, its call and its ending failed."""


class Served(NamedTuple):
    """A running app."""

    address: str
    zoo: Path
    log: Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        system = next((path for name in SYSTEM_BROWSERS if (path := shutil.which(name))), None)
        path = system or _playwrights_own(playwright.chromium.executable_path)
        if path is None:
            _without_a_browser()
        opened = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        yield opened
        opened.close()


def _playwrights_own(path: str) -> str | None:
    if not Path(path).exists():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600)
    return path if Path(path).exists() else None


def _without_a_browser() -> None:
    missing = "no Chromium or Chrome on this machine, and Playwright could not install its own"
    if os.environ.get("TAUSCOPE_REQUIRE_BROWSER") == "1":
        pytest.fail(f"TAUSCOPE_REQUIRE_BROWSER is 1, and there is {missing}.")
    pytest.skip(f"There is {missing}.")


@pytest.fixture(scope="session")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app on the demo zoo."""
    with _serving(DEMO_ZOO, tmp_path_factory.mktemp("demo")) as served:
        yield served


@pytest.fixture(scope="session")
def full(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app on the demo zoo, with what was measured on it before: no card waits to be measured."""
    with _serving(DEMO_ZOO, tmp_path_factory.mktemp("full"), TAUSCOPE_MEASURE_AGAIN="") as served:
        yield served


@pytest.fixture(scope="session")
def tiny(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app on a tiny zoo, where any measurement takes moments."""
    with _serving(write_zoo(tmp_path_factory.mktemp("zoo")), tmp_path_factory.mktemp("tiny")) as served:
        yield served


@pytest.fixture(scope="session")
def slow(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app on a tiny zoo that is quick on a quick sample and takes seconds on all of validation."""
    zoo = write_zoo(tmp_path_factory.mktemp("zoo"))
    for task in TASKS:
        path = zoo / f"{task}_val.safetensors"
        tensors = load_file(path)
        times = N_MANY // len(tensors["labels"])
        tensors = {name: tensor.repeat(times, *[1] * (tensor.dim() - 1)) for name, tensor in tensors.items()}
        save_file(tensors, path)
    with _serving(zoo, tmp_path_factory.mktemp("slow")) as served:
        yield served


@contextmanager
def _serving(zoo: Path, folder: Path, **changes: str) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("", 0))
        port = probe.getsockname()[1]
    log = folder / "server.log"
    command = [sys.executable, "-m", "app", "--zoo", str(zoo), "--port", str(port), "--no-browser"]
    with log.open("w") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment(folder) | changes, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_up(f"http://localhost:{port}/_stcore/health", server, log)
        yield Served(f"http://localhost:{port}/", zoo, log)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def environment(folder: Path) -> dict[str, str]:
    """The environment, with a store and a folder to save to of its own, and none of the user's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAUSCOPE_")}
    return {
        **kept,
        "TAUSCOPE_MEASURE_AGAIN": "1",
        "TAUSCOPE_CACHE": str(folder / "store"),
        "TAUSCOPE_SAVE_TO": str(folder / "merged"),
    }


def _wait_until_up(health: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(health, timeout=1):
                return
        except (URLError, TimeoutError, ConnectionError):
            sleep(0.1)
    pytest.fail(f"The app did not start:\n{log.read_text()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash.setdefault(_FAILED, []).append(report.failed)
    return report


@pytest.fixture
def open_tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """A tab of a browser of its own; whatever goes wrong in it fails the test, and a failure is pictured."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(address: str, *, width: int = 1440, theme: Literal["light", "dark"] = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        context.set_default_timeout(1000 * PATIENCE)
        context.route(lambda url: urlsplit(url).hostname not in ("localhost", "127.0.0.1"), _answer_nothing)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if _is_ours(said) else None)
        page.goto(address)
        return page

    yield opened
    for number, context in enumerate(contexts):
        if any(request.node.stash.get(_FAILED, [])):
            for page in context.pages:
                page.screenshot(path=ARTEFACTS / f"failed-{request.node.name}-{number}.png", full_page=True)
        context.close()
    assert wrong == []


def _is_ours(said: ConsoleMessage) -> bool:
    # On a page's own address Streamlit looks for its server below that address first.
    return said.type == "error" and "/_stcore/" not in said.location["url"]


def _answer_nothing(route: Route) -> None:
    route.fulfill(status=204)
