import re
from pathlib import Path

import pytest

from app.zoo.building.proposal import proposal
from app.zoo.images.torchvision_sets import _SPLITS
from app.zoo.zoo_file import read_zoo_file
from tests.zoo_layouts import adapters, hugging_face, papers

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


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


@pytest.mark.parametrize(
    "path", sorted({*ROOT.glob("docs/*.md"), ROOT / "README.md"}), ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(path):
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^):#]+)\)", text)

    assert links
    assert all((path.parent / link).exists() for link in links)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"(?:^|`)make (\w+)", README, re.M))))
def test_commands_named_exist(command):
    makefile = (ROOT / "Makefile").read_text("utf-8")

    assert re.search(rf"^{command}:", makefile, re.M)


@pytest.mark.parametrize(
    ("build", "row", "encoder"),
    [
        (papers, "a folder of the TALL-masks, LiNeS or task_vectors code", "ViT-B-32-quickgelu"),
        (hugging_face, "CLIP models of Hugging Face", "clip/config.json"),
        (adapters, "LoRA adapters beside their base", "clip/config.json"),
    ],
)
def test_folders_that_are_named_become_zoos(tmp_path, build, row, encoder):
    assert f"\n| {row} |" in README

    found = proposal(build(tmp_path))

    assert found.parts.encoder == encoder
    assert len(found.parts.tasks) == 2
    assert found.refused == {}
