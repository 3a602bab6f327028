import importlib
import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "zoos" / "demo"


@pytest.fixture
def demo_module(monkeypatch):
    monkeypatch.syspath_prepend(str(DEMO))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == DEMO:
            del sys.modules[name]
