import re
from pathlib import Path

import pytest
import torch

from analysis.merge import registry
from app.zoo.torchvision_sets import _SPLITS
from app.zoo.zoo_file import read_zoo_file

README = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")


def block(language, beginning):
    (found,) = [
        text
        for text in re.findall(rf"```{language}.*?\n(.*?)```", README, re.S)
        if text.startswith(beginning)
    ]
    return found


def test_worked_zoo_file_is_one_that_opens(tmp_path):
    (tmp_path / "zoo.toml").write_text(block("toml", "name ="), "utf-8")

    zoo = read_zoo_file(tmp_path)

    assert [task.name for task in zoo.tasks] == ["EuroSAT", "DTD"]
    sources = [source for entry in zoo.evaluated for source in entry.eval_sets.values()]
    torchvision = [
        source.removeprefix("torchvision:") for source in sources if source.startswith("torchvision:")
    ]
    assert torchvision
    assert set(torchvision) <= _SPLITS.keys()


def test_worked_merging_method_registers_and_merges(monkeypatch):
    registry.merge_methods()
    monkeypatch.setattr(registry, "_METHODS", dict(registry._METHODS))

    exec(compile(block("python", '"""Magnitude'), "README.md", "exec"), {"__name__": "magnitude"})
    method = registry.merge_method_named("magnitude")
    deltas = torch.tensor([[3.0, 0.1, 0.1, 0.1], [0.2, -5.0, 0.1, 0.1]])
    merged = method(deltas, torch.tensor([1.0, 2.0]), method.parse_params({"density": 0.0}))

    assert merged.tolist() == pytest.approx([3.0, -10.0, 0.0, 0.0])


@pytest.mark.parametrize("command", re.findall(r"^make (\w+)", README, re.M))
def test_commands_named_exist(command):
    makefile = (Path(__file__).resolve().parent.parent / "Makefile").read_text("utf-8")

    assert re.search(rf"^{command}:", makefile, re.M)
