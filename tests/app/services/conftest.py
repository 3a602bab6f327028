from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.jobs import JobContext
from app.services.open_workbench import Workbenches
from app.services.workbench import Workbench
from cache.store import Store
from tests.zoo_on_disk import write_zoo


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny zoo with a control; to be read only."""
    return write_zoo(tmp_path_factory.mktemp("zoo"), controls=["letters"])


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
